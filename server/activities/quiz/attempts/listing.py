"""The list of attempts that look like a program's, for a person to judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, select

from server.activities.quiz.attempts.models import Attempt, AttemptSignal, SignalKind
from server.activities.quiz.attempts.signals.judging import KIND_TEXTS
from server.activities.quiz.levels.models import Quiz
from server.kit.filters import CampaignFilter, Control, DatedFilter, day_controls, equal, select_control, within_days
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.unions.people.models import Person
from server.unions.tree.models import Union

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
    """Which signals to show, and of which days."""

    judged: Judged = Judged.NOT_YET
    kind: SignalKind | None = None


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal and the attempt that it is about."""

    signal: Any
    attempt: Attempt
    quiz_name: str
    person_name: str
    enterprise_name: str | None


def _narrow(asked: Request[SignalFilter]) -> list[ColumnElement[bool]]:
    return equal(TABLE, asked.filters, "kind") + within_days(TABLE.c.noticed_at, asked.filters)


def _controls(asked: Request[SignalFilter]) -> list[Control]:
    return [select_control(asked.filters, "kind", "为什么", KIND_TEXTS), *day_controls(asked.filters, "发现")]


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
)
