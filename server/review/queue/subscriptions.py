"""What the queue does when a submission arrives or says more."""

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.review.queue.search import index_submission

CHANGES = ("submission.arrived", "submission.answered", "submission.passed")


def on_submission_changed(session: Session, event: Event) -> None:
    """Let the search find it by what it says now."""
    index_submission(session, event.subject_id)


def subscribe_events() -> None:
    """Listen to what changes the words of a submission or its enterprise."""
    for name in CHANGES:
        subscribe(name, on_submission_changed)
