"""Background work on coverage."""

from server.core import clock
from server.core.clock import day_of
from server.core.jobs.registry import JobContext, periodic
from server.oversight.coverage.counting.writing import count_changes, open_periods


@periodic("coverage.count_changes", "更新培训覆盖统计", seconds=20)
def refresh(ctx: JobContext) -> None:
    """Count what changed since the last time, in transactions of their own."""
    with ctx.database.transaction() as session:
        open_periods(session, day_of(clock.now()))
    counted = 1
    while counted:
        with ctx.database.transaction() as session:
            counted = count_changes(session)
