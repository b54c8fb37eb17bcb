"""What happens to what an answer found when it is sent up."""

from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment
from server.assignments.findings.actions import REPORT
from server.assignments.responses.events import ResponseSubmitted
from server.core.events import subscribe
from server.core.jobs.actions import enqueue


def on_submitted(session: Session, event: ResponseSubmitted) -> None:
    """What failed becomes a hazard, where the kind says so."""
    if kind_of(session.get_one(Assignment, event.assignment_id).kind).categories is not None:
        enqueue(session, REPORT, recipient_id=event.recipient_id, number=event.number)


def subscribe_events() -> None:
    """Listen to answers."""
    subscribe(ResponseSubmitted, on_submitted)
