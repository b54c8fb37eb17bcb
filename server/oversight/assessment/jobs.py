"""Background work of assessments. Safe to run twice."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.core import clock
from server.core.jobs.registry import JobContext, job
from server.kit.scope import ancestors_above, is_left_behind
from server.oversight.assessment.models import AssessedUnit, Assessment
from server.oversight.assessment.running.counting import count_some
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union

BATCH = 500
FOLLOW = "assessment.follow_union"


@job("assessment.count_units", "统计考核指标")
def count_units(ctx: JobContext, assessment_id: UUID) -> None:
    """Freeze what units said and what is counted of them, in small transactions."""
    more = True
    while more:
        with ctx.database.transaction() as session:
            more = count_some(session, assessment_id, now=clock.now())


@job(FOLLOW, "考核跟着调整的单位走")
def follow_union(ctx: JobContext, union_id: UUID) -> None:
    """Give what lies below a union that moved its present ancestors."""
    for model in (Assessment, AssessedUnit):
        more = True
        while more:
            with ctx.database.transaction() as session:
                more = _follow_some(session, model, get_union(session, union_id)) == BATCH


def _follow_some(session: Session, model: type[Assessment] | type[AssessedUnit], union: Union) -> int:
    above = ancestors_above(union)
    if not above:
        return 0
    found = session.scalars(select(model.id).where(is_left_behind(model, union)).limit(BATCH).with_for_update()).all()
    session.execute(
        update(model).where(model.id.in_(found)).values(**above).execution_options(synchronize_session=False)
    )
    return len(found)
