"""Background work on supervision. Safe to run twice."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.core.jobs.registry import JobContext, job
from server.kit.scope import ancestors_above, is_left_behind
from server.oversight.supervision.models import Draw, Plan, PlanUnit
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union

FOLLOW = "supervision.follow_union"
BATCH = 500


@job(FOLLOW, "督导计划跟着调整的单位走")
def follow_union(ctx: JobContext, union_id: UUID) -> None:
    """Give plans, draws and enterprises below a union that moved its present ancestors, in small transactions."""
    for model in (Plan, Draw, PlanUnit):
        more = True
        while more:
            with ctx.database.transaction() as session:
                more = _follow_some(session, model, get_union(session, union_id)) == BATCH


def _follow_some(session: Session, model: type[Plan] | type[Draw] | type[PlanUnit], union: Union) -> int:
    above = ancestors_above(union)
    if not above:
        return 0
    found = session.scalars(select(model.id).where(is_left_behind(model, union)).limit(BATCH).with_for_update()).all()
    session.execute(
        update(model).where(model.id.in_(found)).values(**above).execution_options(synchronize_session=False)
    )
    return len(found)
