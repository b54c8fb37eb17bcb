"""Claims keep others off a submission; a page out of date is told so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from server.core.db import Database
from server.review.submissions.models import Move, Status, Submission, SubmissionStep
from tests.integration.review.conftest import Reviewer
from tests.support.world import Someone, World

Load = Callable[[UUID], Submission]
NOW = datetime.now(UTC)
Sit = Callable[[Someone], Reviewer]


def test_a_claim_keeps_others_off_and_names_who_has_it(
    town: Reviewer, reviewer_of: Sit, hazard_id: UUID, world: World, row_of: Load, database: Database
) -> None:
    assert town.move(hazard_id, "claim").status == 303
    first = row_of(hazard_id).claimed_until
    town.move(hazard_id, "claim")
    assert first is not None
    assert (row_of(hazard_id).claimed_until or first) > first
    district = reviewer_of(world.people.district_reviewer)
    refused = district.move(hazard_id, "accept", grade="1")
    assert refused.status == 409
    assert "郑审" in refused.text
    assert district.move(hazard_id, "claim").status == 409
    assert district.move(hazard_id, "release").status == 409
    with database.transaction() as session:
        session.execute(update(Submission).values(claimed_until=first - timedelta(hours=1)))
    assert district.move(hazard_id, "claim").status == 303


def test_a_claim_is_given_back_or_ends_with_the_decision(town: Reviewer, hazard_id: UUID, row_of: Load) -> None:
    town.move(hazard_id, "claim")
    assert town.move(hazard_id, "release").status == 303
    assert row_of(hazard_id).claimed_by_id is None
    town.move(hazard_id, "claim")
    town.move(hazard_id, "accept", grade="4")
    assert row_of(hazard_id).claimed_by_id is None


def test_what_is_only_open_is_held_for_minutes_and_leaves_one_step_however_often_it_is_renewed(
    town: Reviewer, hazard_id: UUID, row_of: Load, database: Database
) -> None:
    for _ in range(3):
        assert town.move(hazard_id, "claim", quietly="1").status == 204
    until = row_of(hazard_id).claimed_until
    assert until is not None
    assert until - datetime.now(UTC) <= timedelta(minutes=3)
    with database.reading() as session:
        claims = session.scalars(
            select(SubmissionStep).where(SubmissionStep.submission_id == hazard_id, SubmissionStep.move == Move.CLAIM)
        )
        assert len(claims.all()) == 1
    assert town.move(hazard_id, "release", quietly="1").status == 204
    assert row_of(hazard_id).claimed_by_id is None


def test_opening_shortens_no_claim_that_was_asked_for(town: Reviewer, hazard_id: UUID, row_of: Load) -> None:
    town.move(hazard_id, "claim")
    asked = row_of(hazard_id).claimed_until
    town.move(hazard_id, "claim", quietly="1")
    assert row_of(hazard_id).claimed_until == asked


def test_the_union_that_has_to_answer_takes_over_from_those_above_but_not_from_its_own(
    town: Reviewer, reviewer_of: Sit, hazard_id: UUID, world: World, row_of: Load
) -> None:
    enterprise = reviewer_of(world.people.enterprise_reviewer)
    district = reviewer_of(world.people.district_reviewer)
    district.move(hazard_id, "claim")
    assert town.move(hazard_id, "claim").status == 409
    assert "接手" in enterprise.open(hazard_id).text
    assert "可以接手" in enterprise.move(hazard_id, "accept", grade="3").text
    assert enterprise.move(hazard_id, "claim").status == 303
    assert row_of(hazard_id).claimed_by_id == world.people.enterprise_reviewer.id
    assert district.move(hazard_id, "claim").status == 409
    assert enterprise.move(hazard_id, "accept", grade="3").status == 303


def test_a_page_out_of_date_is_told_who_did_what(
    town: Reviewer, reviewer_of: Sit, hazard_id: UUID, world: World, row_of: Load
) -> None:
    stale = town.version_of(hazard_id)
    reviewer_of(world.people.district_reviewer).move(hazard_id, "accept", grade="1")
    answer = town.desk.post(f"/console/submissions/{hazard_id}/decline", {"version": stale, "reply": "不是隐患"})
    assert answer.status == 409
    assert "冯审" in answer.text
    assert "已受理" in answer.text
    assert row_of(hazard_id).status is Status.ACCEPTED


def test_claims_and_notes_leave_other_pages_valid(town: Reviewer, hazard_id: UUID) -> None:
    version = town.version_of(hazard_id)
    town.move(hazard_id, "claim")
    town.move(hazard_id, "note", note="看过了")
    fields = {"version": version, "grade": "3"}
    assert town.desk.post(f"/console/submissions/{hazard_id}/accept", fields).status == 303
