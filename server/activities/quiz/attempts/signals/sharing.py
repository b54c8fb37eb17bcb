"""Devices on which many people played: noticed by a job while a quiz runs, and once more before anything is given."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, AttemptSignal, SignalKind
from server.core import ids
from server.core.db import Database, upsert

SHARING = 5  # people on one device in a day

_TABLE = cast(Table, AttemptSignal.__table__)
_INSERT = upsert(_TABLE).on_conflict_do_nothing(index_elements=["attempt_id", "kind"])


def note_shared_of_days(database: Database, since: date, now: datetime) -> None:
    """Flag passed attempts of every quiz from that day on. Twice, or by two at once, does no harm. Looked for beside
    everybody else: on SQLite nobody could write meanwhile."""
    with database.reading() as session:
        found = _list_shared(session, Attempt.day >= since)
    if found:
        with database.transaction() as session:
            _note(session, found, now)


def note_shared_of_quiz(session: Session, quiz_id: UUID, now: datetime) -> None:
    """The same for all days of one quiz."""
    _note(session, _list_shared(session, Attempt.quiz_id == quiz_id), now)


def _note(session: Session, found: Sequence[tuple[UUID, int]], now: datetime) -> None:
    rows = [
        {
            "id": ids.new_id(),
            "attempt_id": attempt_id,
            "kind": SignalKind.SHARED_DEVICE,
            "detail": f"同一天同一台设备上有 {people} 个人闯关",
            "noticed_at": now,
            "reason": "",
        }
        for attempt_id, people in found
    ]
    if rows:
        session.execute(_INSERT, rows)


def _list_shared(session: Session, wanted: ColumnElement[bool]) -> list[tuple[UUID, int]]:
    """(attempt, people on its device that day) of passed attempts without the flag."""
    people = func.count(Attempt.person_id.distinct())
    crowded = (
        select(Attempt.quiz_id, Attempt.day, Attempt.device, people.label("people"))
        .where(wanted, Attempt.device != "")
        .group_by(Attempt.quiz_id, Attempt.day, Attempt.device)
        .having(people >= SHARING)
        .subquery()
    )
    same = (
        (crowded.c.quiz_id == Attempt.quiz_id) & (crowded.c.day == Attempt.day) & (crowded.c.device == Attempt.device)
    )
    statement = (
        select(Attempt.id, crowded.c.people)
        .join(crowded, same)
        .outerjoin(
            AttemptSignal,
            (AttemptSignal.attempt_id == Attempt.id) & (AttemptSignal.kind == SignalKind.SHARED_DEVICE),
        )
        .where(wanted, Attempt.has_passed.is_(True), AttemptSignal.id.is_(None))
    )
    return [(attempt_id, count) for attempt_id, count in session.execute(statement)]
