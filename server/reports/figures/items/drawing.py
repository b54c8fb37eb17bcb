"""Figures for forms: the same that the page shows, of one union with all below it; and what takes part in the quiz.

How often something was done (人次) and by how many people (人数) are different figures.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, AttemptStatus
from server.activities.quiz.levels.models import Quiz
from server.assignments.forms.ports import Drawn, FigureWords, Wanted
from server.core.clock import day_of, in_shanghai
from server.reports.figures.cuts.cut import Cut
from server.reports.figures.cuts.periods import Period, Span
from server.reports.figures.items.links import Links
from server.reports.figures.schemas import Counts
from server.reports.figures.texts import HAZARD_FIGURES, SUGGESTION_FIGURES, FigureText, Unit, shown
from server.reports.rollups.queries import Slot, sum_parts
from server.reports.rollups.rules import Part
from server.unions.people.models import Person
from server.unions.tree.models import Union
from server.unions.tree.rules import OWN_COLUMN

SUGGESTIONS, QUIZ = "suggestions_", "quiz_"
QUIZ_FIGURES = (
    FigureText("attempts", "人次", "本期答完的次数，一个人答几次算几次；作废的不算。"),
    FigureText("people", "人数", "本期答完过的职工，一个人不论答几次都算一个；按职工现在的单位。"),
)
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "answer_rate": ("answer_in_time", ("answer_in_time", "answer_late", "answer_overdue")),
    "rectify_rate": ("rectified_in_time", ("rectified_in_time", "rectified_late", "rectify_overdue")),
    "answer_mean": ("answer_days", ("answers",)),
    "closing_mean": ("closing_days", ("closings",)),
}
"""Of what a rate or mean follows: a measure, and the sum of those that it is divided by."""


@dataclass(frozen=True, slots=True)
class _Known:
    words: FigureWords
    figure: FigureText


def _known() -> Iterator[_Known]:
    groups = (("", "隐患", HAZARD_FIGURES), (SUGGESTIONS, "", SUGGESTION_FIGURES), (QUIZ, "答题", QUIZ_FIGURES))
    for prefix, group, figures in groups:
        for each in figures:
            name = "合理化建议采纳" if prefix == SUGGESTIONS and each.depth else f"{group}{each.text}"
            yield _Known(FigureWords(prefix + each.name, name, each.meaning), each)


KNOWN: Mapping[str, _Known] = {each.words.key: each for each in _known()}


class Book:
    """Answers `assignments.figures`."""

    def words(self) -> Sequence[FigureWords]:
        """Every figure there is."""
        return [each.words for each in KNOWN.values()]

    def draw(self, session: Session, wanted: Wanted, keys: Collection[str], now: datetime) -> Mapping[str, Drawn]:
        """These figures: one statement for all of hazards and suggestions, one for the quiz."""
        asked = [key for key in KNOWN if key in keys]
        cut = Cut(period=Period.RANGE, since=wanted.since, until=wanted.until)
        span, links = cut.span(day_of(now)), Links(wanted.union_id, wanted.campaign_id, cut)
        sums: Mapping[tuple[Part, str], Mapping[str, int]] = {}
        if any(not key.startswith(QUIZ) for key in asked):
            slot = Slot(wanted.union_id, wanted.campaign_id, 0, span.since, span.until)
            sums = sum_parts(session, slot, Part.ALL, Part.OTHER)
        quiz = _count_quiz(session, wanted) if any(key.startswith(QUIZ) for key in asked) else Counts()
        hazards, others = _counts(sums, Part.ALL), _counts(sums, Part.OTHER)
        drawn = {}
        for key in asked:
            counts = quiz if key.startswith(QUIZ) else others if key.startswith(SUGGESTIONS) else hazards
            drawn[key] = _draw(key, counts, span, links, now)
        return drawn

    def total(self, drawn: Sequence[Drawn]) -> Drawn:
        """One figure of several unions."""
        first, unit = drawn[0], Unit(drawn[0].unit)
        value: float | None
        if first.parts is None and unit is Unit.ITEMS:
            value, parts = sum(each.value or 0 for each in drawn), None
        else:
            over, under = (sum((each.parts or (0, 0))[place] for each in drawn) for place in (0, 1))
            value, parts = (over / under if under else None), (over, under)
        at = max(each.at for each in drawn)
        return Drawn(value, shown(value, unit), first.meaning, first.period, at, first.unit, parts)


def _counts(sums: Mapping[tuple[Part, str], Mapping[str, int]], part: Part) -> Counts:
    found = [measures for (of, _), measures in sums.items() if of is part]
    return Counts({name: sum(each[name] for each in found) for name in (found[0] if found else ())})


def _draw(key: str, counts: Counts, span: Span, links: Links, now: datetime) -> Drawn:
    figure, parts = KNOWN[key].figure, None
    if key in PARTS:
        over, under = PARTS[key]
        parts = (counts[over], sum(counts[name] for name in under))
    value, is_rectified = counts.value(figure.name), not key.startswith(SUGGESTIONS)
    href = None if key.startswith(QUIZ) else links.href(figure.name, span, is_rectified=is_rectified)
    at = in_shanghai(now).isoformat(timespec="minutes")
    text = shown(value, figure.unit)
    return Drawn(value, text, figure.meaning, span.name, at, figure.unit.value, parts, href)


def _count_quiz(session: Session, wanted: Wanted) -> Counts:
    """Of those who belong to an enterprise of the subtree now."""
    union = session.get_one(Union, wanted.union_id)
    below = select(Union.id).where(getattr(Union, OWN_COLUMN[union.level]) == union.id)
    statement = (
        select(func.count(), func.count(Attempt.person_id.distinct()))
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.status == AttemptStatus.GRADED, Attempt.voided_at.is_(None), Person.enterprise_id.in_(below))
    )
    if wanted.campaign_id is not None:
        statement = statement.where(
            Attempt.quiz_id.in_(select(Quiz.id).where(Quiz.campaign_id == wanted.campaign_id))
        )  # fmt: skip
    if wanted.since is not None:
        statement = statement.where(Attempt.day >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(Attempt.day <= wanted.until)
    attempts, people = session.execute(statement).one()
    return Counts({"attempts": attempts, "people": people})
