"""What the search does when a submission arrives or says more."""

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.review.search.actions import index_submission
from server.review.submissions.events import SubmissionAnswered, SubmissionArrived, SubmissionDecided
from server.review.submissions.models import PASSES


def on_submission_changed(session: Session, event: SubmissionArrived | SubmissionAnswered) -> None:
    """Let the search find it by what it says now."""
    index_submission(session, event.submission_id)


def on_decided(session: Session, event: SubmissionDecided) -> None:
    """Passed on, it may belong to another enterprise."""
    if event.move in PASSES:
        index_submission(session, event.submission_id)


def subscribe_events() -> None:
    """Listen to what changes the words of a submission or its enterprise."""
    subscribe(SubmissionArrived, on_submission_changed)
    subscribe(SubmissionAnswered, on_submission_changed)
    subscribe(SubmissionDecided, on_decided)
