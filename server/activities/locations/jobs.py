"""Background work on locations."""

from uuid import UUID

from server.activities.locations.models import Location
from server.core.jobs.registry import JobContext, job
from server.kit import following

FOLLOW = "locations.follow_union"


@job(FOLLOW, "点位码跟着调整的单位走")
def follow_union(ctx: JobContext, union_id: UUID) -> None:
    """What lies below a union that moved."""
    following.follow_union(ctx.database, union_id, Location)
