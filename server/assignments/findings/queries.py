"""Reads of what answers found: one of them, how its hazard stands, and how far those who were asked are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Exists, and_, case, exists, func, select, true
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import Note
from server.assignments.dispatch.models import Assignment, Recipient, RecipientStatus
from server.assignments.dispatch.queries import get_recipient
from server.assignments.dispatch.rules import HANDED_IN
from server.assignments.findings.models import Finding
from server.core.errors import NotFound
from server.kit.scope import Scope, scopes_of
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.submissions.kinds.registry import ids_by_kind, read_follow_ups
from server.review.submissions.models import Submission
from server.review.submissions.texts import STATUS_TEXTS
from server.unions.actor import Actor
from server.unions.roles import CONSOLE, Level
from server.unions.tree.models import Union

NEXT_LEVEL = {"city_id": "district_id", "district_id": "town_id", "town_id": "enterprise_id"}


def get_finding(session: Session, finding_id: UUID, actor: Actor, *, lock: bool = False) -> Finding:
    """Something that was found where the actor may look. Raises NotFound."""
    finding = session.get(Finding, finding_id, with_for_update=lock, populate_existing=lock)
    if finding is None:
        raise NotFound
    get_recipient(session, finding.recipient_id, actor)
    return finding


def is_found(submission_id: UUID) -> Exists:
    """Whether a submission came of an answer."""
    return exists().where(Finding.submission_id == submission_id)


def beside(session: Session, recipient: Recipient) -> Mapping[str, Note]:
    """What became of what failed, by the key of the item: for `AssignmentKind.beside`."""
    rows = session.execute(
        select(Finding.item, Submission.id, Submission.number)
        .join(Submission, Submission.id == Finding.submission_id)
        .where(Finding.recipient_id == recipient.id)
    ).all()
    states = hazard_states(session, {row.id for row in rows})
    return {
        row.item: Note(f"隐患 {row.number or ''} · {states[row.id]}", f"/console/submissions/{row.id}") for row in rows
    }


def hazard_states(session: Session, hazard_ids: Collection[UUID]) -> dict[UUID, str]:
    """How hazards stand, in words: their rectification's state where there is one."""
    if not hazard_ids:
        return {}
    columns = select(Submission.id, Submission.kind, Submission.status)
    rows = session.execute(columns.where(Submission.id.in_(hazard_ids))).all()
    follow_ups = read_follow_ups(session, ids_by_kind(rows))
    return {
        row.id: follow_ups[row.id].status_text if row.id in follow_ups else STATUS_TEXTS[row.status] for row in rows
    }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the enterprises of a union are: asked, handed in, late; what failed, and what of that is put right."""

    union_id: UUID | None
    name: str
    asked: int
    done: int
    overdue: int
    failed: int
    rectified: int


def list_progress(session: Session, assignment: Assignment, actor: Actor, now: datetime) -> Sequence[Progress]:
    """By the unions directly below the actor's, those with most to do first, else in the official order. Two statements
    and the names."""
    scope: Scope = scopes_of(session, actor, CONSOLE)[0]
    column = getattr(Recipient, NEXT_LEVEL.get(scope.column, "enterprise_id"))
    of = func.coalesce(column, Recipient.union_id).label("of")  # an enterprise right below a district has no town
    within = and_(
        Recipient.root_id == assignment.root_id, getattr(Recipient, scope.column) == scope.union_id,
        Recipient.level == Level.ENTERPRISE, Recipient.is_copy.is_(False),
        Recipient.status != RecipientStatus.WITHDRAWN,
    )  # fmt: skip
    is_over = assignment.due_at is not None and assignment.due_at < now  # whatever day a passing-on gave after it
    late = and_(Recipient.first_submitted_at.is_(None), true() if is_over else Recipient.due_at < now)
    asked = session.execute(
        select(
            of, func.count().label("asked"),
            func.sum(case((Recipient.status.in_(HANDED_IN), 1), else_=0)).label("done"),
            func.sum(case((late, 1), else_=0)).label("overdue"),
        ).where(within).group_by(of)
    ).all()  # fmt: skip
    is_right = Rectification.status == RectifyStatus.CLOSED
    failed = session.execute(
        select(of, func.count().label("failed"), func.sum(case((is_right, 1), else_=0)).label("rectified"))
        .join(Finding, Finding.recipient_id == Recipient.id)
        .outerjoin(Rectification, Rectification.submission_id == Finding.submission_id)
        .where(within, Finding.submission_id.is_not(None))
        .group_by(of)
    )
    found, counted = {row.of: row for row in failed}, {row.of: row for row in asked}
    names = select(Union.id, Union.name).where(Union.id.in_(counted)).order_by(*Union.official_order(), Union.id)
    rows = [
        Progress(
            union_id, name, counted[union_id].asked, counted[union_id].done, counted[union_id].overdue,
            found[union_id].failed if union_id in found else 0, found[union_id].rectified if union_id in found else 0,
        )
        for union_id, name in session.execute(names)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row.done - row.asked)
