"""Background work on merged reports."""

from uuid import UUID

from server.core import clock
from server.core.jobs.registry import JobContext, job
from server.review.followers.actions import SUCCEED_JOB, succeed


@job(SUCCEED_JOB, "重复上报换一条主报")
def see_to_those_behind(ctx: JobContext, target_id: UUID) -> None:
    """Its target has ended: one of those merged into it takes its place."""
    with ctx.database.transaction() as session:
        succeed(session, target_id, clock.now())
