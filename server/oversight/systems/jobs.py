"""Background work on safety systems: rows for new enterprises, sums, answers that were accepted."""

from uuid import UUID

from server.core import clock
from server.core.jobs.registry import JobContext, job, periodic
from server.oversight.systems.collecting.taking import TAKE, take_answer
from server.oversight.systems.counting.asking import BATCH, ask_some
from server.oversight.systems.counting.sums import count_changes


@periodic("systems.ask", "列出企业的安全制度", seconds=300)
def ask(ctx: JobContext) -> None:
    """Every enterprise has a row for each system that is asked about."""
    made = BATCH
    while made == BATCH:
        with ctx.database.transaction() as session:
            made = ask_some(session, clock.now())


@periodic("systems.count_changes", "更新安全制度统计", seconds=20)
def refresh(ctx: JobContext) -> None:
    """Count what changed since the last time, in transactions of their own."""
    counted = 1
    while counted:
        with ctx.database.transaction() as session:
            counted = count_changes(session)


@job(TAKE, "把收集来的安全制度记下来")
def take(ctx: JobContext, recipient_id: str, number: int) -> None:
    """Write what an answer says that was accepted: in a job, as many may be accepted at once."""
    with ctx.database.transaction() as session:
        take_answer(session, UUID(recipient_id), number, now=clock.now())
