"""Background work on assignments."""

from uuid import UUID

from server.assignments.dispatch.sending.reminding import remind_some, tell_urged
from server.assignments.dispatch.sending.writing import end_some, write_some
from server.core import clock
from server.core.jobs.models import Priority
from server.core.jobs.registry import JobContext, job, periodic


@job("dispatch.write_recipients", "下发任务", priority=Priority.MESSAGE)
def write_recipients(ctx: JobContext, assignment_id: UUID) -> None:
    """Write a row for each union that is asked, in small transactions."""
    more = True
    while more:
        with ctx.database.transaction() as session:
            more = write_some(session, assignment_id, now=clock.now())


@job("dispatch.end_recipients", "撤回或结束任务")
def end_recipients(ctx: JobContext, assignment_id: UUID) -> None:
    """Let the rows follow an assignment that ended, and what was passed on."""
    more = True
    while more:
        with ctx.database.transaction() as session:
            more = end_some(session, assignment_id, now=clock.now())


@job("dispatch.tell_urged", "任务催办")
def tell_those_urged(ctx: JobContext, assignment_id: UUID, day: str) -> None:
    """Tell those whom somebody urged that day."""
    with ctx.database.transaction() as session:
        tell_urged(session, assignment_id, day, now=clock.now())


@periodic("dispatch.remind", "任务到期提醒", seconds=600)
def remind(ctx: JobContext) -> None:
    """Remind those who owe something: some days before, on the day, and the day after."""
    more = True
    while more:
        with ctx.database.transaction() as session:
            more = remind_some(session, now=clock.now())
