"""What the queue does when a submission arrives or says more."""

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.review.decisions.transitions import PASSES
from server.review.queue.search.documents import index_submission

CHANGES = ("submission.arrived", "submission.answered")


def on_submission_changed(session: Session, event: Event) -> None:
    """Let the search find it by what it says now."""
    index_submission(session, event.subject_id)


def on_decided(session: Session, event: Event) -> None:
    """Passed on, it may belong to another enterprise."""
    if event.data["move"] in PASSES:
        index_submission(session, event.subject_id)


def subscribe_events() -> None:
    """Listen to what changes the words of a submission or its enterprise."""
    for name in CHANGES:
        subscribe(name, on_submission_changed)
    subscribe("submission.decided", on_decided)
