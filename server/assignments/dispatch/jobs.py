"""Background work on assignments."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.dispatch.sending.reminding import remind_some, tell_urged
from server.assignments.dispatch.sending.writing import end_some, write_some
from server.core import clock
from server.core.jobs.models import Priority
from server.core.jobs.registry import JobContext, job, periodic
from server.kit.scope import ancestors_above, is_left_behind
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union

BATCH = 500


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


@job("dispatch.follow_union", "任务跟着调整的单位走")
def follow_union(ctx: JobContext, union_id: UUID) -> None:
    """Give what lies below a union that moved its present ancestors, in small transactions."""
    for model in (Assignment, Recipient):
        more = True
        while more:
            with ctx.database.transaction() as session:
                more = _follow_some(session, model, get_union(session, union_id)) == BATCH


def _follow_some(session: Session, model: type[Assignment] | type[Recipient], union: Union) -> int:
    above = ancestors_above(union)
    if not above:
        return 0
    found = session.scalars(select(model.id).where(is_left_behind(model, union)).limit(BATCH).with_for_update()).all()
    session.execute(
        update(model).where(model.id.in_(found)).values(**above).execution_options(synchronize_session=False)
    )
    return len(found)
