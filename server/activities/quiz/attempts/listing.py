"""The list of attempts that look like a program's, for a person to judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Select, Table, func, or_, select

from server.activities.quiz.attempts.models import Attempt, AttemptSignal, SignalKind
from server.activities.quiz.attempts.permissions import PERMISSIONS
from server.activities.quiz.attempts.signals.judging import KIND_TEXTS
from server.activities.quiz.levels.models import Quiz
from server.core.web.schemas import Line
from server.kit.filters import (
    CampaignFilter,
    Control,
    DatedFilter,
    day_controls,
    equal,
    search_control,
    select_control,
    within_days,
)
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.todos import todo_of_list
from server.unions.people.models import Person
from server.unions.tree.models import Union
from server.unions.tree.queries import folded_words

TABLE = cast(Table, AttemptSignal.__table__)
_ATTEMPTS = (
    select(Attempt, Quiz.name, Person.name.label("person"), Union.name.label("enterprise"))
    .join(Quiz, Quiz.id == Attempt.quiz_id)
    .join(Person, Person.id == Attempt.person_id)
    .outerjoin(Union, Union.id == Person.enterprise_id)
)

_CAMPAIGN = (
    select(Quiz.campaign_id)
    .join(Attempt, Attempt.quiz_id == Quiz.id)
    .where(Attempt.id == TABLE.c.attempt_id)
    .scalar_subquery()
)


class Judged(StrEnum):
    """Whether somebody has judged it."""

    NOT_YET = "not_yet"
    DONE = "done"


class SignalFilter(CampaignFilter, DatedFilter):
    """Which signals to show, and of which days. `q`: words of the quiz, of the person's name or their enterprise's."""

    UNKEPT: ClassVar[frozenset[str]] = frozenset({"q"})

    judged: Judged = Judged.NOT_YET
    kind: SignalKind | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal and the attempt that it is about."""

    signal: Any
    attempt: Attempt
    quiz_name: str
    person_name: str
    enterprise_name: str | None


def _narrow(asked: Request[SignalFilter]) -> list[ColumnElement[bool]]:
    conditions = equal(TABLE, asked.filters, "kind") + within_days(TABLE.c.noticed_at, asked.filters)
    return conditions + [TABLE.c.attempt_id.in_(_told_by(word)) for word in folded_words(asked.filters.q)]


def _told_by(word: str) -> Select[UUID]:
    names = (func.lower(Quiz.name), Person.name_key, Union.name_key)
    holds = or_(*(name.contains(word, autoescape=True) for name in names))
    return (
        select(Attempt.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Person, Person.id == Attempt.person_id)
        .outerjoin(Union, Union.id == Person.enterprise_id)
        .where(holds, Attempt.id.in_(select(TABLE.c.attempt_id)))
    )


def _controls(asked: Request[SignalFilter]) -> list[Control]:
    filters = asked.filters
    return [
        select_control(filters, "kind", "为什么", KIND_TEXTS),
        *day_controls(filters, "发现"),
        search_control(filters, "q", "搜索竞赛、姓名、单位"),
    ]


def _describe(asked: Request[SignalFilter], rows: Sequence[Any]) -> list[SignalRow]:
    wanted = [row.attempt_id for row in rows]
    found = {each[0].id: each for each in asked.session.execute(_ATTEMPTS.where(Attempt.id.in_(wanted)))}
    return [
        SignalRow(row, attempt, quiz, person or "未填姓名", enterprise)
        for row in rows
        for attempt, quiz, person, enterprise in (found[row.attempt_id],)
    ]


SIGNALS: Listing[SignalFilter, SignalRow] = Listing(
    name="quiz_signals",
    title="异常答题",
    path="/console/quiz-signals",
    filters=SignalFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=None,
    narrow=_narrow,
    campaign=_CAMPAIGN,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab(Judged.NOT_YET, "等判断", ((TABLE.c.verdict.is_(None),),)),
        Tab(Judged.DONE, "判断过的", ((TABLE.c.verdict.is_not(None),),), is_counted=False),
    ),
    tab_name="judged",
    lacks={"union": "only the city judges, and sees all"},
)

UNJUDGED = todo_of_list("quiz_signals", "{} 次异常答题要判断", SIGNALS, SignalFilter(), PERMISSIONS["quiz.judge"])
