"""Background work on incidents."""

from uuid import UUID

from server.core.jobs.registry import JobContext, job
from server.kit import following
from server.oversight.incidents.models import Incident

FOLLOW = "incidents.follow_union"


@job(FOLLOW, "事故和预警登记跟着调整的单位走")
def follow_union(ctx: JobContext, union_id: UUID) -> None:
    """What lies below a union that moved."""
    following.follow_union(ctx.database, union_id, Incident)
