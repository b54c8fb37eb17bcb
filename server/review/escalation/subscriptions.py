"""What escalation does when an item is answered, put off or stands still."""

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.review.decisions.transitions import PASSES
from server.review.escalation.actions import end_overdue
from server.review.rectification.events import EVENTS
from server.review.rectification.models import RectifyMove as Move

ENDING = (
    "submission.withdrawn",
    *(EVENTS[move] for move in (Move.DISPUTE, Move.DROP, Move.GRANT_EXTENSION, Move.SUBMIT, Move.CLOSE, Move.VOID)),
)


def on_answered(session: Session, event: Event) -> None:
    """It is no longer late, whatever became of it."""
    end_overdue(session, event.subject_id, event.at)


def on_decided(session: Session, event: Event) -> None:
    """The same at once, though others hear of the decision a minute later. Passed on, it is as late as before."""
    if event.data["move"] not in PASSES:
        end_overdue(session, event.subject_id, event.at)


def subscribe_events() -> None:
    """Listen to the decisions on submissions and the moves on rectifications."""
    subscribe("submission.decided", on_decided)
    for name in ENDING:
        subscribe(name, on_answered)
