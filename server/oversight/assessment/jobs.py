"""Background work of assessments. Safe to run twice."""

from uuid import UUID

from server.core import clock
from server.core.jobs.registry import JobContext, job
from server.kit.workflow import perform_held
from server.notifications.inbox.actions import deliver
from server.oversight.assessment.messages import results_told
from server.oversight.assessment.models import AssessmentMove, AssessmentStatus
from server.oversight.assessment.queries import get_run, list_some_units
from server.oversight.assessment.running.counting import BATCH, count_some
from server.oversight.assessment.running.rescoring import JOB, rescore
from server.oversight.assessment.workflow import ASSESSMENTS


@job("assessment.count_units", "统计考核指标")
def count_units(ctx: JobContext, assessment_id: UUID) -> None:
    """Freeze what units said and what is counted of them, in small transactions."""
    more = True
    while more:
        with ctx.database.transaction() as session:
            more = count_some(session, assessment_id, now=clock.now())


@job("assessment.sum_units", "汇总考核得分")
def sum_units(ctx: JobContext, assessment_id: UUID) -> None:
    """Score every unit, and rank it among its peers: all of them at once, as ranks stand or fall together."""
    with ctx.database.transaction() as session:
        run = get_run(session, assessment_id, None, lock=True)
        if run.status is AssessmentStatus.SUMMING:
            context = ASSESSMENTS.context(session, run, actor=None, now=clock.now())
            perform_held(ASSESSMENTS, context, AssessmentMove.SUMMED)


@job(JOB, "异议采纳后重算得分")
def rescore_units(ctx: JobContext, assessment_id: UUID) -> None:
    """Score all of a run again."""
    rescore(ctx.database, assessment_id, clock.now())


@job("assessment.tell_results", "告知考核得分")
def tell_results(ctx: JobContext, assessment_id: UUID) -> None:
    """Tell units that their scores are there, some at a time; whoever was told is not told again."""
    after: UUID | None = None
    while True:
        with ctx.database.transaction() as session:
            units = list_some_units(session, assessment_id, after, BATCH)
            run = get_run(session, assessment_id, None)
            for told in results_told(session, run, units):
                deliver(session, told, now=clock.now())
            if len(units) < BATCH:
                return
            after = units[-1].id
