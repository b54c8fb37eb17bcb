"""The rows of the unions that are asked, written a batch at a time: whatever is killed in between, each exactly once.

A batch is one transaction that holds the root: no two of one root write at once, so nobody gets it twice. It goes on
behind the last union that has a row, in the order of their ids.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.choosing.statements import conditions_for, is_copied, rule_of
from server.assignments.dispatch.messages import Told, asked, withdrawn
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.assignments.dispatch.queries import get_assignment
from server.assignments.dispatch.schemas import CloseIn, ReasonIn
from server.assignments.dispatch.workflow import ASSIGNMENTS, RECIPIENT, AssignmentMove, RecipientMove
from server.core import ids
from server.kit.scope import ancestors_of
from server.kit.workflow import SYSTEM, perform_held
from server.notifications.inbox.actions import deliver_all
from server.unions.tree.models import Union

BATCH = 500
_TABLE = cast(Table, Recipient.__table__)
_COPIED = ("industry", "ownership", "size", "is_high_risk", "is_chemical")


def hold_root(session: Session, assignment_id: UUID) -> Assignment:
    """An assignment, held together with its root, the root first. Raises NotFound."""
    root_id = session.scalar(select(Assignment.root_id).where(Assignment.id == assignment_id))
    if root_id is not None and root_id != assignment_id:
        get_assignment(session, root_id, None, lock=True)
    return get_assignment(session, assignment_id, None, lock=True)


def write_some(session: Session, assignment_id: UUID, *, now: datetime) -> bool:
    """Write the rows of the next BATCH unions, and tell their reviewers. Returns whether there may be more."""
    assignment = hold_root(session, assignment_id)
    if assignment.status is not AssignmentStatus.SENDING:
        return False
    unions = _next_unions(session, assignment)
    rows = [row_of(assignment, union, is_copy=bool(union.copied), now=now) for union in unions]
    if rows:
        session.execute(insert(_TABLE), rows)
        told = [Told(row["id"], row["union_id"], row["is_copy"]) for row in rows]
        deliver_all(session, asked(session, assignment, told, version=1), now=now)
    assignment.recipient_count += len(rows)
    session.flush()
    if len(rows) == BATCH:
        return True
    context = ASSIGNMENTS.context(session, assignment, actor=None, now=now)
    perform_held(ASSIGNMENTS, context, AssignmentMove.FINISH)
    return False


def _next_unions(session: Session, assignment: Assignment) -> Sequence[Any]:
    last = session.scalar(
        select(Recipient.union_id)
        .where(Recipient.assignment_id == assignment.id)
        .order_by(Recipient.union_id.desc())
        .limit(1)
    )
    ancestors = (Union.city_id, Union.district_id, Union.town_id, Union.enterprise_id)
    traits = (getattr(Union, name) for name in _COPIED)
    statement = (
        select(Union.id, Union.level, *ancestors, *traits, is_copied(session, rule_of(assignment)).label("copied"))
        .where(*conditions_for(session, assignment))
        .order_by(Union.id)
        .limit(BATCH)
    )
    return session.execute(statement.where(Union.id > last) if last is not None else statement).all()


def row_of(
    assignment: Assignment, union: Any, *, is_copy: bool, now: datetime, reason: str | None = None
) -> dict[str, Any]:
    """The row of a union that is asked, with its traits as they are now."""
    return {
        "id": ids.new_id(),
        "assignment_id": assignment.id,
        "root_id": assignment.root_id,
        "sender_id": assignment.sender_id,
        "union_id": union.id,
        "level": union.level,
        "status": RecipientStatus.SENT,
        "version": 1,
        "is_copy": is_copy,
        "due_at": None if is_copy else assignment.due_at,
        "sent_at": now,
        "added_reason": reason,
        "return_count": 0,
        **{name: getattr(union, name) for name in _COPIED},
        **ancestors_of(union),
    }


def end_some(session: Session, assignment_id: UUID, *, now: datetime) -> bool:
    """Withdraw the rows of the next BATCH unions of what ended, or close what they passed on. Returns whether there may
    be more."""
    assignment = get_assignment(session, assignment_id, None, lock=True)
    if assignment.status is AssignmentStatus.CLOSED:
        return _close_below(session, assignment, now)
    form = ReasonIn(reason=assignment.reason or "发出的工会撤回了")
    rows = session.scalars(
        select(Recipient)
        .where(Recipient.assignment_id == assignment.id, Recipient.status != RecipientStatus.WITHDRAWN)
        .order_by(Recipient.id)
        .limit(BATCH)
        .with_for_update()
    ).all()
    for row in rows:
        context = RECIPIENT.context(session, row, actor=None, now=now, form=form, cause_id=assignment.ended_by_id)
        perform_held(RECIPIENT, context, RecipientMove.WITHDRAW, party=SYSTEM.name)
    told = [Told(row.id, row.union_id, row.is_copy) for row in rows]
    deliver_all(session, withdrawn(session, assignment, told, version=1), now=now)
    return len(rows) == BATCH


def _close_below(session: Session, assignment: Assignment, now: datetime) -> bool:
    passed_on = select(Recipient.passed_on_id).where(
        Recipient.assignment_id == assignment.id, Recipient.passed_on_id.is_not(None)
    )
    under_way = Assignment.status.in_((AssignmentStatus.SENDING, AssignmentStatus.SENT))
    children = session.scalars(
        select(Assignment).where(Assignment.id.in_(passed_on), under_way).limit(BATCH).with_for_update()
    ).all()
    for child in children:
        form = CloseIn(version=child.version, reason=assignment.reason or "")
        context = ASSIGNMENTS.context(
            session, child, actor=None, now=now, form=form, cause_id=assignment.ended_by_id
        )  # fmt: skip
        perform_held(ASSIGNMENTS, context, AssignmentMove.CLOSE, party=SYSTEM.name)
    return len(children) == BATCH


def recount(session: Session, assignment: Assignment) -> None:
    """How many rows there are, and were to be, after some were added."""
    count = session.scalar(select(func.count()).where(Recipient.assignment_id == assignment.id)) or 0
    assignment.recipient_count = assignment.expected_count = count
    session.flush()
