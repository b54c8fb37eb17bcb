"""Housekeeping of ways to WeChat and back."""

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.unions.oauth.actions import forget_visits


@periodic("oauth.forget_visits", "清理微信登录记录", seconds=3600)
def forget_old_visits(ctx: JobContext) -> None:
    """Remove visits that are over."""
    with ctx.database.transaction() as session:
        forget_visits(session, clock.now())
