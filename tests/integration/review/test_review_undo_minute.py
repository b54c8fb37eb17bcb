"""The minute in which a decision is taken back by one key: nobody outside review hears of it before that is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core import clock
from server.core.db import Database
from server.core.ids import new_id
from server.core.jobs.models import Job
from server.kit.deadlines.calendar.working_days import due_after
from server.review.followers.queries import list_joint_reporters
from server.review.rectification.models import Rectification
from server.review.rectification.subscriptions import on_submission_accepted
from server.review.submissions.announcing.held_back import announce
from server.review.submissions.events import SubmissionAccepted
from server.review.submissions.models import Status, Submission
from server.rewards.points.models import PointsTransfer
from tests.integration.anonymity.conftest import report_anonymously
from tests.integration.review.conftest import Reviewer
from tests.support.callers import Phone
from tests.support.images import jpeg
from tests.support.world import Someone, World

pytestmark = pytest.mark.settings(announce_seconds=60)
Load = Callable[[UUID], Submission]
RunJobs = Callable[..., None]


@pytest.fixture
def hazard_id(phone: Phone, world: World, run_jobs: RunJobs) -> UUID:
    reported = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    run_jobs()
    return reported


@pytest.fixture
def pass_a_minute(run_jobs: RunJobs, time_machine: Any) -> Callable[[], None]:
    """The minute goes by, and the worker does what is due."""

    def wait() -> None:
        time_machine.move_to(clock.now() + timedelta(seconds=61))
        run_jobs()

    return wait


def titles(phone: Phone) -> list[str]:
    return [each["title"] for each in phone.get("/api/v1/inbox?limit=50").ok().json["items"]]


def rows(database: Database, table: Any) -> list[Any]:
    with database.reading() as session:
        return list(session.scalars(select(table)))


def test_accepted_undone_and_accepted_again_is_one_message_one_credit_and_one_rectification(
    town: Reviewer, phone: Phone, hazard_id: UUID, database: Database, pass_a_minute: Callable[[], None]
) -> None:
    town.move(hazard_id, "accept", grade="3")
    town.move(hazard_id, "reopen")
    town.move(hazard_id, "accept", grade="2")
    assert titles(phone) == ["已收到你的隐患"]
    pass_a_minute()
    pass_a_minute()
    assert titles(phone) == ["你的隐患已受理", "已收到你的隐患"]
    assert len(rows(database, PointsTransfer)) == 1
    (rectification,) = rows(database, Rectification)
    assert rectification.grade == 2


def test_what_was_undone_within_the_minute_leaves_nothing_outside_review(
    town: Reviewer, phone: Phone, hazard_id: UUID, database: Database, row_of: Load,
    pass_a_minute: Callable[[], None],
) -> None:  # fmt: skip
    for move, fields in (
        ("accept", {"grade": "3"}),
        ("decline", {"reply": "不是隐患"}),
        ("return", {"reply": "在哪？"}),
    ):
        town.move(hazard_id, move, **fields)
        town.move(hazard_id, "reopen")
    pass_a_minute()
    assert titles(phone) == ["已收到你的隐患"]
    assert rows(database, PointsTransfer) == rows(database, Rectification) == []
    assert row_of(hazard_id).status is Status.QUEUED


def test_a_name_opened_within_the_minute_takes_nothing_of_the_decision_away(
    reviewer_of: Callable[[Someone], Reviewer], phone: Phone, database: Database, world: World,
    pass_a_minute: Callable[[], None],
) -> None:  # fmt: skip
    city = reviewer_of(world.people.city_reviewer)
    hazard_id = report_anonymously(phone, jpeg(), enterprise_id=world.unions.shipyard)
    city.move(hazard_id, "accept", grade="3")
    city.move(hazard_id, "disclose", reply="发放奖励")
    pass_a_minute()
    assert "你的隐患已受理" in titles(phone)
    assert len(rows(database, Rectification)) == 1


def test_taken_back_after_the_minute_the_reporter_is_told_so(
    town: Reviewer, phone: Phone, hazard_id: UUID, pass_a_minute: Callable[[], None]
) -> None:
    town.move(hazard_id, "accept", grade="3")
    pass_a_minute()
    town.move(hazard_id, "reopen", note="看错了")
    assert {"你的隐患已受理", "正在重新审核", "整改建议已收回"} <= set(titles(phone))


def test_the_days_to_put_it_right_count_from_the_decision(
    town: Reviewer, hazard_id: UUID, database: Database, pass_a_minute: Callable[[], None]
) -> None:
    decided = clock.now()
    town.move(hazard_id, "accept", grade="3", rectify_days="5")
    pass_a_minute()
    (rectification,) = rows(database, Rectification)
    assert rectification.due_at == due_after(decided, 5)
    assert abs(rectification.opened_at - decided) < timedelta(seconds=30)


def test_telling_twice_tells_once(
    town: Reviewer, phone: Phone, hazard_id: UUID, database: Database, row_of: Load,
    pass_a_minute: Callable[[], None],
) -> None:  # fmt: skip
    town.move(hazard_id, "decline", reply="不是隐患")
    step_id = row_of(hazard_id).pending_step_id
    assert step_id is not None
    pass_a_minute()
    with database.transaction() as session:  # the worker was killed before it could strike out its job
        announce(session, step_id)
        announce(session, new_id())
    assert titles(phone).count("这次没有受理") == 1
    assert rows(database, Job) == []


def test_an_acceptance_heard_of_twice_opens_one_rectification(
    town: Reviewer, hazard_id: UUID, database: Database, row_of: Load, pass_a_minute: Callable[[], None]
) -> None:
    town.move(hazard_id, "accept", grade="3")
    step_id = row_of(hazard_id).pending_step_id
    assert step_id is not None
    pass_a_minute()
    with database.transaction() as session:
        heard = SubmissionAccepted(at=clock.now(), submission_id=hazard_id, step_id=step_id, grade=3)
        on_submission_accepted(session, heard)
    assert len(rows(database, Rectification)) == 1


def test_a_merge_undone_within_the_minute_made_nobody_a_joint_reporter(
    town: Reviewer, phone_of: Callable[[Someone], Phone], hazard_id: UUID, database: Database, world: World,
    pass_a_minute: Callable[[], None],
) -> None:  # fmt: skip
    colleague = phone_of(world.people.colleague)
    later = colleague.report(jpeg(2), enterprise_id=world.unions.shipyard)
    town.move(later, "mark_duplicate", target_id=str(hazard_id))
    town.move(later, "reopen")
    pass_a_minute()
    assert titles(colleague) == ["已收到你的隐患"]
    town.move(later, "mark_duplicate", target_id=str(hazard_id))
    pass_a_minute()
    assert titles(colleague).count("已有人报过同一处") == 1
    with database.reading() as session:
        assert list_joint_reporters(session, [hazard_id])[hazard_id] == [world.people.colleague.id]


def test_a_batch_undone_within_the_minute_is_told_to_nobody(
    town: Reviewer, phone: Phone, hazard_id: UUID, row_of: Load, pass_a_minute: Callable[[], None]
) -> None:
    batch = f"/console/queue/batches/{new_id()}"
    fields = {"move": "accept", "grade": "3", "item": f"{hazard_id}:{row_of(hazard_id).version}"}
    town.desk.post(batch, fields).ok()
    assert row_of(hazard_id).status is Status.ACCEPTED
    town.desk.post(f"{batch}/undo", {}).ok()
    assert row_of(hazard_id).status is Status.QUEUED
    pass_a_minute()
    assert titles(phone) == ["已收到你的隐患"]
