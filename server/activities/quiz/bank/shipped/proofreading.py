"""What a program can find wrong with questions: against the statutes' texts, against each other, taken together."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import LETTERS, QuestionIn
from server.activities.quiz.bank.shipped.questions import Shipped
from server.activities.quiz.bank.shipped.statutes import Statute, squeeze

QUOTED = re.compile("“([^“”]+)”")
SHORTEST_QUOTATION = 4  # characters: shorter ones are words, not quotations
ALIKE = 0.7  # share of trigrams that two stems have in common
MOST_HOLDERS = 50  # of one trigram that are looked at …
MOST_CANDIDATES = 30  # … and stems that one is compared with
CATCH_ALLS = re.compile(r"以上(都|均|全|皆)|全(都|部)?(对|正确|错)$|^[A-H][、和及与]")
ENOUGH_TO_COUNT = 20  # answers, before their spread says anything
LOPSIDED = 1.6  # times the even share
LONGEST_IS_RIGHT = 0.5  # of single choices: more lets one guess by length


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: with which questions, and what, in Chinese."""

    codes: tuple[str, ...]
    text: str


def proofread(questions: Sequence[Shipped], statutes: Mapping[str, Statute]) -> list[Finding]:
    """Everything found, question by question, then pairs, then the whole."""
    return [
        *(finding for question in questions for finding in _against_statute(question, statutes)),
        *(finding for question in questions for finding in _in_itself(question)),
        *_repeated_codes(questions),
        *find_alike({question.code: question.words.stem for question in questions}),
        *find_lopsided([question.words for question in questions]),
    ]


def _against_statute(question: Shipped, statutes: Mapping[str, Statute]) -> Iterator[Finding]:
    statute = statutes.get(question.words.statute)
    if statute is None:
        yield Finding((question.code,), f"不认识或已被取代的法规：{question.words.statute}")
        return
    if statute.version != question.version:
        yield Finding((question.code,), f"依据的是 {question.version} 的文本，手头的是 {statute.version}")
    article = statute.articles.get(question.words.article)
    if article is None:
        yield Finding((question.code,), f"{question.words.statute}没有{question.words.article}")
        return
    quotations = list_quotations(question.words.explanation)
    if not quotations:
        yield Finding((question.code,), "解析没有引用条文的原话")
    for quotation in quotations:
        if squeeze(quotation) not in article:
            yield Finding((question.code,), f"{question.words.article}里没有这句话：“{quotation}”")


def list_quotations(explanation: str) -> list[str]:
    """What stands in “…”, words of fewer than four characters left out."""
    return [quoted for quoted in QUOTED.findall(explanation) if len(squeeze(quoted)) >= SHORTEST_QUOTATION]


def _in_itself(question: Shipped) -> Iterator[Finding]:
    for option in question.words.options:
        if CATCH_ALLS.search(option):
            yield Finding((question.code,), f"选项不能这样写：{option}")


def _repeated_codes(questions: Iterable[Shipped]) -> Iterator[Finding]:
    for code, count in Counter(question.code for question in questions).items():
        if count > 1:
            yield Finding((code,), f"编号用了 {count} 次")


def find_alike(stems: Mapping[str, str]) -> Iterator[Finding]:
    """Pairs of stems that are the same or nearly so, by shared trigrams. Takes stems by code."""
    known = SameStems(())
    for code, stem in stems.items():
        for other in known.find(stem):
            yield Finding((other, code), "题干相同或几乎相同")
        known.add(stem, code)


class SameStems:
    """Stems to compare a new one with. Takes stems with the name to show.

    Who is alike has most trigrams in common, so at least one of the rarest few: only their holders are looked at, and
    of those not more than some. So thousands of stems that begin alike take seconds, not minutes.
    """

    def __init__(self, stems: Iterable[tuple[str, str]]) -> None:
        self._names: list[str] = []
        self._grams: list[frozenset[str]] = []
        self._holders: dict[str, list[int]] = {}
        for stem, name in stems:
            self.add(stem, name)

    def add(self, stem: str, name: str) -> None:
        """One more to compare with."""
        grams = _trigrams(stem)
        for gram in grams:
            self._holders.setdefault(gram, []).append(len(self._names))
        self._names.append(name)
        self._grams.append(grams)

    def find(self, stem: str) -> list[str]:
        """Names of those that are the same or nearly so; of very many, some."""
        grams = _trigrams(stem)
        return [self._names[index] for index in self._candidates(grams) if _are_alike(grams, self._grams[index])]

    def _candidates(self, grams: frozenset[str]) -> list[int]:
        holders = sorted((self._holders.get(gram, []) for gram in grams), key=len)
        rarest = holders[: int((1 - ALIKE) * len(grams)) + 1]  # whoever has none of these has too few of them all
        shared = Counter(index for held in rarest for index in held[:MOST_HOLDERS])
        return sorted(index for index, _ in shared.most_common(MOST_CANDIDATES))


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common >= ALIKE * (len(one) + len(other) - common)


def _trigrams(text: str) -> frozenset[str]:
    plain = f"^{squeeze(text)}$"
    return frozenset(plain[start : start + 3] for start in range(len(plain) - 2))


def find_lopsided(questions: Sequence[QuestionIn]) -> Iterator[Finding]:
    """Answers that can be guessed: a letter that is right too often, or the longest option."""
    yield from _lopsided_letters("单选题", [one for one in questions if one.kind is QuestionKind.SINGLE], LETTERS[:4])
    yield from _lopsided_letters("判断题", [one for one in questions if one.kind is QuestionKind.TRUE_FALSE], "AB")
    singles = [one for one in questions if one.kind is QuestionKind.SINGLE]
    longest = sum(_longest_is_right(one) for one in singles)
    if len(singles) >= ENOUGH_TO_COUNT and longest > LONGEST_IS_RIGHT * len(singles):
        yield Finding((), f"单选题里正确答案最长的占 {longest / len(singles):.0%}，容易被猜中")
    several = [one for one in questions if one.kind is QuestionKind.MULTIPLE]
    everything = sum(len(one.answer) == len(one.options) for one in several)
    if len(several) >= ENOUGH_TO_COUNT and everything > 0.4 * len(several):
        yield Finding((), f"多选题里全选的占 {everything / len(several):.0%}，容易被猜中")


def _lopsided_letters(name: str, questions: Sequence[QuestionIn], letters: str) -> Iterator[Finding]:
    if len(questions) < ENOUGH_TO_COUNT:
        return
    counts = Counter(question.answer for question in questions)
    for letter in letters:
        share = counts[letter] / len(questions)
        if not 1 / LOPSIDED <= share * len(letters) <= LOPSIDED:
            yield Finding((), f"{name}答案是 {letter} 的占 {share:.0%}，分布不均")


def _longest_is_right(question: QuestionIn) -> bool:
    lengths = [len(option) for option in question.options]
    right = lengths[LETTERS.index(question.answer)]
    return lengths.count(right) == 1 and right == max(lengths)
