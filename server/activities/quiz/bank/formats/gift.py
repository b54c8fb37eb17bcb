"""Questions in Moodle's GIFT text format, read and written.

Our number, difficulty, statute and article travel as an id and tags in the comment line above a question, which Moodle
keeps; the topic as category; the explanation as general feedback. A title is whatever somebody called the question: it
is no number of ours. Reading goes over the text once: no pattern in it can cost more than its length.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.activities.quiz.bank.formats.markup import has_picture, plain_text
from server.activities.quiz.bank.formats.sheets import CODE, ReadQuestion, check_question
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import LETTERS, QuestionIn
from server.activities.quiz.bank.texts import TOPICS
from server.core.errors import Invalid, TooLarge
from server.core.text import drop_invisible

MAX_BYTES = 5 * 1024 * 1024
MAX_QUESTIONS = 5000
MAX_QUESTION = 20_000  # characters
SPECIAL = "~=#{}:"
TAG = re.compile(r"\[(?:tag:([^:\[\]]{1,40}):|(id):)([^\[\]]{0,200})\]")
FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{1,10})?)%")
CHOICES = re.compile("(?=[=~])")
# Stand-ins for escaped characters while the text is taken apart: no characters at all, so no text has them.
HIDDEN = {letter: chr(0xFDD0 + place) for place, letter in enumerate(f"{SPECIAL}\\")}
SHOWN = str.maketrans({hidden: letter for letter, hidden in HIDDEN.items()})
ESCAPE = re.compile(r"\\([~=#{}:\\n])")
TRUE_FALSE = {"T": "A", "TRUE": "A", "F": "B", "FALSE": "B"}


@dataclass(frozen=True, slots=True)
class _Block:
    """A question as it stands in the file: its topic, the tags above it, its text."""

    topic: str
    tags: dict[str, str]
    text: str


def read_gift(data: bytes, default_topic: str) -> list[ReadQuestion]:
    """The questions of a GIFT file. Raises Invalid or TooLarge if it is no such file."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"文件太大了，最多 {MAX_BYTES // 1024 // 1024} MB。请分成几个文件导入。")
    try:
        text = drop_invisible(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid("这个文件打不开，请另存为 UTF-8 编码的文本。", code="not_gift") from error
    questions = []
    for number, block in enumerate(_blocks(text, default_topic), 1):
        if number > MAX_QUESTIONS:
            raise Invalid(f"一次最多导入 {MAX_QUESTIONS} 道，请分成几个文件。", code="too_many_rows")
        questions.append(_read(number, block))
    if not questions:
        raise Invalid("文件里没有题目。", code="empty_sheet")
    return questions


def _blocks(text: str, default_topic: str) -> Iterator[_Block]:
    """The questions; blank lines divide them."""
    topic = default_topic
    tags: dict[str, str] = {}
    lines: list[str] = []
    for line in (*text.split("\n"), ""):
        bare = line.strip()
        if bare.startswith("$CATEGORY:"):
            named = bare.removeprefix("$CATEGORY:").rstrip("/").rpartition("/")[2].strip()
            topic = named if named in TOPICS else default_topic
        elif bare.startswith("//"):
            tags |= {name or code: value for name, code, value in TAG.findall(bare)}
        elif bare:
            lines.append(line)
        elif lines:
            yield _Block(topic, tags, "\n".join(lines).strip())
            tags, lines = {}, []


def _read(number: int, block: _Block) -> ReadQuestion:
    text, tags = ESCAPE.sub(_hide, block.text), block.tags
    code = tags.get("id", "").strip()
    code = code if CODE.fullmatch(code) else ""
    if len(text) > MAX_QUESTION:
        return ReadQuestion(number, code or None, text[:200], None, ("这道题太长了",))
    title, rest = _split_title(text)
    stem, opened, inside = rest.partition("{")
    answers, closed, after = inside.partition("}")
    if not (opened and closed) or after.strip():
        return ReadQuestion(
            number, code or None, (stem or title)[:200], None, ("写法不对：题目后面要有 { } 括起来的答案",)
        )
    answers, _, feedback = answers.partition("####")
    is_html = (found := FORMAT.match(stem.strip())) is not None and found[1].lower() in ("html", "moodle")
    plain: dict[str, object] = {
        "topic": block.topic,
        "difficulty": int(tags["difficulty"]) if tags.get("difficulty") in ("1", "2", "3") else 2,
        "statute": tags.get("statute", ""),
        "article": tags.get("article", ""),
        "stem": _plain(stem, is_html=is_html),
        "explanation": _plain(feedback, is_html=is_html),
    }
    try:
        if has_picture(text):
            raise ValueError("题目里有图片，请改成文字")
        plain |= _read_answers(answers.strip(), is_html=is_html)
    except ValueError as error:
        return ReadQuestion(number, code or None, str(plain["stem"])[:500], None, (str(error),))
    return check_question(number, code or None, plain, [])


def _hide(found: re.Match[str]) -> str:
    return "\n" if found[1] == "n" else HIDDEN[found[1]]


def _split_title(text: str) -> tuple[str, str]:
    """What stands between `::` and `::`, and the rest."""
    if not text.startswith("::"):
        return "", text
    title, closed, rest = text[2:].partition("::")
    return (title, rest) if closed else ("", text)


def _read_answers(answers: str, *, is_html: bool) -> dict[str, object]:
    """Kind, options and answer. Raises ValueError, in Chinese, for kinds that the quiz does not have."""
    word = answers.partition("#")[0].strip().upper()
    if word in TRUE_FALSE:
        return {"kind": QuestionKind.TRUE_FALSE, "answer": TRUE_FALSE[word]}
    choices = [part for part in CHOICES.split(answers, maxsplit=len(LETTERS) + 2) if part[:1] in ("=", "~")]
    if not any(part[0] == "~" for part in choices) or len(choices) > len(LETTERS):
        raise ValueError("只认选择题和判断题，选项最多 8 个")
    options, right = [], []
    for part in choices:
        weight = WEIGHT.match(part[1:].lstrip())
        words = part[1:].lstrip()[weight.end() if weight else 0 :].partition("#")[0]
        options.append(_plain(words, is_html=is_html))
        right.append(part[0] == "=" or (weight is not None and float(weight[1]) > 0))
    return {
        "kind": QuestionKind.MULTIPLE if sum(right) > 1 else QuestionKind.SINGLE,
        "options": options,
        "answer": "".join(letter for letter, is_right in zip(LETTERS, right, strict=False) if is_right),
    }


def _plain(text: str, *, is_html: bool) -> str:
    """Words as people read them: escapes undone, and tags where the question says that it has some."""
    own = FORMAT.match(text.strip())
    marked = own is not None and own[1].lower() in ("html", "moodle")
    words = text.strip()[own.end() :] if own else text
    shown = words.translate(SHOWN)
    return plain_text(shown) if marked or (is_html and own is None) else shown.strip()


def write_gift(questions: Iterable[tuple[str, QuestionIn]]) -> bytes:
    """A GIFT file; read_gift reads the same back. Takes codes and words."""
    out, topic = [], ""
    for code, words in questions:
        if words.topic != topic:
            topic = words.topic
            out.append(f"$CATEGORY: {topic}\n")
        tags = {"difficulty": str(words.difficulty), "statute": words.statute, "article": words.article}
        listed = [f"[tag:{name}:{value}]" for name, value in tags.items() if value]
        out.append("// " + " ".join([f"[id:{code}]", *listed]))
        out.append(f"::{_escaped(code)}::{_escaped(words.stem)} {{{_answers(words)}}}\n")
    return "\n".join(out).encode()


def _answers(words: QuestionIn) -> str:
    feedback = f"####{_escaped(words.explanation)}" if words.explanation else ""
    if words.kind is QuestionKind.TRUE_FALSE:
        return ("T" if words.answer == "A" else "F") + feedback
    lines = []
    for letter, option in zip(LETTERS, words.options, strict=False):
        is_right = letter in words.answer
        if words.kind is QuestionKind.SINGLE:
            mark = "=" if is_right else "~"
        else:
            mark = f"~%{100 / len(words.answer):.5g}%" if is_right else "~%-100%"
        lines.append(f"\n{mark}{_escaped(option)}")
    return "".join(lines) + "\n" + feedback


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in HIDDEN else letter for letter in text).replace("\n", "\\n")
