"""What safety systems do when an answer was accepted."""

from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.assignments.responses.events import ResponseAccepted
from server.core.events import subscribe
from server.core.jobs.actions import enqueue
from server.oversight.systems.collecting.asking import NAME
from server.oversight.systems.collecting.taking import TAKE


def on_accepted(session: Session, event: ResponseAccepted) -> None:
    """Write what it says, if it was asked about systems."""
    if session.get_one(Assignment, event.assignment_id).kind == NAME:
        enqueue(session, TAKE, recipient_id=event.recipient_id, number=event.number)


def subscribe_events() -> None:
    """Listen to answers."""
    subscribe(ResponseAccepted, on_accepted)
