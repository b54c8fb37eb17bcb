"""Background work on submissions."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from server.core import clock
from server.core.audit.actions import new_entry, record_each
from server.core.jobs.registry import JobContext, job, periodic
from server.photos.actions import discard_photos
from server.photos.models import Photo
from server.review.submissions.announcing.held_back import announce
from server.review.submissions.announcing.moves import ANNOUNCE_JOB
from server.review.submissions.models import Status, Submission

BATCH = 100


@periodic("submissions.sweep_incomplete", "清理没有传完的上报", seconds=600)
def sweep_incomplete(ctx: JobContext) -> None:
    """Discard what has not been completed in time and got no photo lately either, in small transactions."""
    cutoff = clock.now() - timedelta(hours=ctx.settings.incomplete_hours)
    more = True
    while more:
        with ctx.database.transaction() as session:
            more = discard_incomplete(session, cutoff, clock.now()) == BATCH


def discard_incomplete(session: Session, cutoff: datetime, now: datetime) -> int:
    """Discard up to BATCH submissions created before `cutoff` without a photo since. Returns how many went."""
    recent = exists().where(Photo.submission_id == Submission.id, Photo.received_at >= cutoff)
    gone = session.scalars(
        select(Submission.id)
        .where(Submission.status == Status.INCOMPLETE, Submission.created_at < cutoff, ~recent)
        .order_by(Submission.created_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    discard_photos(session, gone)
    session.execute(delete(Submission).where(Submission.id.in_(gone)).execution_options(synchronize_session=False))
    said = partial(new_entry, "submission.discard", subject_type="submission", actor_id=None, at=now)
    record_each(session, [said(subject_id=submission_id, detail={"reason": "incomplete"}) for submission_id in gone])
    return len(gone)


@job(ANNOUNCE_JOB, "通知审核结果")
def announce_decision(ctx: JobContext, step_id: UUID) -> None:
    """Tell of a decision that stands."""
    with ctx.database.transaction() as session:
        announce(session, step_id)
