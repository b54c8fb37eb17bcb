"""Background work of spot checks. Safe to run twice."""

from uuid import UUID

from server.assignments.findings.actions import note_found
from server.assignments.spot_checks.actions import REPORT_CHECK
from server.assignments.spot_checks.models import SpotCheck
from server.core import clock
from server.core.jobs.registry import JobContext, job


@job(REPORT_CHECK, "把抽查发现的不合格项转成隐患")
def report_check(ctx: JobContext, check_id: str) -> None:
    """Let what a union found itself become hazards."""
    with ctx.database.transaction() as session:
        check = session.get_one(SpotCheck, UUID(check_id))
        if check.checked_by_id is not None:
            note_found(
                session, ctx.object_store, check.recipient_id, check.answers, by_id=check.checked_by_id,
                is_self_check=False, now=clock.now(),
            )  # fmt: skip
