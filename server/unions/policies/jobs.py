"""Work behind the privacy policy."""

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.unions.policies import actions


@periodic("policies.follow_settings", "隐私说明跟上设置", seconds=60)
def follow_settings(ctx: JobContext) -> None:
    """Tell of whom the settings bring in; until this is done nothing goes there (`queries.is_told`)."""
    with ctx.database.transaction() as session:
        actions.follow_settings(session, ctx.settings, now=clock.now())
