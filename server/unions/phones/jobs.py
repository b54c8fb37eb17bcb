"""Housekeeping of codes."""

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.unions.phones.actions import forget_codes


@periodic("phones.forget_codes", "清理过期的验证码", seconds=3600)
def forget_old_codes(ctx: JobContext) -> None:
    """Remove codes that nothing counts any more."""
    with ctx.database.transaction() as session:
        forget_codes(session, clock.now())
