"""Background work of the queue."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from server.core import clock
from server.core.jobs.actions import enqueue
from server.core.jobs.registry import JobContext, job, periodic
from server.review.queue.models import SubmissionText, TriageBatch
from server.review.queue.search.documents import index_submission

DAILY = 86_400.0
BATCH = 200  # submissions written anew in one transaction
KEPT = timedelta(days=7)  # the log of each submission keeps for ever what was decided


@periodic("queue.forget_batches", "清理批量处理的记录", seconds=DAILY)
def forget_batches(ctx: JobContext) -> None:
    """Drop what became of batches that nobody looks at any more."""
    with ctx.database.transaction() as session:
        session.execute(delete(TriageBatch).where(TriageBatch.made_at < clock.now() - KEPT))


@job("queue.index_anew", "重建搜索索引")
def index_anew(ctx: JobContext, after: UUID) -> None:
    """Write anew what can be searched, for how text is folded has changed; a batch, and then the next one."""
    with ctx.database.transaction() as session:
        following = select(SubmissionText.submission_id).where(SubmissionText.submission_id > after)
        found = session.scalars(following.order_by(SubmissionText.submission_id).limit(BATCH)).all()
        for submission_id in found:
            index_submission(session, submission_id)
        if len(found) == BATCH:
            enqueue(session, "queue.index_anew", after=found[-1])
