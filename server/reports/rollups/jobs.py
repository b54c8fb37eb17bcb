"""Background work on counts."""

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.reports.rollups.actions import count_changes


@periodic("rollups.count_changes", "更新统计", seconds=20)
def refresh(ctx: JobContext) -> None:
    """Count what changed since the last time, in transactions of their own."""
    counted = 1
    while counted:
        with ctx.database.transaction() as session:
            counted = count_changes(session, clock.now())
