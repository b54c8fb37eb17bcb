"""What escalation does when an item is answered, put off or stands still."""

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.review.escalation.actions import end_overdue

ENDING = (
    *(f"submission.{name}" for name in ("returned", "accepted", "declined", "marked_duplicate", "withdrawn")),
    *(
        f"rectification.{name}"
        for name in ("disputed", "dropped", "extension_granted", "submitted", "closed", "voided")
    ),
)


def on_answered(session: Session, event: Event) -> None:
    """It is no longer late, whatever became of it."""
    end_overdue(session, event.subject_id, event.at)


def subscribe_events() -> None:
    """Listen to the decisions on submissions and the moves on rectifications."""
    for name in ENDING:
        subscribe(name, on_answered)
