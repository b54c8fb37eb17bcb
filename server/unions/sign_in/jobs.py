"""Housekeeping of sign-in."""

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.unions.accounts.sessions.actions import forget_sessions
from server.unions.throttle.actions import forget_attempts


@periodic("sign_in.forget_old", "清理过期的登录", seconds=3600)
def forget_old(ctx: JobContext) -> None:
    """Remove sessions long over and failed attempts nobody asks about any more."""
    with ctx.database.transaction() as session:
        forget_sessions(session, clock.now())
        forget_attempts(session, clock.now())
