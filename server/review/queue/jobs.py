"""Background work of the queue."""

from datetime import timedelta

from sqlalchemy import delete

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.review.queue.models import TriageBatch

DAILY = 86_400.0
KEPT = timedelta(days=7)  # the log of each submission keeps for ever what was decided


@periodic("queue.forget_batches", "清理批量处理的记录", seconds=DAILY)
def forget_batches(ctx: JobContext) -> None:
    """Drop what became of batches that nobody looks at any more."""
    with ctx.database.transaction() as session:
        session.execute(delete(TriageBatch).where(TriageBatch.made_at < clock.now() - KEPT))
