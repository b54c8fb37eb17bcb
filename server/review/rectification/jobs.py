"""Background work on rectifications."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.core import clock
from server.core.events import publish
from server.core.jobs.registry import JobContext, job
from server.kit.held_back import release
from server.review.rectification.actions import open_rectification
from server.review.rectification.events import ANNOUNCE_JOB, event_of
from server.review.rectification.models import Rectification, RectificationStep
from server.review.rectification.workflow import lock_latest, lock_rectification
from server.review.submissions.events import SubmissionAccepted
from server.review.submissions.kinds.registry import all_kinds
from server.review.submissions.models import Move, Status, Submission, SubmissionStep
from server.review.submissions.workflow import lock_submission


@job(ANNOUNCE_JOB, "通知复查结论")
def announce_recheck(ctx: JobContext, step_id: UUID) -> None:
    """Tell of a recheck that stands. Safe to repeat."""
    with ctx.database.transaction() as session:
        step = session.get(RectificationStep, step_id)
        if step is None:
            return
        row = lock_rectification(session, step.rectification_id, None)
        if release(session, row, step_id):
            publish(session, event_of(row, step))


@job("rectification.open_missing", "补发整改建议")
def open_missing(ctx: JobContext) -> None:
    """Open what was accepted before there were rectifications, each in a transaction of its own, due from now on."""
    with ctx.database.reading() as session:
        has_one = exists().where(Rectification.submission_id == Submission.id)
        kinds = [each.kind for each in all_kinds() if each.is_rectified]
        accepted = (Submission.kind.in_(kinds), Submission.status == Status.ACCEPTED)
        missing = session.scalars(select(Submission.id).where(*accepted, ~has_one)).all()
    for submission_id in missing:
        with ctx.database.transaction() as session:
            _open(session, submission_id)


def _open(session: Session, submission_id: UUID) -> None:
    """As the decision would have done, unless it was taken back, or another run was faster."""
    submission = lock_submission(session, submission_id)
    row, _ = lock_latest(session, submission_id)
    accepted_by = session.execute(
        select(SubmissionStep.id, SubmissionStep.actor_id)
        .where(SubmissionStep.submission_id == submission_id, SubmissionStep.move == Move.ACCEPT)
        .order_by(SubmissionStep.at.desc())
        .limit(1)
    ).one_or_none()
    if row is not None or submission.status is not Status.ACCEPTED or accepted_by is None:
        return
    accepted = SubmissionAccepted(
        at=clock.now(), actor_id=accepted_by.actor_id, submission_id=submission_id, step_id=accepted_by.id
    )
    open_rectification(session, submission, accepted)
