"""Telling of a decision once the minute in which it is taken back by one key is over."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import publish
from server.review.submissions.actions import lock_submission
from server.review.submissions.log import StepTaken, event_of
from server.review.submissions.models import SubmissionStep


def announce(session: Session, step_id: UUID) -> None:
    """Tell whoever waits for it, unless something took the step's place meanwhile. Safe to repeat.

    The target of a merge is locked along, in the order of ids, as by the merge itself.
    """
    step = session.get(SubmissionStep, step_id)
    if step is None:
        return
    data = step.data or {}
    others = {UUID(data["target_id"])} if "target_id" in data else set()
    locked = {each: lock_submission(session, each) for each in sorted({step.submission_id, *others})}
    submission = locked[step.submission_id]
    if submission.pending_step_id != step_id:
        return
    submission.pending_step_id = None
    session.flush()
    taken = StepTaken(
        step.submission_id, step.move, step.from_status, step.to_status, step.actor_id, step.at,
        union_id=step.union_id, public_text=step.public_text, internal_note=step.internal_note, data=data,
    )  # fmt: skip
    publish(session, event_of(step_id, taken))
