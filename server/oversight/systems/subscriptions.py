"""What safety systems do when unions move, and when an answer was accepted."""

from datetime import timedelta

from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.assignments.responses.events import ResponseAccepted
from server.core.events import subscribe
from server.core.jobs.actions import enqueue
from server.oversight.systems.collecting.asking import NAME
from server.oversight.systems.collecting.taking import TAKE
from server.unions.tree.events import UnionMoved

AGAIN_AFTER = timedelta(minutes=2)  # for what was being written at the very moment of the move


def on_union_moved(session: Session, event: UnionMoved) -> None:
    """Let the rows follow, once now and once a little later."""
    for run_at in (event.at, event.at + AGAIN_AFTER):
        enqueue(session, "systems.follow_union", run_at=run_at, union_id=event.union_id)


def on_accepted(session: Session, event: ResponseAccepted) -> None:
    """Write what it says, if it was asked about systems."""
    if session.get_one(Assignment, event.assignment_id).kind == NAME:
        enqueue(session, TAKE, recipient_id=event.recipient_id, number=event.number)


def subscribe_events() -> None:
    """Listen to the tree of unions, and to answers."""
    subscribe(ResponseAccepted, on_accepted)
    subscribe(UnionMoved, on_union_moved)
