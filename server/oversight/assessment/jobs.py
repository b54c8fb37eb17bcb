"""Background work of assessments. Safe to run twice."""

from uuid import UUID

from server.core import clock
from server.core.jobs.registry import JobContext, job
from server.kit import following
from server.oversight.assessment.models import AssessedUnit, Assessment
from server.oversight.assessment.running.counting import count_some

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
    """What lies below a union that moved."""
    following.follow_union(ctx.database, union_id, Assessment, AssessedUnit)
