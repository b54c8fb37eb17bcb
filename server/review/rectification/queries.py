"""Reads of rectifications, for the slices that build on them and for the reporter."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.photos.models import Photo
from server.photos.queries import list_photos
from server.review.rectification.actions import has_confirmed
from server.review.rectification.follow_up import list_steps, timeline_of
from server.review.rectification.models import Evidence, Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.rules import confirming_move, disagreeing_move, find_refusal
from server.review.rectification.schemas import RectificationOut
from server.review.rectification.snapshots import read_snapshot
from server.review.rectification.texts import STATUS_TEXTS
from server.review.rectification.transitions import DUE, Party
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.models import Status as Submitted
from server.review.submissions.models import Submission
from server.review.submissions.queries import photo_out
from server.unions.actor import Actor

ANSWERS = (Move.ACCEPT, Move.DISPUTE, Move.ASK_EXTENSION, Move.SUBMIT)
"""What the enterprise says."""


def find_rectification(session: Session, submission_id: UUID) -> Rectification | None:
    """The newest rectification of a submission, whatever its status; None if it never had one."""
    return session.scalar(
        select(Rectification)
        .where(Rectification.submission_id == submission_id)
        .order_by(Rectification.id.desc())
        .limit(1)
    )


def href(rectification_id: UUID) -> str:
    """Its page at the console."""
    return f"/console/rectifications/{rectification_id}"


def is_late(row: Rectification, now: datetime) -> bool:
    """Whether its deadline runs and is over."""
    return row.status in DUE and row.due_at < now


def get_own_rectification(session: Session, submission_id: UUID, actor: Actor, now: datetime) -> RectificationOut:
    """How the actor's hazard is put right. Raises NotFound for anybody else's, and until there is a rectification."""
    submission = session.get(Submission, submission_id)
    if submission is None or submission.reporter_id != actor.person_id or submission.status is not Submitted.ACCEPTED:
        raise NotFound
    row = find_rectification(session, submission_id)
    if row is None:
        raise NotFound
    snapshot = read_snapshot(session, row, submission.reporter_id)
    confirm = find_refusal(confirming_move(snapshot), Party.REPORTER, snapshot, actor, now)
    object_ = find_refusal(disagreeing_move(snapshot), Party.REPORTER, snapshot, actor, now)
    steps = list_steps(session, [row.id])
    photos = list_photos(session, [submission_id])[submission_id]
    return RectificationOut(
        id=row.id,
        status=row.status,
        status_text=STATUS_TEXTS[row.status],
        due_at=row.due_at,
        first_due_at=row.first_due_at,
        is_overdue=is_late(row, now),
        measures=row.measures,
        responsible=row.responsible,
        addressee_name=snapshot.addressee_name,
        answer=next((step.text for step in reversed(steps) if step.move in ANSWERS and step.text), None),
        before=[photo_out(photo) for photo in photos if photo.purpose in REPORT_PURPOSES],
        after=[photo_out(photo) for photo in latest_after(session, row.id, photos)],
        closed_at=row.closed_at,
        reopen_until=row.reopen_until,
        can_confirm=confirm is None and not has_confirmed(session, row, actor.person_id),
        can_reopen=object_ is None,
        timeline=timeline_of(steps),
    )


def latest_after(session: Session, rectification_id: UUID, photos: Sequence[Photo]) -> list[Photo]:
    """Of a submission's photos those that came with the enterprise's last word that it is done."""
    latest = session.scalar(
        select(Evidence.id)
        .where(
            Evidence.rectification_id == rectification_id,
            Evidence.move == Move.SUBMIT,
            Evidence.completed_at.is_not(None),
        )
        .order_by(Evidence.completed_at.desc())
        .limit(1)
    )
    return [photo for photo in photos if latest is not None and photo.batch_id == latest]


def list_history(session: Session, rectification_id: UUID) -> Sequence[RectificationStep]:
    """Every step in order."""
    return session.scalars(
        select(RectificationStep)
        .where(RectificationStep.rectification_id == rectification_id)
        .order_by(RectificationStep.id)
    ).all()
