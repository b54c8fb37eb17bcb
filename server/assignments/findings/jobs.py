"""Background work of findings. Safe to run twice."""

from uuid import UUID

from server.assignments.findings.actions import JUDGED, REPORT, note_found, report_judged
from server.assignments.responses.queries import get_version
from server.core import clock
from server.core.jobs.registry import JobContext, job


@job(REPORT, "把不合格项转成隐患")
def report_findings(ctx: JobContext, recipient_id: str, number: int) -> None:
    """Let what an answer found become hazards."""
    with ctx.database.transaction() as session:
        sent = get_version(session, UUID(recipient_id), number)
        note_found(
            session, ctx.object_store, sent.recipient_id, sent.answers, by_id=sent.submitted_by_id,
            is_self_check=True, now=clock.now(),
        )  # fmt: skip


@job(JUDGED, "把判断为不合格的转成隐患")
def report_finding(ctx: JobContext, finding_id: str) -> None:
    """The same of what somebody competent says has failed."""
    with ctx.database.transaction() as session:
        report_judged(session, ctx.object_store, UUID(finding_id), now=clock.now())
