"""What locations do when unions move."""

from sqlalchemy.orm import Session

from server.activities.locations.jobs import FOLLOW
from server.core.events import subscribe
from server.core.jobs.actions import enqueue
from server.unions.tree.events import UnionMoved


def on_union_moved(session: Session, event: UnionMoved) -> None:
    """Let the rows follow."""
    enqueue(session, FOLLOW, run_at=event.at, union_id=event.union_id)


def subscribe_events() -> None:
    """Listen to the tree of unions."""
    subscribe(UnionMoved, on_union_moved)
