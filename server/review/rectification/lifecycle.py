"""How a rectification begins, with the decision to accept a hazard, and ends when that decision is taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import AppError, Conflict
from server.review.deadlines.calendar import due_after
from server.review.rectification.actions import apply_status, days_of_grade
from server.review.rectification.log import Said, log_step
from server.review.rectification.models import Rectification
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.snapshots import lock_latest
from server.review.rectification.transitions import EDGES, Party
from server.review.submissions.models import Submission, SubmissionStep


def open_rectification(
    session: Session, submission: Submission, decision: Mapping[str, Any], *, actor_id: UUID | None, now: datetime
) -> Rectification:
    """Suggest to the enterprise, or to the union that answers for the place, to put an accepted hazard right.

    `decision` is what the step of acceptance carried: `step_id`, and of grade, measures, responsible, rectify_days
    those that were given. The submission is locked.
    """
    step = session.get_one(SubmissionStep, decision["step_id"])
    grade = submission.grade or decision["grade"]
    days = decision.get("rectify_days") or days_of_grade(session, submission.campaign_id, grade)
    due_at = due_after(now, days)
    row = Rectification(
        id=ids.new_id(),
        submission_id=submission.id,
        campaign_id=submission.campaign_id,
        status=Status.OPEN,
        version=1,
        category=submission.category,
        grade=grade,
        excerpt=submission.excerpt,
        place=submission.place,
        city_id=submission.city_id,
        district_id=submission.district_id,
        town_id=submission.town_id,
        enterprise_id=submission.enterprise_id,
        addressee_id=submission.enterprise_id or submission.routed_union_id,
        issuer_id=step.union_id or submission.routed_union_id,
        measures=decision.get("measures") or "",
        responsible=decision.get("responsible") or "",
        due_at=due_at,
        first_due_at=due_at,
        opened_at=now,
        reopenings=0,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    said = Said(actor_id, row.issuer_id, row.measures, data={"due_at": due_at.isoformat(), "days": days})
    log_step(session, row, Move.OPEN, None, said, now)
    return row


def refuse_voiding(session: Session, submission_id: UUID) -> AppError | None:
    """Why the decision behind it cannot be taken back any more: the enterprise has said that it is done."""
    statement = select(Rectification.status, Rectification.submitted_at)
    latest = statement.where(Rectification.submission_id == submission_id).order_by(Rectification.id.desc()).limit(1)
    row = session.execute(latest).one_or_none()
    if row is None or row.status is Status.VOIDED:
        return None
    if (row.status, Move.VOID, Party.SYSTEM) in EDGES and row.submitted_at is None:
        return None
    return Conflict("企业已经提交了整改结果，不能再重新审核；请在整改页面处理。", code="rectification_under_way")


def void_rectification(session: Session, submission_id: UUID, *, actor_id: UUID | None, now: datetime) -> None:
    """The decision behind it was taken back. Nothing happens if there is none, or none any more."""
    row, _ = lock_latest(session, submission_id)
    if row is None or row.status is Status.VOIDED:
        return
    before = row.status
    edge = EDGES[before, Move.VOID, Party.SYSTEM]
    row.rest_days = row.asked_days = None
    apply_status(session, row, edge.after, now)
    log_step(session, row, Move.VOID, before, Said(actor_id), now)
