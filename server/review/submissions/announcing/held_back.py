"""Telling of a decision once the minute in which it is taken back by one key is over."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import publish
from server.kit.held_back import release
from server.kit.workflow import Step, StepData
from server.review.submissions.announcing.moves import event_of
from server.review.submissions.models import SubmissionStep
from server.review.submissions.workflow import lock_submission


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
    if not release(session, locked[step.submission_id], step_id):
        return
    said = StepData(step.public_text or "", step.internal_note or "", step.union_id, data)
    publish(
        session,
        event_of(
            Step(step.id, step.submission_id, step.move, step.from_status, step.to_status, step.actor_id, step.at, said)
        ),
    )
