"""Work on prizes that comes round by the clock."""

import structlog

from server.core import clock
from server.core.errors import Conflict
from server.core.jobs.registry import JobContext, periodic
from server.kit.workflow import perform
from server.rewards.prizes.models import PoolMove
from server.rewards.prizes.queries import list_run_out
from server.rewards.prizes.workflow import WINS

log = structlog.get_logger(__name__)


@periodic("prizes.expire_wins", "过期未领的奖品转候补", seconds=300)
def expire_wins(ctx: JobContext) -> None:
    """End offers that nobody accepted in time, each in a transaction of its own, and offer the prizes to the next."""
    now = clock.now()
    with ctx.database.reading() as session:
        waiting = list_run_out(session, now)
    for win_id in waiting:
        try:
            with ctx.database.transaction() as session:
                perform(WINS, session, win_id, PoolMove.EXPIRE, actor=None, now=now)
        except Conflict as refusal:  # accepted, refused or revoked meanwhile
            log.info("win_not_expired", win_id=str(win_id), reason=refusal.code)
