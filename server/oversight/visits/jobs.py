"""Background work of visits. Safe to run twice."""

from uuid import UUID

from sqlalchemy import select, update

from server.core import clock
from server.core.jobs.registry import JobContext, job
from server.kit.scope import ancestors_above, is_left_behind
from server.oversight.visits.findings.reporting import report_visit
from server.oversight.visits.models import Visit
from server.oversight.visits.workflow import REPORT_JOB
from server.unions.tree.queries import get_union

FOLLOW_JOB = "visits.follow_union"
BATCH = 500


@job(REPORT_JOB, "把督导发现的问题转成整改")
def report_findings(ctx: JobContext, visit_id: UUID) -> None:
    """Let what a visit found become rectifications."""
    with ctx.database.transaction() as session:
        report_visit(session, ctx.object_store, visit_id, now=clock.now())


@job(FOLLOW_JOB, "督导跟着调整的单位走")
def follow_union(ctx: JobContext, union_id: UUID) -> None:
    """Give visits below a union that moved its present ancestors, in small transactions."""
    more = True
    while more:
        with ctx.database.transaction() as session:
            union = get_union(session, union_id)
            above = ancestors_above(union)
            if not above:
                return
            left = select(Visit.id).where(is_left_behind(Visit, union)).limit(BATCH).with_for_update()
            found = session.scalars(left).all()
            session.execute(
                update(Visit).where(Visit.id.in_(found)).values(**above).execution_options(synchronize_session=False)
            )
            more = len(found) == BATCH
