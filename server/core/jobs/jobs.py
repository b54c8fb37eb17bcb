"""Background work on background work."""

from datetime import timedelta

from server.core.jobs.clock_jumps import pull_back
from server.core.jobs.registry import JobContext, periodic


@periodic("jobs.pull_back", "找回排到以后的任务", seconds=300)
def pull_back_dates(ctx: JobContext) -> None:
    """See to jobs that a clock put off which was ahead."""
    pull_back(ctx.database, timedelta(seconds=ctx.settings.job_lease_seconds))
