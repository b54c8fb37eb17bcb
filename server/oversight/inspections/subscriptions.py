"""What inspections do when an answer is sent up."""

from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.assignments.responses.events import ResponseSubmitted
from server.core.events import subscribe
from server.core.jobs.actions import enqueue
from server.oversight.inspections.jobs import REPORT
from server.oversight.inspections.queries import NAME, is_found
from server.rewards.points.ports import UNEARNED


def on_submitted(session: Session, event: ResponseSubmitted) -> None:
    """What failed becomes a hazard."""
    if session.get_one(Assignment, event.assignment_id).kind == NAME:
        enqueue(session, REPORT, recipient_id=event.recipient_id, number=event.number)


def subscribe_events() -> None:
    """Listen to answers; say which hazards earn nothing."""
    subscribe(ResponseSubmitted, on_submitted)
    UNEARNED.plug(is_found)
