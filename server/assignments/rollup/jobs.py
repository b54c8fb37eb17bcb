"""Background work: adding up what changed."""

from server.assignments.rollup.actions import find_changed, keep_sums
from server.assignments.rollup.counting.adding_up import add_up
from server.assignments.rollup.counting.kept_totals import add_up_compiled, keep_totals
from server.core import clock
from server.core.db import Database
from server.core.jobs.registry import JobContext, periodic


@periodic("rollup.add_up", "汇总填报", seconds=20)
def refresh(ctx: JobContext) -> None:
    """Everything that changed since the last time."""
    add_up_changed(ctx.database)


def add_up_changed(database: Database) -> None:
    """One assignment after the other. It is read outside of the transaction that writes: on SQLite nobody waits."""
    while True:
        with database.reading() as session:
            changed = find_changed(session)
            if changed is None:
                return
            root_id, known = changed
            sums, totals = add_up(session, root_id), add_up_compiled(session, root_id, clock.now())
        with database.transaction() as session:
            now = clock.now()
            keep_sums(session, root_id, sums, known=known, now=now)
            keep_totals(session, totals, now)
