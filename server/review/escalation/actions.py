"""Writes of escalation: noticing what is late, letting it climb, ending what was answered.

Each works on a bounded number of rows in the caller's transaction, locks them, and passes over those that another
worker holds. Nothing is written twice: one running row per item, one row per item and step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Insert, Table, exists, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.events import publish
from server.review.escalation.events import OverdueClimbed
from server.review.escalation.models import Escalation, Overdue, OverdueKind
from server.review.escalation.rules import Branch, next_union, step_at, unions_above
from server.review.rectification.models import Rectification
from server.review.rectification.workflow import DUE
from server.review.submissions.models import Status, Submission
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS

BATCH = 100
Key = tuple[datetime, UUID]

_TABLE = cast(Table, Overdue.__table__)
_INSERTS: dict[str, Insert] = {
    name: dialect.insert(_TABLE).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_SHARED = ("campaign_id", "category", "grade", "excerpt", "place", *ANCESTOR_COLUMNS)


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows were looked at and where the next page begins."""

    count: int
    key: Key | None


def list_cities(session: Session) -> list[UUID]:
    """The roots of the tree: the sweep walks one index per city."""
    return list(session.scalars(select(Union.id).where(Union.level == Level.CITY)))


def note_overdue(
    session: Session, kind: OverdueKind, state: Status | str, city_id: UUID, key: Key | None, now: datetime
) -> Found:
    """Open a row for up to BATCH items of the city in that state that are late and have none."""
    table: Any = Submission if kind is OverdueKind.SUBMISSION else Rectification
    known = exists().where(Overdue.item_id == table.id, Overdue.ended_at.is_(None))
    late = select(table).where(table.status == state, table.city_id == city_id, table.due_at < now, ~known)
    if key is not None:
        late = late.where(tuple_(table.due_at, table.id) > tuple_(*key))
    rows = session.scalars(late.order_by(table.due_at, table.id).limit(BATCH).with_for_update(skip_locked=True)).all()
    for row in rows:
        _open(session, kind, row, now)
    return Found(len(rows), (rows[-1].due_at, rows[-1].id) if rows else None)


def _open(session: Session, kind: OverdueKind, row: Any, now: datetime) -> None:
    is_submission = kind is OverdueKind.SUBMISSION
    overdue_id = ids.new_id()
    values = {
        "id": overdue_id,
        "kind": kind,
        "item_id": row.id,
        "submission_id": row.id if is_submission else row.submission_id,
        "responsible_id": row.routed_union_id if is_submission else row.addressee_id,
        "due_at": row.due_at,
        "step": 0,
        "next_step_at": row.due_at,
        "opened_at": now,
        **{name: getattr(row, name) for name in _SHARED},
    }
    done = cast(CursorResult[Any], session.execute(_INSERTS[session.get_bind().dialect.name], values))
    if done.rowcount:
        record(
            session, f"{kind}.became_overdue", subject_type=kind, subject_id=row.id, actor_id=None, at=now,
            detail={"overdue": str(overdue_id)},
        )  # fmt: skip


def climb(session: Session, working_days: int, now: datetime) -> int:
    """Let up to BATCH rows whose time has come take one step. Returns how many were looked at."""
    rows = session.scalars(
        select(Overdue)
        .where(Overdue.ended_at.is_(None), Overdue.next_step_at <= now)
        .order_by(Overdue.next_step_at, Overdue.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    unions = {each.id: each for each in session.scalars(select(Union).where(_among(rows)))}
    for row in rows:
        _climb_one(session, row, unions[row.responsible_id], working_days, now)
    session.flush()
    return len(rows)


def _among(rows: Sequence[Overdue]) -> Any:
    return Union.id.in_({row.responsible_id for row in rows})


def branch_of(union: Union) -> Branch:
    """The union and those above it."""
    return Branch(union.level, tuple(getattr(union, column) for column in ANCESTOR_COLUMNS))


def _climb_one(session: Session, row: Overdue, responsible: Union, working_days: int, now: datetime) -> None:
    branch = branch_of(responsible)
    above = unions_above(branch)
    target = next_union(above, row.climbed_to_id, branch.ids)
    if target is None:
        row.next_step_at = None
        return
    row.step += 1
    row.climbed_to_id = target
    is_last = next_union(above, target, branch.ids) is None
    row.next_step_at = None if is_last else step_at(row.due_at, row.step + 1, working_days)
    session.add(Escalation(id=ids.new_id(), overdue_id=row.id, step=row.step, union_id=target, at=now))
    session.flush()
    record(
        session, f"{row.kind}.escalate", subject_type=row.kind, subject_id=row.item_id, actor_id=None, at=now,
        detail={"union": str(target), "step": row.step},
    )  # fmt: skip
    publish(session, OverdueClimbed(at=now, union_id=target))


def end_overdue(session: Session, item_id: UUID, now: datetime) -> None:
    """It was answered, put off or stands still: it no longer counts."""
    session.execute(
        update(Overdue)
        .where(Overdue.item_id == item_id, Overdue.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def follow_items(session: Session, after: UUID | None, now: datetime) -> UUID | None:
    """Bring up to BATCH running rows after `after` in line with their items. Returns where to go on, None at the end.

    Events end rows at once; this catches what no event tells: a union that moved, an item passed to another union.
    """
    wanted = select(Overdue).where(Overdue.ended_at.is_(None)).order_by(Overdue.id).limit(BATCH)
    rows = session.scalars(
        (wanted if after is None else wanted.where(Overdue.id > after)).with_for_update(skip_locked=True)
    ).all()
    submissions = _items(session, Submission, rows, OverdueKind.SUBMISSION)
    rectifications = _items(session, Rectification, rows, OverdueKind.RECTIFICATION)
    for row in rows:
        item = submissions.get(row.item_id) or rectifications.get(row.item_id)
        if item is None or not _is_late(row.kind, item, now):
            row.ended_at = now
            continue
        is_submission = row.kind is OverdueKind.SUBMISSION
        row.responsible_id = item.routed_union_id if is_submission else item.addressee_id
        for name in _SHARED:
            setattr(row, name, getattr(item, name))
    session.flush()
    return rows[-1].id if len(rows) == BATCH else None


def _items(session: Session, table: Any, rows: Sequence[Overdue], kind: OverdueKind) -> dict[UUID, Any]:
    wanted = [row.item_id for row in rows if row.kind is kind]
    return {each.id: each for each in session.scalars(select(table).where(table.id.in_(wanted)))} if wanted else {}


def _is_late(kind: OverdueKind, item: Any, now: datetime) -> bool:
    running = item.status is Status.QUEUED if kind is OverdueKind.SUBMISSION else item.status in DUE
    return bool(running and item.due_at < now)
