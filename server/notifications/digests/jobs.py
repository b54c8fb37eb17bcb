"""The daily digest."""

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.kit.deadlines.calendar.working_days import is_working_day
from server.notifications.digests.actions import day_of, list_reviewers_without, write_digest


@periodic("digests.write_daily", "写每日摘要", seconds=600)
def write_daily(ctx: JobContext) -> None:
    """Write what is still missing of today's digests: on working days, from the set hour on, once per person."""
    now = clock.now()
    day = day_of(now, ctx.settings.digest_hour)
    if day is None or not is_working_day(day):
        return
    while True:
        with ctx.database.reading() as session:
            people = list_reviewers_without(session, day)
        if not people:
            return
        for person_id in people:  # a transaction each: on SQLite nobody else can write meanwhile
            with ctx.database.transaction() as session:
                write_digest(session, person_id, day, now=now)
