"""Housekeeping of faults."""

from server.console.client_faults.actions import forget_faults
from server.core import clock
from server.core.jobs.registry import JobContext, periodic


@periodic("client_faults.forget_faults", "清理过期的手机端故障", seconds=24 * 3600)
def forget_old_faults(ctx: JobContext) -> None:
    """Remove faults of which nobody has told for long."""
    with ctx.database.transaction() as session:
        forget_faults(session, clock.now())
