"""Background work of inspections. Safe to run twice."""

from uuid import UUID

from sqlalchemy import select

from server.assignments.responses.models import ResponseVersion
from server.core import clock
from server.core.jobs.registry import JobContext, job
from server.oversight.inspections.actions import note_found
from server.oversight.inspections.models import SpotCheck

REPORT, REPORT_CHECK = "inspections.report_findings", "inspections.report_spot_check"


@job(REPORT, "把不合格项转成隐患")
def report_findings(ctx: JobContext, recipient_id: str, number: int) -> None:
    """Let what an answer found become hazards."""
    with ctx.database.transaction() as session:
        those = ResponseVersion.recipient_id == UUID(recipient_id), ResponseVersion.number == number
        sent = session.scalars(select(ResponseVersion).where(*those)).one()
        note_found(
            session, ctx.object_store, sent.recipient_id, sent.answers, by_id=sent.submitted_by_id,
            is_self_check=True, now=clock.now(),
        )  # fmt: skip


@job(REPORT_CHECK, "把抽查发现的不合格项转成隐患")
def report_spot_check(ctx: JobContext, check_id: str) -> None:
    """The same of what a union found itself."""
    with ctx.database.transaction() as session:
        check = session.get_one(SpotCheck, UUID(check_id))
        if check.checked_by_id is not None:
            note_found(
                session, ctx.object_store, check.recipient_id, check.answers, by_id=check.checked_by_id,
                is_self_check=False, now=clock.now(),
            )  # fmt: skip
