"""Housekeeping of codes."""

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.unions.scans.actions import forget_scans


@periodic("scans.forget_scans", "清理过期的扫码", seconds=3600)
def forget_old_scans(ctx: JobContext) -> None:
    """Remove codes that have run out."""
    with ctx.database.transaction() as session:
        forget_scans(session, clock.now())
