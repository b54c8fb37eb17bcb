"""A union moved in the tree: the submissions below it follow, a batch at a time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.core.jobs.actions import enqueue
from server.kit.scope import ancestors_above, is_left_behind
from server.review.submissions.models import Submission
from server.unions.tree.events import UnionMoved
from server.unions.tree.models import Union

BATCH = 500
RESYNC_DELAY = timedelta(minutes=2)  # for what was being sent at the very moment of the move


def on_union_moved(session: Session, event: UnionMoved) -> None:
    """Let the submissions follow, once now and once a little later."""
    for run_at in (event.at, event.at + RESYNC_DELAY):
        enqueue(session, "submissions.follow_union", run_at=run_at, union_id=event.union_id)


def follow_some(session: Session, union: Union) -> int:
    """Mend up to BATCH submissions below `union`. Returns how many were mended."""
    above = ancestors_above(union)
    if not above:
        return 0
    rows = session.execute(
        select(Submission.id, Submission.routed_union_id, *(getattr(Submission, column) for column in above))
        .where(is_left_behind(Submission, union))
        .limit(BATCH)
        .with_for_update()
    ).all()
    for row in rows:
        session.execute(
            update(Submission)
            .where(Submission.id == row.id)
            .values(**above, routed_union_id=_follow_route(row, above))
            .execution_options(synchronize_session=False)
        )
    return len(rows)


def _follow_route(row: Any, above: dict[str, UUID | None]) -> UUID:
    """Who has to answer now: in place of an ancestor the present one of its level, or the next above."""
    nearest: UUID | None = None
    for column, present in above.items():  # from the city down
        nearest = present or nearest
        if row.routed_union_id == getattr(row, column) and nearest is not None:
            return nearest
    routed: UUID = row.routed_union_id
    return routed
