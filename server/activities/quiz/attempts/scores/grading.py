"""Grading and the shape of papers. Pure."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.queries import Drawable, Sheet


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a paper: the version, and the original place of each option shown."""

    version_id: UUID
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one question. Places are those shown."""

    asked: Asked
    chosen: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def is_right(self) -> bool:
        return self.chosen == self.right


def shuffle_options(question: Drawable, rng: random.Random) -> Asked:
    """Options in another order for everybody; 对 and 错 stay where they are."""
    places = list(range(question.options))
    if question.kind is not QuestionKind.TRUE_FALSE:
        rng.shuffle(places)
    return Asked(question.version_id, tuple(places))


def pack(paper: Iterable[Asked]) -> list[Any]:
    """A paper as it is stored."""
    return [[asked.version_id.hex, list(asked.order)] for asked in paper]


def unpack(stored: Sequence[Any]) -> list[Asked]:
    """The paper that was stored."""
    return [Asked(_id(version_id), tuple(order)) for version_id, order in stored]


def versions_of(papers: Iterable[Sequence[Any]]) -> set[UUID]:
    """The versions on papers that were stored, whatever their order."""
    return {_id(version_id) for version_id in {version_id for paper in papers for version_id, _ in paper}}


_id = lru_cache(maxsize=10_000)(UUID)  # the same few hundred versions are on every paper


def mask_of(chosen: Iterable[int]) -> int:
    """Places as a bit mask."""
    return sum(1 << place for place in set(chosen))


def places_of(mask: int) -> tuple[int, ...]:
    """A bit mask as places, in order."""
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)


def chosen_at(answers: Mapping[str, Any], position: int) -> tuple[int, ...]:
    """What was ticked at a position, nothing if it was not answered."""
    saved = answers.get(str(position))
    return places_of(saved[0]) if saved else ()


def grade(paper: Sequence[Asked], answers: Mapping[str, Any], sheets: Mapping[UUID, Sheet]) -> list[Mark]:
    """Each question right or wrong; half an answer is wrong."""
    return [
        Mark(
            asked,
            chosen_at(answers, position),
            tuple(shown for shown, place in enumerate(asked.order) if place in sheets[asked.version_id].answer),
        )
        for position, asked in enumerate(paper)
    ]


def outcomes(
    stored: Sequence[Any], answers: Mapping[str, Any], sheets: Mapping[UUID, Sheet]
) -> Iterator[tuple[UUID, bool]]:
    """Of a paper that was stored: each question's version, and whether it is right. What `grade` says, for millions."""
    for position, (version, order) in enumerate(stored):
        version_id, saved = _id(version), answers.get(str(position))
        yield version_id, (saved[0] if saved else 0) == _right_mask(tuple(order), sheets[version_id].answer)


@lru_cache(maxsize=10_000)
def _right_mask(order: tuple[int, ...], answer: Sequence[int]) -> int:
    return mask_of(shown for shown, place in enumerate(order) if place in answer)


def score_of(right: int, total: int) -> int:
    """Points of 100, rounded down, so that only a faultless paper has 100."""
    return 100 * right // total if total else 0


def weak_topics(marks: Sequence[Mark], sheets: Mapping[UUID, Sheet]) -> list[tuple[str, int]]:
    """Topics with wrong answers, the worst first."""
    wrong = Counter(sheets[mark.asked.version_id].topic for mark in marks if not mark.is_right)
    return wrong.most_common()
