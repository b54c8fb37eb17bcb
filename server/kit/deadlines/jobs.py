"""Background work on deadlines."""

import structlog

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.kit.deadlines.actions import adopt_calendars

log = structlog.get_logger(__name__)

ADOPT_SECONDS = 60.0  # soon after an upgrade: what is stored in between was counted with the new calendar already


@periodic("deadlines.adopt_calendars", "按新公布的节假日重算期限", seconds=ADOPT_SECONDS)
def adopt_new_calendars(ctx: JobContext) -> None:
    """Count running deadlines anew when an upgrade has brought the calendar of another year."""
    with ctx.database.transaction() as session:
        moved = adopt_calendars(session, clock.now())
    if moved:
        log.info("deadlines_recounted", moved=moved)
