"""Work on prizes that comes round by the clock."""

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.rewards.prizes.claims import expire_win, list_run_out


@periodic("prizes.expire_wins", seconds=300)
def expire_wins(ctx: JobContext) -> None:
    """End offers that nobody accepted in time, each in a transaction of its own, and offer the prizes to the next."""
    now = clock.now()
    with ctx.database.reading() as session:
        waiting = list_run_out(session, now)
    for win_id in waiting:
        with ctx.database.transaction() as session:
            expire_win(session, win_id, now=now)
