"""Every move a reviewer makes, through the console's door."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.core import ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.kit.deadlines.calendar.working_days import due_after
from server.review.submissions.models import Status, Submission, SubmissionStep
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import Role
from tests.integration.review.conftest import Reviewer
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.images import jpeg
from tests.support.versions import version_of
from tests.support.world import Someone, World

Load = Callable[[UUID], Submission]
NOW = datetime.now(UTC)
Sit = Callable[[Someone], Reviewer]


def told(phone: Phone) -> str:
    """The newest message about the submission itself: points earned with it are told apart."""
    newest = next(item for item in phone.get("/api/v1/inbox").json["items"] if item["target"] is None)
    return f"{newest['title']} {newest['body']}"


def test_accepting_grades_it_and_tells_the_reporter(
    town: Reviewer, phone: Phone, hazard_id: UUID, row_of: Load
) -> None:
    assert town.move(hazard_id, "accept", grade="2", reply="马上整改", note="老问题").status == 303
    row = row_of(hazard_id)
    assert (row.status, row.grade, row.decided_at is not None) == (Status.ACCEPTED, 2, True)
    found = phone.get(f"/api/v1/submissions/{hazard_id}")
    assert (found.json["reply"], found.json["grade"]) == ("马上整改", 2)
    assert "老问题" not in found.text
    assert "马上整改" in told(phone)
    assert "较大" in told(phone)


@pytest.mark.parametrize(
    ("move", "fields"),
    [("accept", {}), ("accept", {"grade": "5"}), ("accept", {"grade": ""}), ("decline", {}), ("return", {"reply": " "}),
     ("mark_duplicate", {"target_id": "x"}), ("pass_up", {}), ("pass_down", {}), ("note", {"note": ""})],
)  # fmt: skip
def test_a_form_not_filled_in_comes_back_with_what_was_typed(
    town: Reviewer, hazard_id: UUID, row_of: Load, move: str, fields: dict[str, str]
) -> None:
    typed = {"note": "写了一半的备注"} if move not in ("pass_up", "note") else {}
    answer = town.move(hazard_id, move, **{**typed, **fields})
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert not typed or "写了一半的备注" in answer.text
    assert row_of(hazard_id).status is Status.QUEUED


def test_declining_gives_the_reason(town: Reviewer, phone: Phone, hazard_id: UUID, row_of: Load) -> None:
    town.move(hazard_id, "decline", reply="这里没有隐患")
    assert row_of(hazard_id).status is Status.DECLINED
    assert "这里没有隐患" in told(phone)


def test_a_note_is_for_reviewers_alone(town: Reviewer, phone: Phone, hazard_id: UUID) -> None:
    assert town.move(hazard_id, "note", note="上周也报过").status == 303
    assert "上周也报过" in town.open(hazard_id).text
    assert "上周也报过" not in phone.get(f"/api/v1/submissions/{hazard_id}").text
    assert [entry["kind"] for entry in phone.get(f"/api/v1/submissions/{hazard_id}").json["timeline"]] == [
        "create", "submit",
    ]  # fmt: skip


# --- duplicates -------------------------------------------------------------------------------------------------------


def test_a_duplicate_is_linked_both_ways(
    town: Reviewer, phone: Phone, hazard_id: UUID, world: World, row_of: Load
) -> None:
    other = phone.report(jpeg(2), enterprise_id=world.unions.shipyard, description="同一个配电箱")
    assert town.move(other, "mark_duplicate", target_id=str(hazard_id)).status == 303
    assert row_of(other).duplicate_of_id == hazard_id
    assert str(hazard_id) in town.open(other).text
    assert str(other) in town.open(hazard_id).text
    assert phone.get(f"/api/v1/submissions/{other}").json["duplicate_of"] == str(hazard_id)


def test_whose_duplicate_it_is_stays_hidden_from_other_reporters(
    town: Reviewer, phone: Phone, phone_of: Callable[[Someone], Phone], hazard_id: UUID, world: World
) -> None:
    colleague = phone_of(world.people.colleague)
    other = colleague.report(jpeg(2), enterprise_id=world.unions.shipyard)
    town.move(other, "mark_duplicate", target_id=str(hazard_id))
    assert colleague.get(f"/api/v1/submissions/{other}").json["duplicate_of"] is None


def test_duplicates_of_duplicates_lead_to_the_first(
    town: Reviewer, phone: Phone, hazard_id: UUID, world: World, row_of: Load
) -> None:
    second, third = (phone.report(jpeg(seed), enterprise_id=world.unions.shipyard) for seed in (2, 3))
    town.move(second, "mark_duplicate", target_id=str(hazard_id))
    town.move(third, "mark_duplicate", target_id=str(second))
    assert row_of(third).duplicate_of_id == hazard_id
    assert town.move(hazard_id, "mark_duplicate", target_id=str(third)).status == 422  # which leads back to itself


def test_what_others_were_merged_into_is_not_merged_itself(
    town: Reviewer, phone: Phone, hazard_id: UUID, world: World
) -> None:
    second, third = (phone.report(jpeg(seed), enterprise_id=world.unions.shipyard) for seed in (2, 3))
    town.move(second, "mark_duplicate", target_id=str(hazard_id))
    assert town.move(hazard_id, "mark_duplicate", target_id=str(third)).status == 409
    assert f"/{hazard_id}/mark_duplicate" not in town.open(hazard_id).text


def test_nobody_is_asked_back_who_is_not_there_any_more(
    town: Reviewer, hazard_id: UUID, world: World, database: Database
) -> None:
    asking = f"/{hazard_id}/return"
    assert asking in town.open(hazard_id).text
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.people.worker.id).values(is_active=False))
    assert town.move(hazard_id, "return", reply="在哪？").status == 409
    assert asking not in town.open(hazard_id).text


def test_only_what_is_visible_and_alive_can_be_a_target(
    town: Reviewer, phone: Phone, hazard_id: UUID, world: World
) -> None:
    elsewhere = phone.report(jpeg(2), enterprise_id=world.unions.brewery)
    withdrawn = phone.report(jpeg(3), enterprise_id=world.unions.shipyard)
    phone.post(f"/api/v1/submissions/{withdrawn}/withdraw").ok()
    for target in (hazard_id, elsewhere, withdrawn, ids.new_id()):
        assert town.move(hazard_id, "mark_duplicate", target_id=str(target)).status == 422


# --- routing ----------------------------------------------------------------------------------------------------------


def test_passed_up_it_is_out_of_the_hands_below(
    town: Reviewer, reviewer_of: Sit, hazard_id: UUID, world: World, row_of: Load, phone: Phone
) -> None:
    assert town.move(hazard_id, "pass_up", note="请区里定").status == 303
    assert row_of(hazard_id).routed_union_id == world.unions.south
    assert "市南区总工会" in told(phone)
    for who in (world.people.town_reviewer, world.people.enterprise_reviewer):
        assert reviewer_of(who).move(hazard_id, "accept", grade="1").status == 403
    assert reviewer_of(world.people.district_reviewer).move(hazard_id, "accept", grade="1").status == 303


def test_passed_down_the_branch_it_keeps_its_place(
    reviewer_of: Sit, hazard_id: UUID, world: World, row_of: Load
) -> None:
    district = reviewer_of(world.people.district_reviewer)
    assert district.move(hazard_id, "pass_down", union_id=str(world.unions.seaside)).status == 303
    row = row_of(hazard_id)
    assert (row.routed_union_id, row.enterprise_id) == (world.unions.seaside, world.unions.shipyard)


def test_passed_down_another_branch_it_belongs_there(
    reviewer_of: Sit, hazard_id: UUID, world: World, row_of: Load
) -> None:
    city = reviewer_of(world.people.city_reviewer)
    city.move(hazard_id, "pass_down", union_id=str(world.unions.hillside))
    row = row_of(hazard_id)
    assert (row.district_id, row.town_id, row.enterprise_id) == (world.unions.north, world.unions.hillside, None)
    assert reviewer_of(world.people.town_reviewer).open(hazard_id).status == 404
    assert reviewer_of(world.people.other_town_reviewer).open(hazard_id).status == 200


@pytest.mark.parametrize("target", ["south", "city", "north", "hillside", "seaside", "team"])
def test_down_means_down_ones_own_branch(town: Reviewer, hazard_id: UUID, world: World, target: str) -> None:
    assert town.move(hazard_id, "pass_down", union_id=str(getattr(world.unions, target))).status == 422


def test_the_city_is_the_top(reviewer_of: Sit, hazard_id: UUID, world: World) -> None:
    assert reviewer_of(world.people.city_reviewer).move(hazard_id, "pass_up", note="x").status == 403


def test_passing_on_keeps_the_promise_to_the_reporter(town: Reviewer, hazard_id: UUID, row_of: Load) -> None:
    before = row_of(hazard_id).due_at
    town.move(hazard_id, "pass_up", note="请区里定")
    assert row_of(hazard_id).due_at == before


def test_whoever_gets_it_late_has_a_working_day_at_least(
    town: Reviewer, hazard_id: UUID, row_of: Load, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(update(Submission).values(due_at=Submission.created_at))
    town.move(hazard_id, "pass_up", note="请区里定")
    assert row_of(hazard_id).due_at == due_after(datetime.now(UTC), 1)


# --- undoing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "fields"),
    [("accept", {"grade": "1"}), ("decline", {"reply": "不是"}), ("return", {"reply": "在哪？"})],
)
def test_a_fresh_decision_can_be_taken_back(
    town: Reviewer, hazard_id: UUID, row_of: Load, move: str, fields: dict[str, str]
) -> None:
    town.move(hazard_id, move, **fields)
    assert town.move(hazard_id, "reopen").status == 303
    row = row_of(hazard_id)
    assert (row.status, row.grade, row.decided_at, row.rest_days) == (Status.QUEUED, None, None, None)


def test_an_old_decision_is_reopened_from_above_with_a_reason(
    town: Reviewer, reviewer_of: Sit, hazard_id: UUID, world: World, database: Database, row_of: Load
) -> None:
    town.move(hazard_id, "decline", reply="不是隐患")
    with database.transaction() as session:
        step = session.scalars(select(SubmissionStep).where(SubmissionStep.move == "decline")).one()
        step.at -= timedelta(hours=1)
    district = reviewer_of(world.people.district_reviewer)
    assert town.move(hazard_id, "reopen", note="我看错了").status == 403
    assert district.move(hazard_id, "reopen").status == 422
    assert district.move(hazard_id, "reopen", note="照片里很清楚").status == 303
    assert row_of(hazard_id).status is Status.QUEUED


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["other_town_reviewer", "other_district_reviewer", "other_enterprise_reviewer"])
def test_other_branches_see_nothing(reviewer_of: Sit, hazard_id: UUID, world: World, who: str, row_of: Load) -> None:
    other = reviewer_of(getattr(world.people, who))
    assert other.open(hazard_id).status == 404
    assert str(hazard_id) not in other.desk.get("/console/queue?status=all").text
    for move in ("claim", "accept", "note"):
        fields = {"version": "2", "grade": "1", "note": "x"}
        assert other.desk.post(f"/console/submissions/{hazard_id}/{move}", fields).status == 404
    assert row_of(hazard_id).status is Status.QUEUED


def test_nobody_decides_on_what_they_sent_in(
    desk_of: Callable[[Someone], Desk], phone: Phone, hazard_id: UUID, world: World, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(update(Submission).values(reporter_id=world.people.town_reviewer.id))
    own = Reviewer(desk_of(world.people.town_reviewer))
    assert "您自己提交" in own.open(hazard_id).text
    assert own.move(hazard_id, "accept", grade="1").status == 403
    assert own.move(hazard_id, "claim").status == 403


def test_the_administrator_looks_but_does_not_decide(reviewer_of: Sit, hazard_id: UUID, world: World) -> None:
    admin = reviewer_of(world.people.admin)
    assert admin.open(hazard_id).status == 200
    assert admin.move(hazard_id, "accept", grade="1").status == 403


def test_with_two_roles_one_acts_where_either_reaches(
    desk_of: Callable[[Someone], Desk], phone: Phone, hazard_id: UUID, world: World, database: Database
) -> None:
    who = world.people.other_town_reviewer
    with database.transaction() as session:
        session.add(
            RoleAssignment(
                id=ids.new_id(), person_id=who.id, role=Role.ENTERPRISE_REVIEWER, union_id=world.unions.shipyard,
                granted_by_id=None, granted_at=session.get_one(Submission, hazard_id).created_at,
            )
        )  # fmt: skip
    brewery = phone.report(jpeg(2), enterprise_id=world.unions.brewery)
    both = Reviewer(desk_of(who))
    shown = both.desk.get("/console/queue").text
    assert str(hazard_id) in shown
    assert str(brewery) in shown
    assert both.move(hazard_id, "accept", grade="1").status == 303
    assert both.move(brewery, "accept", grade="1").status == 303


@pytest.mark.parametrize("move", ["create", "submit", "withdraw", "answer", "nonsense"])
def test_other_peoples_moves_have_no_door(town: Reviewer, hazard_id: UUID, move: str) -> None:
    assert town.move(hazard_id, move).status == 404


def test_every_move_leaves_a_step_and_an_audit_row(
    town: Reviewer, hazard_id: UUID, world: World, database: Database
) -> None:
    town.move(hazard_id, "claim")
    town.move(hazard_id, "accept", grade="2", reply="好")
    with database.reading() as session:
        steps = session.scalars(
            select(SubmissionStep).where(SubmissionStep.submission_id == hazard_id).order_by(SubmissionStep.id)
        ).all()
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_id == str(hazard_id)).order_by(AuditEntry.id)
        ).all()
    assert [step.move for step in steps] == ["create", "submit", "claim", "accept"]
    assert [action for action in actions if action != "submission.view_private"] == [
        "submission.create", "submission.submit", "submission.claim", "submission.accept",
    ]  # fmt: skip
    assert steps[-1].data == {"grade": 2}
    assert steps[-1].union_id == world.unions.seaside


def test_looking_at_who_reported_is_on_record(
    town: Reviewer, hazard_id: UUID, world: World, database: Database
) -> None:
    town.open(hazard_id)
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "submission.view_private")).one()
    assert (entry.subject_id, entry.actor_id) == (str(hazard_id), world.people.town_reviewer.id)


def test_the_whole_number_of_a_reporter_is_shown_on_request_above_the_enterprise_and_on_record(
    reviewer_of: Sit, town: Reviewer, hazard_id: UUID, world: World, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Person, world.people.worker.id).phone = "13800001234"
    enterprise, path = reviewer_of(world.people.enterprise_reviewer), f"/console/submissions/{hazard_id}/phone"
    page, theirs = town.open(hazard_id).text, enterprise.open(hazard_id).text
    assert ["138****1234" in text for text in (page, theirs)] == [True, True]
    assert ["13800001234" in text for text in (page, theirs)] == [False, False]
    assert [path in text for text in (page, theirs)] == [True, False]
    assert enterprise.desk.get(path).status == 403
    answer = town.desk.get(path).ok()
    assert "13800001234" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "submission.phone_viewed")).one()
    assert (entry.subject_id, entry.actor_id) == (str(hazard_id), world.people.town_reviewer.id)


def test_the_enterprise_does_not_learn_who_reported_it(
    reviewer_of: Sit, town: Reviewer, hazard_id: UUID, world: World
) -> None:
    assert "赵工" in town.open(hazard_id).text
    page = reviewer_of(world.people.enterprise_reviewer).open(hazard_id).text
    assert "赵工" not in page
    assert "赵*" in page


def test_a_decision_costs_as_many_statements_in_a_full_queue_as_in_an_empty_one(
    town: Reviewer, phone: Phone, world: World, database: Database
) -> None:
    def cost() -> int:
        hazard_id = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
        sent = {"version": version_of(town.desk, hazard_id), "grade": "3"}
        with count_statements(database.engine) as statements:
            assert town.desk.post(f"/console/submissions/{hazard_id}/accept", sent).status == 303
        return len(statements)

    cost()
    few = cost()
    with database.transaction() as session:
        insert_submissions(session, world, 60, NOW - timedelta(days=1))
    assert cost() == few <= 35
