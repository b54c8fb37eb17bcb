"""Background work of the search."""

from uuid import UUID

from sqlalchemy import select

from server.core.jobs.actions import enqueue
from server.core.jobs.registry import JobContext, job
from server.review.search.actions import index_submission
from server.review.search.models import SubmissionText

BATCH = 200  # submissions written anew in one transaction


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
