"""Background work on supervision. Safe to run twice."""

from uuid import UUID

from server.core.jobs.registry import JobContext, job
from server.kit import following
from server.oversight.supervision.models import Draw, Plan, PlanUnit

FOLLOW = "supervision.follow_union"


@job(FOLLOW, "督导计划跟着调整的单位走")
def follow_union(ctx: JobContext, union_id: UUID) -> None:
    """What lies below a union that moved."""
    following.follow_union(ctx.database, union_id, Plan, Draw, PlanUnit)
