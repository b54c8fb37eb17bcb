"""What becomes of reports that were merged into one that ended: none of them is in nobody's hands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from server.core import clock
from server.core.db import Database
from server.core.settings import Settings
from server.privacy.jobs import remove_expired
from server.privacy.models import Erasure
from server.review.followers.queries import list_joint_reporters
from server.review.submissions.models import Status, Submission
from tests.integration.review.conftest import Reviewer
from tests.support.backends import job_context
from tests.support.callers import Desk, Phone
from tests.support.images import jpeg
from tests.support.world import Someone, World

PhoneOf = Callable[[Someone | None], Phone]
RowOf = Callable[[UUID], Submission]


@pytest.fixture
def colleague(phone_of: PhoneOf, world: World) -> Phone:
    return phone_of(world.people.colleague)


@pytest.fixture
def stranger(phone_of: PhoneOf, world: World) -> Phone:
    return phone_of(world.people.stranger)


@pytest.fixture
def town(desk_of: Callable[[Someone], Desk], world: World) -> Reviewer:
    return Reviewer(desk_of(world.people.town_reviewer))


@pytest.fixture
def row_of(database: Database) -> RowOf:
    def load(submission_id: UUID) -> Submission:
        with database.reading() as session:
            return session.get_one(Submission, submission_id)

    return load


@pytest.fixture
def target(phone: Phone, world: World) -> UUID:
    return phone.report(jpeg(), enterprise_id=world.unions.shipyard)


@pytest.fixture
def second(colleague: Phone, town: Reviewer, target: UUID, world: World) -> UUID:
    return merged(colleague, town, target, world)


@pytest.fixture
def third(stranger: Phone, town: Reviewer, second: UUID, target: UUID, world: World) -> UUID:
    del second  # it only has to be there first
    return merged(stranger, town, target, world)


def merged(phone: Phone, town: Reviewer, target: UUID, world: World) -> UUID:
    """A report of the same thing, merged into `target`."""
    report = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    assert town.move(report, "mark_duplicate", target_id=str(target)).status == 303
    return report


def messages(phone: Phone) -> list[Any]:
    return list(phone.get("/api/v1/inbox?limit=50").ok().json["items"])


def titles(phone: Phone) -> list[str]:
    return [each["title"] for each in messages(phone)]


def withdraw(phone: Phone, report: UUID) -> None:
    assert phone.post(f"/api/v1/submissions/{report}/withdraw").status == 200


def test_when_the_target_is_withdrawn_the_earliest_merged_report_takes_its_place_and_the_others_go_with_it(
    phone: Phone, town: Reviewer, target: UUID, second: UUID, third: UUID, row_of: RowOf,
    run_jobs: Callable[..., None], database: Database, world: World,
) -> None:  # fmt: skip
    withdraw(phone, target)
    run_jobs()
    heir, other = row_of(second), row_of(third)
    assert (heir.status, heir.duplicate_of_id, heir.decided_at) == (Status.QUEUED, None, None)
    assert heir.due_at is not None
    assert heir.due_at > clock.now()
    assert (other.status, other.duplicate_of_id) == (Status.DUPLICATE, second)
    assert f"/console/submissions/{second}" in town.desk.get("/console/queue").text
    with database.reading() as session:
        joint = list_joint_reporters(session, [target, second])
    assert joint == {target: [], second: [world.people.stranger.id]}


def test_those_whose_reports_come_back_are_told_so_and_see_it(
    phone: Phone, colleague: Phone, stranger: Phone, target: UUID, second: UUID, third: UUID,
    run_jobs: Callable[..., None],
) -> None:  # fmt: skip
    withdraw(phone, target)
    run_jobs()
    assert titles(colleague)[0] == "你的内容接着单独审核"
    assert "原来并到的那一条撤回了" in messages(colleague)[0]["body"]
    assert titles(stranger)[0] == "改并到另一条一起处理"
    seen = colleague.get(f"/api/v1/submissions/{second}").ok().json
    assert (seen["status"], seen["timeline"][-1]["kind"]) == ("queued", "requeue")
    assert stranger.get(f"/api/v1/submissions/{third}").ok().json["timeline"][-1]["kind"] == "relink"


def test_a_target_that_was_returned_and_then_withdrawn_leaves_nothing_behind(
    phone: Phone, town: Reviewer, target: UUID, second: UUID, row_of: RowOf, run_jobs: Callable[..., None]
) -> None:
    town.move(target, "return", reply="在哪一层？")
    withdraw(phone, target)
    run_jobs()
    assert row_of(second).status is Status.QUEUED


def test_a_refusal_that_stands_gives_the_merged_reports_a_review_of_their_own(
    town: Reviewer,
    colleague: Phone,
    target: UUID,
    second: UUID,
    row_of: RowOf,
    run_jobs: Callable[..., None],
    time_machine: Any,
) -> None:
    town.move(target, "decline", reply="照片看不清")
    run_jobs()
    assert row_of(second).status is Status.DUPLICATE  # the refusal may still be taken back
    time_machine.move_to(clock.now() + timedelta(minutes=11))
    run_jobs()
    assert row_of(second).status is Status.QUEUED
    assert "原来并到的那一条没有受理" in messages(colleague)[0]["body"]


def test_a_refusal_that_was_undone_moves_nobody(
    town: Reviewer,
    target: UUID,
    second: UUID,
    row_of: RowOf,
    run_jobs: Callable[..., None],
    time_machine: Any,
) -> None:
    town.move(target, "decline", reply="照片看不清")
    town.move(target, "reopen")
    time_machine.move_to(clock.now() + timedelta(minutes=11))
    run_jobs()
    assert row_of(second).status is Status.DUPLICATE


def test_the_heir_of_an_heir_is_found_too(
    phone: Phone, colleague: Phone, target: UUID, second: UUID, third: UUID, row_of: RowOf,
    run_jobs: Callable[..., None],
) -> None:  # fmt: skip
    withdraw(phone, target)
    run_jobs()
    withdraw(colleague, second)
    run_jobs()
    assert row_of(third).status is Status.QUEUED


def test_who_joined_in_stands_behind_the_one_that_takes_its_place(
    phone: Phone, stranger: Phone, target: UUID, second: UUID, run_jobs: Callable[..., None], database: Database,
    world: World,
) -> None:  # fmt: skip
    stranger.put(f"/api/v1/submissions/{target}/follow", {"is_joint": True}).ok()
    withdraw(phone, target)
    run_jobs()
    (followed,) = stranger.get("/api/v1/follows").ok().json["items"]
    assert followed["id"] == str(second)


def test_followers_of_what_was_withdrawn_without_a_successor_are_told_to_report_it_themselves(
    phone: Phone, stranger: Phone, target: UUID, run_jobs: Callable[..., None]
) -> None:
    stranger.put(f"/api/v1/submissions/{target}/follow", {"is_joint": True}).ok()
    withdraw(phone, target)
    run_jobs()
    (told,) = messages(stranger)
    assert told["title"] == "你关注的这一条撤回了"
    assert "自己拍照上报" in told["body"]


def test_nothing_is_merged_into_what_was_declined(
    colleague: Phone, town: Reviewer, target: UUID, row_of: RowOf, world: World
) -> None:
    town.move(target, "decline", reply="不是隐患")
    report = colleague.report(jpeg(), enterprise_id=world.unions.shipyard)
    answer = town.move(report, "mark_duplicate", target_id=str(target))
    assert answer.status == 422
    assert "那一条没有受理" in answer.text
    assert row_of(report).status is Status.QUEUED


def test_what_an_erased_person_was_asked_goes_back_into_the_queue_and_they_are_asked_nothing_more(
    colleague: Phone,
    town: Reviewer,
    row_of: RowOf,
    run_jobs: Callable[..., None],
    world: World,
    desk_of: Callable[[Someone], Desk],
    database: Database,
    settings: Settings,
) -> None:
    report = colleague.report(jpeg(), enterprise_id=world.unions.shipyard)
    town.move(report, "return", reply="在哪一层？")
    colleague.post("/api/v1/me/erasure", {"confirm": True}).ok()
    with database.transaction() as session:  # the week is over; an S3 store refuses clocks that are wrong
        session.execute(update(Erasure).values(due_at=clock.now() - timedelta(hours=2)))
    remove_expired(job_context(settings, database))
    run_jobs()
    assert row_of(report).status is Status.QUEUED
    again = Reviewer(desk_of(world.people.town_reviewer)).move(report, "return", reply="在哪一层？")
    assert "提交的人已注销" in again.text
    assert row_of(report).status is Status.QUEUED
