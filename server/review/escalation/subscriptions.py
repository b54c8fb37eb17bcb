"""What escalation does when an item is answered, put off or stands still."""

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.review.escalation.actions import end_overdue
from server.review.rectification.events import (
    RectificationClosed,
    RectificationDisputed,
    RectificationDropped,
    RectificationEvent,
    RectificationExtensionGranted,
    RectificationSubmitted,
    RectificationVoided,
)
from server.review.submissions.events import SubmissionDecided, SubmissionWithdrawn
from server.review.submissions.models import PASSES

ENDING: tuple[type[RectificationEvent], ...] = (
    RectificationDisputed,
    RectificationDropped,
    RectificationExtensionGranted,
    RectificationSubmitted,
    RectificationClosed,
    RectificationVoided,
)


def on_moved(session: Session, event: RectificationEvent) -> None:
    """It is no longer late, whatever became of it."""
    end_overdue(session, event.rectification_id, event.at)


def on_withdrawn(session: Session, event: SubmissionWithdrawn) -> None:
    """Nor is it any more."""
    end_overdue(session, event.submission_id, event.at)


def on_decided(session: Session, event: SubmissionDecided) -> None:
    """The same at once, though others hear of the decision a minute later. Passed on, it is as late as before."""
    if event.move not in PASSES:
        end_overdue(session, event.submission_id, event.at)


def subscribe_events() -> None:
    """Listen to the decisions on submissions and the moves on rectifications."""
    subscribe(SubmissionDecided, on_decided)
    subscribe(SubmissionWithdrawn, on_withdrawn)
    for kind in ENDING:
        subscribe(kind, on_moved)
