"""What a merge, undoing it, and the end of its target mean for those who reported."""

from datetime import timedelta

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.review.decisions.moves.deciding import UNDO_WINDOW
from server.review.followers.actions import carry_over, provide_for, take_back
from server.review.submissions.anonymity.identity import day_of
from server.review.submissions.events import (
    SubmissionDeclined,
    SubmissionMarkedDuplicate,
    SubmissionReopened,
    SubmissionWithdrawn,
)
from server.review.submissions.models import Submission


def on_merged(session: Session, event: SubmissionMarkedDuplicate) -> None:
    """Whoever stood behind what was merged stands behind the target now."""
    carry_over(session, event.submission_id, event.target_id, event.at)


def on_reopened(session: Session, event: SubmissionReopened) -> None:
    """It is no duplicate any more, if it was one."""
    take_back(session, event.submission_id)


def on_withdrawn(session: Session, event: SubmissionWithdrawn) -> None:
    """Nobody answers any more for what was merged into it.

    What comes of it tells everybody behind it the moment: for an anonymous reporter it waits for the end of the day.
    """
    is_anonymous = session.get_one(Submission, event.submission_id).is_anonymous
    ends_at = day_of(event.at) + timedelta(days=1) if is_anonymous else event.at
    provide_for(session, event.submission_id, ends_at=ends_at)


def on_declined(session: Session, event: SubmissionDeclined) -> None:
    """The same, once the refusal cannot be taken back any more."""
    provide_for(session, event.submission_id, ends_at=event.at + UNDO_WINDOW)


def subscribe_events() -> None:
    """Listen to the decisions and to reporters who think better of it."""
    subscribe(SubmissionMarkedDuplicate, on_merged)
    subscribe(SubmissionReopened, on_reopened)
    subscribe(SubmissionWithdrawn, on_withdrawn)
    subscribe(SubmissionDeclined, on_declined)
