"""Writes of escalation: noticing what is late, letting it climb, ending what was answered.

Each works on a bounded number of rows in the caller's transaction, locks them, and passes over those that another
worker holds. Nothing is written twice: one running row per item, one row per item and step.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, exists, or_, select, tuple_, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import new_entry, record, record_each
from server.core.db import upsert
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
_INSERT = upsert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id)
_ITEMS: dict[OverdueKind, Any] = {OverdueKind.SUBMISSION: Submission, OverdueKind.RECTIFICATION: Rectification}
_RUNNING = {OverdueKind.SUBMISSION: (Status.QUEUED,), OverdueKind.RECTIFICATION: DUE}
_RESPONSIBLE = {OverdueKind.SUBMISSION: "routed_union_id", OverdueKind.RECTIFICATION: "addressee_id"}
_SHARED = ("campaign_id", "category", "grade", "excerpt", "place", *ANCESTOR_COLUMNS)


def list_cities(session: Session) -> list[UUID]:
    """The roots of the tree: the sweep walks one index per city."""
    return list(session.scalars(select(Union.id).where(Union.level == Level.CITY)))


def list_late(
    session: Session, kind: OverdueKind, state: Status | str, city_id: UUID, key: Key | None, now: datetime
) -> list[Key]:
    """Up to BATCH items of the city in that state after `key` that are late and have no row. Hardly any are new, all
    that are late are looked at."""
    table = _ITEMS[kind]
    late = select(table.due_at, table.id).where(_late_without_row(kind, state, now), table.city_id == city_id)
    if key is not None:
        late = late.where(tuple_(table.due_at, table.id) > tuple_(*key))
    return [(row.due_at, row.id) for row in session.execute(late.order_by(table.due_at, table.id).limit(BATCH))]


def note_overdue(
    session: Session, kind: OverdueKind, state: Status | str, item_ids: Sequence[UUID], now: datetime
) -> None:
    """Open a row for those of them that are still late and have none."""
    table = _ITEMS[kind]
    wanted = select(table).where(table.id.in_(item_ids), _late_without_row(kind, state, now)).order_by(table.id)
    _open(session, kind, session.scalars(wanted.with_for_update(skip_locked=True)).all(), now)


def _late_without_row(kind: OverdueKind, state: Status | str, now: datetime) -> ColumnElement[bool]:
    table = _ITEMS[kind]
    known = exists().where(Overdue.item_id == table.id, Overdue.ended_at.is_(None))
    return and_(table.status == state, table.due_at < now, ~known)


def _open(session: Session, kind: OverdueKind, rows: Sequence[Any], now: datetime) -> None:
    """What another run was faster with is neither written nor logged."""
    if not rows:
        return
    wanted = {each["id"]: each for each in (_opened(kind, row, now) for row in rows)}
    said = partial(new_entry, f"{kind}.became_overdue", subject_type=kind, actor_id=None, at=now)
    record_each(
        session,
        [
            said(subject_id=wanted[overdue_id]["item_id"], detail={"overdue": str(overdue_id)})
            for overdue_id in session.scalars(_INSERT, list(wanted.values()))
        ],
    )


def _opened(kind: OverdueKind, row: Any, now: datetime) -> dict[str, Any]:
    is_submission = kind is OverdueKind.SUBMISSION
    return {
        "id": ids.new_id(),
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


def list_out_of_line(session: Session, kind: OverdueKind, after: UUID | None, now: datetime) -> list[UUID]:
    """Up to BATCH running rows after `after` that differ from their items, or whose items are not late any more."""
    table, item = _TABLE.c, _ITEMS[kind].__table__.c
    is_late = and_(item.status.in_(_RUNNING[kind]), item.due_at < now)
    names = {name: name for name in _SHARED} | {"responsible_id": _RESPONSIBLE[kind]}
    differs = [table[mine].is_distinct_from(item[theirs]) for mine, theirs in names.items()]
    statement = (
        select(table.id)
        .outerjoin_from(_TABLE, _ITEMS[kind].__table__, item.id == table.item_id)
        .where(table.kind == kind, table.ended_at.is_(None), or_(item.id.is_(None), ~is_late, *differs))
        .order_by(table.id)
        .limit(BATCH)
    )
    return list(session.scalars(statement if after is None else statement.where(table.id > after)))


def follow_items(session: Session, overdue_ids: Sequence[UUID], now: datetime) -> None:
    """Bring running rows in line with their items.

    Events end rows at once; this catches what no event tells: a union that moved, an item passed to another union.
    """
    wanted = select(Overdue).where(Overdue.id.in_(overdue_ids), Overdue.ended_at.is_(None)).order_by(Overdue.id)
    rows = session.scalars(wanted.with_for_update(skip_locked=True)).all()
    items = {kind: _items(session, table, rows, kind) for kind, table in _ITEMS.items()}
    for row in rows:
        item = items[row.kind].get(row.item_id)
        if item is None or not _is_late(row.kind, item, now):
            row.ended_at = now
            continue
        row.responsible_id = getattr(item, _RESPONSIBLE[row.kind])
        for name in _SHARED:
            setattr(row, name, getattr(item, name))
    session.flush()


def _items(session: Session, table: Any, rows: Sequence[Overdue], kind: OverdueKind) -> dict[UUID, Any]:
    wanted = [row.item_id for row in rows if row.kind is kind]
    return {each.id: each for each in session.scalars(select(table).where(table.id.in_(wanted)))} if wanted else {}


def _is_late(kind: OverdueKind, item: Any, now: datetime) -> bool:
    return bool(item.status in _RUNNING[kind] and item.due_at < now)
