"""Background work on rows that follow a moved union."""

from uuid import UUID

from server.core.jobs.registry import JobContext, job
from server.kit.following import actions

FOLLOW = "following.follow_union"


@job(FOLLOW, "各类记录跟着调整的单位走")
def follow_union(ctx: JobContext, union_id: UUID) -> None:
    """What lies below a union that moved."""
    actions.follow_union(ctx.database, union_id)
