"""What happens to rows when unions move."""

from datetime import timedelta

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.core.jobs.actions import enqueue
from server.kit.following.jobs import FOLLOW
from server.unions.tree.events import UnionMoved

AGAIN_AFTER = timedelta(minutes=2)  # for what was being written at the very moment of the move


def on_union_moved(session: Session, event: UnionMoved) -> None:
    """Let the rows follow, once now and once a little later."""
    for run_at in (event.at, event.at + AGAIN_AFTER):
        enqueue(session, FOLLOW, run_at=run_at, union_id=event.union_id)


def subscribe_events() -> None:
    """Listen to the tree of unions."""
    subscribe(UnionMoved, on_union_moved)
