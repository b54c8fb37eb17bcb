"""Jobs that waited when the service was stopped for the upgrade."""

from sqlalchemy import select

from server.core.jobs.models import Job, JobState
from server.kit.following.jobs import FOLLOW
from tests.migrations.climbing import NEWEST, NOW, Old, Story, story


@story
def unions_that_moved_before_the_upgrade_are_still_followed(old: Old) -> Story:
    old = yield "0111"
    waiting = old.insert(
        "jobs", name="letters_of_old.follow_union", args={"union_id": "x"}, state="ready", priority=1, run_at=NOW,
        attempts=0, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    database = yield NEWEST
    with database.reading() as session:
        job = session.scalars(select(Job).where(Job.id == waiting)).one()
        assert (job.name, job.state) == (FOLLOW, JobState.READY)
