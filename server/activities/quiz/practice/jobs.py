"""Background work of practice."""

from datetime import datetime
from uuid import UUID

from server.activities.quiz.practice.actions import take_up
from server.core.jobs.registry import JobContext, job


@job("quiz.take_up_practice", "收错题到练习")
def take_up_practice(ctx: JobContext, person_id: UUID, version_ids: str, at: str) -> None:
    """Keep what somebody got wrong for practice. `version_ids`: hex, joined by commas; `at`: ISO 8601."""
    with ctx.database.transaction() as session:
        take_up(session, person_id, [UUID(each) for each in version_ids.split(",")], at=datetime.fromisoformat(at))
