"""Figures of what no job counts beforehand: the quiz, letters, awards. Each is counted when it is asked for, by one
statement; another slice of oversight has its figures in forms by one more `Source`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.activities.quiz.attempts.models import Attempt, AttemptStatus
from server.activities.quiz.levels.models import Quiz
from server.assignments.forms.ports import Wanted
from server.kit.filters import start_of
from server.oversight.awards.models import AwardBatch, AwardEntry, AwardScheme, EntryStatus
from server.oversight.letters.models import Letter, LetterStatus
from server.oversight.letters.texts import KIND_NAMES
from server.reports.figures.cuts.periods import Span
from server.reports.figures.schemas import Counts
from server.reports.figures.texts import FigureText
from server.unions.people.models import Person
from server.unions.tree.models import Union
from server.unions.tree.rules import OWN_COLUMN


def _no_list(_name: str, _span: Span) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """Figures that are counted together. `prefix` of their keys; `group` goes before their names; `href`: the list of
    what one of them counts."""

    prefix: str
    group: str
    figures: Sequence[FigureText]
    count: Callable[[Session, Wanted], Counts]
    href: Callable[[str, Span], str | None] = _no_list


def _below(session: Session, wanted: Wanted) -> Select[UUID]:
    union = session.get_one(Union, wanted.union_id)
    return select(Union.id).where(getattr(Union, OWN_COLUMN[union.level]) == union.id)


def _of_days(at: InstrumentedAttribute[datetime | None], wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(at >= start_of(wanted.since))
    if wanted.until is not None:
        conditions.append(at < start_of(wanted.until + timedelta(days=1)))
    return conditions


# --- the quiz ---------------------------------------------------------------------------------------------------------


def _count_quiz(session: Session, wanted: Wanted) -> Counts:
    """Of those who belong to an enterprise of the subtree now."""
    statement = (
        select(func.count(), func.count(Attempt.person_id.distinct()))
        .join(Person, Person.id == Attempt.person_id)
        .where(
            Attempt.status == AttemptStatus.GRADED,
            Attempt.voided_at.is_(None),
            Person.enterprise_id.in_(_below(session, wanted)),
        )
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


# --- letters ----------------------------------------------------------------------------------------------------------

_OUT = (LetterStatus.ISSUED, LetterStatus.REPLIED)
_LETTERS = (
    FigureText("issued", "一函两书发出", "本期发出的提示函、意见书、建议书，下级发的也算，不分活动；撤回的不算。"),
    *(FigureText(kind.value, f"{name}发出", f"其中的{name}。", depth=1) for kind, name in KIND_NAMES.items()),
    FigureText("replied", "一函两书答复", "本期发出的里面，单位已经答复的。", depth=1),
)


def _count_letters(session: Session, wanted: Wanted) -> Counts:
    """Issued by unions of the subtree, to whomever."""
    statement = (
        select(Letter.kind, Letter.status, func.count())
        .where(Letter.issuer_id.in_(_below(session, wanted)), Letter.status.in_(_OUT))
        .where(*_of_days(Letter.issued_at, wanted))
        .group_by(Letter.kind, Letter.status)
    )
    counts = {each.name: 0 for each in _LETTERS}
    for kind, status, count in session.execute(statement):
        for name in ("issued", kind.value, *(("replied",) if status is LetterStatus.REPLIED else ())):
            counts[name] += count
    return Counts(counts)


def _list_letters(name: str, span: Span) -> str:
    """Those of these days that the reader may see."""
    narrowed = {"replied": {"status": "replied"}, "issued": {}}.get(name, {"kind": name})
    days = {"since": span.since, "until": span.until}
    return f"/console/letters?{urlencode(narrowed | {key: str(day) for key, day in days.items() if day is not None})}"


# --- awards -----------------------------------------------------------------------------------------------------------

_AWARDS = (
    FigureText("places", "评奖奖励", "本期定下来的获奖名额，个人和单位，下级评的也算；几个人同报一条的算几个。"),
    FigureText("yuan", "评奖奖金（元）", "这些名额的奖金，不满一元的零头不算。", depth=1),
)


def _count_awards(session: Session, wanted: Wanted) -> Counts:
    """Of batches of unions of the subtree that are final."""
    statement = (
        select(func.count(), func.coalesce(func.sum(AwardEntry.amount_cents), 0))
        .join(AwardBatch, AwardBatch.id == AwardEntry.batch_id)
        .where(AwardBatch.union_id.in_(_below(session, wanted)), AwardEntry.status == EntryStatus.LISTED)
        .where(AwardBatch.final_at.is_not(None), *_of_days(AwardBatch.final_at, wanted))
    )
    if wanted.campaign_id is not None:
        schemes = select(AwardScheme.id).where(AwardScheme.campaign_id == wanted.campaign_id)
        statement = statement.where(AwardBatch.scheme_id.in_(schemes))
    places, cents = session.execute(statement).one()
    return Counts({"places": places, "yuan": int(cents) // 100})


SOURCES: Mapping[str, Source] = {
    each.prefix: each
    for each in (
        Source(
            "quiz_", "答题",
            (
                FigureText("attempts", "人次", "本期答完的次数，一个人答几次算几次；作废的不算。"),
                FigureText("people", "人数", "本期答完过的职工，一个人不论答几次都算一个；按职工现在的单位。"),
            ),
            _count_quiz,
        ),
        Source("letters_", "", _LETTERS, _count_letters, _list_letters),
        Source("awards_", "", _AWARDS, _count_awards),
    )
}  # fmt: skip


def source_of(key: str) -> Source | None:
    """Where a figure is counted, by its key; None for what jobs count beforehand."""
    return next((source for prefix, source in SOURCES.items() if key.startswith(prefix)), None)
