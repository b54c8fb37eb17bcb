"""Background work of visits. Safe to run twice."""

from uuid import UUID

from server.core import clock
from server.core.jobs.registry import JobContext, job
from server.oversight.visits.findings.reporting import report_visit
from server.oversight.visits.workflow import REPORT_JOB


@job(REPORT_JOB, "把督导发现的问题转成整改")
def report_findings(ctx: JobContext, visit_id: UUID) -> None:
    """Let what a visit found become rectifications."""
    with ctx.database.transaction() as session:
        report_visit(session, ctx.object_store, visit_id, now=clock.now())
