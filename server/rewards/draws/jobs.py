"""Work on draws that comes round by the clock."""

import structlog

from server.core import clock
from server.core.errors import Conflict
from server.core.jobs.registry import JobContext, periodic
from server.kit.workflow import perform
from server.rewards.contests import notice_doubts
from server.rewards.draws.actions import list_due
from server.rewards.draws.models import DrawMove
from server.rewards.draws.workflow import DRAWS

log = structlog.get_logger(__name__)


@periodic("draws.freeze_lists", "竞赛结束后定抽奖名单", seconds=60)
def freeze_lists(ctx: JobContext) -> None:
    """Freeze the lists of draws whose contest has closed, so that nobody has to be there."""
    now = clock.now()
    with ctx.database.reading() as session:
        due = list_due(session, now)
    for draw_id, contest_id in due:
        with ctx.database.transaction() as session:  # kept whatever comes of the freezing: somebody has to judge it
            notice_doubts(session, contest_id, now)
        try:
            with ctx.database.transaction() as session:
                perform(DRAWS, session, draw_id, DrawMove.FREEZE, actor=None, now=now)
        except Conflict as refusal:  # by hand meanwhile, prolonged, or not graded to the end: it comes round again
            log.info("draw_not_frozen", draw_id=str(draw_id), reason=refusal.code)
