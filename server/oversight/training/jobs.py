"""Background work on training."""

from uuid import UUID

from server.core.jobs.registry import JobContext, job
from server.kit import following
from server.oversight.training.models import Attendance, Headcount, TrainingSession


@job("training.follow_union", "培训跟着调整的单位走")
def follow_union(ctx: JobContext, union_id: UUID) -> None:
    """What lies below a union that moved."""
    following.follow_union(ctx.database, union_id, TrainingSession, Attendance, Headcount)
