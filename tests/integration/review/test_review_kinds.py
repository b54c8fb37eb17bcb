"""Hazards and suggestions in one queue, each in its own words."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.db import Database
from server.review.submissions.models import Kind, Status, Submission, SubmissionStep
from tests.integration.review.conftest import Reviewer
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Phone
from tests.support.images import jpeg
from tests.support.world import World

Load = Callable[[UUID], Submission]


@pytest.fixture
def suggestion_id(database: Database, world: World) -> UUID:
    """A suggestion of the shipyard, waiting, as review sees it."""
    with database.transaction() as session:
        (made,) = insert_submissions(
            session, world, 1, datetime.now(UTC), kind=Kind.SUGGESTION, excerpt="换一种夹具", category="tools"
        )
    return made


def test_the_queue_is_narrowed_to_a_kind(town: Reviewer, phone: Phone, world: World, suggestion_id: UUID) -> None:
    hazard_id = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    for kind, shown, hidden in (("hazard", hazard_id, suggestion_id), ("suggestion", suggestion_id, hazard_id)):
        page = town.desk.get(f"/console/queue?kind={kind}").ok().text
        assert str(shown) in page
        assert str(hidden) not in page
    assert "未采纳" in town.desk.get("/console/queue?kind=suggestion").text


@pytest.mark.parametrize(
    ("move", "reply", "status", "chip"),
    [("accept", "", Status.ACCEPTED, "已采纳"), ("accept_in_part", "先改一条线", Status.ACCEPTED, "已采纳"),
     ("decline", "成本太高", Status.DECLINED, "未采纳")],
)  # fmt: skip
def test_a_suggestion_is_adopted_in_whole_in_part_or_not(
    town: Reviewer, suggestion_id: UUID, row_of: Load, move: str, reply: str, status: Status, chip: str
) -> None:
    assert town.move(suggestion_id, move, reply=reply).status == 303
    row = row_of(suggestion_id)
    assert (row.status, row.grade) == (status, None)
    assert chip in town.open(suggestion_id).text


def test_a_suggestion_is_offered_no_grade_and_a_hazard_no_adoption_in_part(
    town: Reviewer, phone: Phone, world: World, suggestion_id: UUID
) -> None:
    hazard_id = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    assert "data-set-grade" not in town.open(suggestion_id).text
    assert "panel-accept_in_part" in town.open(suggestion_id).text
    assert "panel-accept_in_part" not in town.open(hazard_id).text
    assert town.move(hazard_id, "accept_in_part", reply="一半").status == 409
    assert town.move(suggestion_id, "accept_in_part").status == 422


def test_kinds_are_not_merged_with_each_other(
    town: Reviewer, phone: Phone, world: World, suggestion_id: UUID, row_of: Load
) -> None:
    hazard_id = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    assert town.move(suggestion_id, "mark_duplicate", target_id=str(hazard_id)).status == 422
    assert row_of(suggestion_id).status is Status.QUEUED


def test_a_grade_given_to_a_batch_adopts_no_suggestion(
    town: Reviewer, phone: Phone, world: World, suggestion_id: UUID, row_of: Load
) -> None:
    hazard_id = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    items = [f"{each}:{row_of(each).version}" for each in (hazard_id, suggestion_id)]
    batch = "/console/queue/batches/01a20a30-12e5-757b-8e75-6297e2f707e2"
    assert town.desk.post(batch, {"move": "accept", "grade": "3", "item": items}).status == 303
    assert [row_of(each).grade for each in (hazard_id, suggestion_id)] == [3, None]
    assert row_of(suggestion_id).status is Status.QUEUED
    assert "不分等级" in town.desk.get(f"/console/queue?batch={batch.rsplit('/')[-1]}").text


def test_advice_goes_along_with_the_grade(town: Reviewer, phone: Phone, world: World, database: Database) -> None:
    hazard_id = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    advice = {"measures": "装门上锁", "responsible": "电工班", "rectify_days": "9"}
    assert town.move(hazard_id, "accept", grade="2", **advice).status == 303
    with database.reading() as session:
        data = session.scalars(select(SubmissionStep.data).where(SubmissionStep.move == "accept")).one()
    assert data is not None
    assert {key: data[key] for key in (*advice, "grade")} == {**advice, "rectify_days": 9, "grade": 2}
    page = town.open(hazard_id).text
    assert "措施：装门上锁" in page
    assert "/console/rectifications/" in page
