"""What visits do when unions move; which hazards earn nothing."""

from datetime import timedelta

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.core.jobs.actions import enqueue
from server.oversight.visits.jobs import FOLLOW_JOB
from server.oversight.visits.queries import is_found
from server.rewards.points.ports import UNEARNED
from server.unions.tree.events import UnionMoved

AGAIN_AFTER = timedelta(minutes=2)  # for what was being opened at the very moment of the move


def on_union_moved(session: Session, event: UnionMoved) -> None:
    """Let visits follow, once now and once a little later."""
    for run_at in (event.at, event.at + AGAIN_AFTER):
        enqueue(session, FOLLOW_JOB, run_at=run_at, union_id=event.union_id)


def subscribe_events() -> None:
    """Listen to the tree of unions; nobody earns points by what they find at a visit, which is their duty."""
    subscribe(UnionMoved, on_union_moved)
    UNEARNED.plug(is_found)
