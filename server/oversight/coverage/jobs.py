"""Background work on coverage."""

import time

from server.core import clock
from server.core.clock import day_of
from server.core.db import Database
from server.core.jobs.pace import Pace
from server.core.jobs.registry import JobContext, periodic
from server.oversight.coverage.counting.writing import BATCH, count_again, forget_changes, next_batch, open_periods

FIRST = 10  # enterprises of the first transaction, before it is known how long they take
AT_ONCE = 1000  # notes taken away in one transaction


@periodic("coverage.count_changes", "更新培训覆盖统计", seconds=20)
def refresh(ctx: JobContext) -> None:
    """Count what changed since the last time."""
    count_changes(ctx.database)


def count_changes(database: Database) -> None:
    """Until nothing is left: in each transaction as many enterprises in one period as half a second is enough for, so
    that nobody waits long for it on SQLite. The notes go last: what is interrupted is counted again."""
    pace = Pace(FIRST, BATCH)
    with database.transaction() as session:
        open_periods(session, day_of(clock.now()))
    while True:
        with database.reading() as session:
            batch = next_batch(session, pace.size)
        if batch is None:
            return
        longest = 0.0
        for period_id in batch.periods:
            begun = time.monotonic()
            with database.transaction() as session:
                count_again(session, period_id, batch.enterprises)
            longest = max(longest, time.monotonic() - begun)
        pace.note(longest)
        for first in range(0, len(batch.changes), AT_ONCE):
            with database.transaction() as session:
                forget_changes(session, batch.changes[first : first + AT_ONCE])
