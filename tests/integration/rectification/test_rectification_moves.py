"""Every move through the console's door: what it does, and each refusal."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.core import clock, ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.events import subscribe
from server.kit.deadlines.calendar.working_days import due_after
from server.review.rectification.events import RectificationEvent
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.submissions.models import Submission
from server.unions.accounts.models import Account
from server.unions.roles import Role
from tests.integration.rectification.conftest import AFTER, Case, Hand
from tests.support.callers import Phone
from tests.support.images import jpeg
from tests.support.world import Someone, World, make_account, make_person

Accepted = Callable[..., Case]
HandOf = Callable[[Someone], Hand]


@pytest.fixture
def district(hand_of: HandOf, world: World) -> Hand:
    """The reviewer of the district above."""
    return hand_of(world.people.district_reviewer)


def test_the_enterprise_accepts(accepted: Accepted, rectifier: Hand) -> None:
    case = accepted()
    assert rectifier.move(case.row, "accept", text="马上整改").status == 303
    assert (case.row.status, case.row.answered_at is not None) == (RectifyStatus.ACCEPTED, True)
    assert case.steps[-1].text == "马上整改"


def test_an_objection_stops_the_clock_until_a_union_above_decides(
    accepted: Accepted, rectifier: Hand, district: Hand
) -> None:
    case = accepted(fields={"rectify_days": "5"})
    rectifier.move(case.row, "dispute", text="设备已停用").ok()
    assert (case.row.status, case.row.rest_days) == (RectifyStatus.DISPUTED, 5)
    district.move(case.row, "uphold", text="停用也要断电").ok()
    row = case.row
    assert (row.status, row.rest_days) == (RectifyStatus.ACCEPTED, None)
    assert row.due_at == due_after(row.updated_at, 5)


def test_an_objection_that_is_right_ends_it(accepted: Accepted, rectifier: Hand, town: Hand, phone: Phone) -> None:
    case = accepted()
    rectifier.move(case.row, "dispute", text="不是我单位的").ok()
    town.move(case.row, "drop", text="已核实").ok()
    assert case.row.status is RectifyStatus.VOIDED
    assert phone.get(f"/api/v1/submissions/{case.submission_id}").json["status_text"] == "无需整改"


def test_an_objection_is_made_once(accepted: Accepted, rectifier: Hand, town: Hand) -> None:
    case = accepted()
    rectifier.move(case.row, "dispute", text="不是").ok()
    town.move(case.row, "uphold", text="是").ok()
    assert rectifier.move(case.row, "dispute", text="还是不是").status == 409


def test_an_extension_is_granted_from_above_as_far_as_it_sees_fit(
    accepted: Accepted, rectifier: Hand, town: Hand
) -> None:
    case = accepted()
    before = case.row.due_at
    rectifier.move(case.row, "ask_extension", days="10", text="等配件").ok()
    assert case.row.asked_days == 10
    assert rectifier.move(case.row, "ask_extension", days="10", text="等配件").status == 409
    town.move(case.row, "grant_extension", days="7").ok()
    row = case.row
    assert (row.asked_days, row.due_at, row.first_due_at) == (None, due_after(before, 7), before)


def test_an_extension_is_never_longer_than_was_asked_for(accepted: Accepted, rectifier: Hand, town: Hand) -> None:
    case = accepted()
    rectifier.move(case.row, "ask_extension", days="10", text="等配件").ok()
    refused = town.move(case.row, "grant_extension", days="11")
    assert (refused.status, "申请的是 10 个工作日" in refused.text) == (422, True)
    assert case.row.asked_days == 10


def test_a_refused_extension_leaves_the_deadline(accepted: Accepted, rectifier: Hand, town: Hand) -> None:
    case = accepted()
    rectifier.move(case.row, "ask_extension", days="10", text="等配件").ok()
    town.move(case.row, "refuse_extension", text="可以先断电").ok()
    assert (case.row.asked_days, case.row.due_at) == (None, case.row.first_due_at)
    assert town.move(case.row, "grant_extension", days="3").status == 409


def test_the_enterprise_decides_neither_on_its_extension_nor_on_its_objection(
    accepted: Accepted, rectifier: Hand
) -> None:
    case = accepted()
    rectifier.move(case.row, "ask_extension", days="3", text="等配件").ok()
    assert rectifier.move(case.row, "grant_extension", days="3").status == 403
    rectifier.move(case.row, "dispute", text="不是").ok()
    assert case.row.asked_days is None
    assert rectifier.move(case.row, "drop", text="当然").status == 403
    assert case.row.status is RectifyStatus.DISPUTED


def test_done_waits_for_another_persons_recheck(accepted: Accepted, rectifier: Hand, town: Hand) -> None:
    case = accepted(fields={"rectify_days": "5"})
    rectifier.submit(case.row)
    row = case.row
    assert (row.status, row.rest_days) == (RectifyStatus.SUBMITTED, 5)
    assert rectifier.move(row, "close", way="on_site").status == 403
    town.move(row, "close", way="on_site", text="已核实").ok()
    row = case.row
    assert (row.status, row.recheck_way, row.rest_days) == (RectifyStatus.CLOSED, "on_site", None)
    assert row.closed_at is not None
    assert row.reopen_until == row.closed_at + timedelta(days=30)


def test_sent_back_the_rest_of_the_time_runs_on(accepted: Accepted, rectifier: Hand, town: Hand) -> None:
    case = accepted(fields={"rectify_days": "5"})
    rectifier.submit(case.row)
    town.move(case.row, "send_back", text="栏杆没有固定").ok()
    row = case.row
    assert (row.status, row.due_at) == (RectifyStatus.ACCEPTED, due_after(row.updated_at, 5))
    rectifier.submit(case.row, jpeg(72), text="已焊牢")
    assert case.moves == ["open", "submit", "send_back", "submit"]


def test_grave_hazards_are_closed_above_the_enterprise(
    accepted: Accepted, rectifier: Hand, town: Hand, world: World, database: Database, hand_of: HandOf
) -> None:
    colleague = hand_of(second_reviewer(database, world))
    grave, common = accepted(grade=2), accepted(grade=3)
    for case in (grave, common):
        rectifier.submit(case.row)
    assert colleague.move(grave.row, "close", way="by_photos").status == 403
    assert colleague.move(common.row, "close", way="by_photos").status == 303
    town.move(grave.row, "close", way="by_photos").ok()
    assert (grave.row.status, common.row.status) == (RectifyStatus.CLOSED, RectifyStatus.CLOSED)


def second_reviewer(database: Database, world: World) -> Someone:
    """Another reviewer of the shipyard, with the first one's password."""
    with database.transaction() as session:
        known = session.get_one(Account, world.people.enterprise_reviewer.id)
        person = make_person(session, "沈审", roles=((Role.ENTERPRISE_REVIEWER, world.unions.shipyard),))
        make_account(session, person, "shipyard-2", known.password_hash)
        return Someone(person.id, "沈审", username="shipyard-2")


def test_elsewhere_the_union_itself_answers_and_another_person_rechecks(
    accepted: Accepted, town: Hand, district: Hand, world: World
) -> None:
    case = accepted(enterprise_id=None, area_id=world.unions.seaside)
    town.move(case.row, "accept").ok()
    town.submit(case.row)
    assert town.move(case.row, "close", way="on_site").status == 403
    district.move(case.row, "close", way="on_site").ok()
    assert case.row.status is RectifyStatus.CLOSED


def test_only_the_addressee_answers(accepted: Accepted, town: Hand) -> None:
    case = accepted()
    for move, fields in (("accept", {}), ("dispute", {"text": "不是"}), ("ask_extension", {"days": "3", "text": "忙"})):
        assert town.move(case.row, move, **fields).status == 403
    assert town.declare(case.row, ids.new_id(), AFTER).code == "not_addressee"
    assert case.moves == ["open"]


def test_outside_of_the_scope_it_does_not_exist(accepted: Accepted, hand_of: HandOf, world: World) -> None:
    case = accepted()
    for who in (world.people.other_town_reviewer, world.people.other_enterprise_reviewer):
        other = hand_of(who)
        assert other.open(case.row.id).status == 404
        assert other.move(case.row, "note", note="看看").status == 404
        assert other.declare(case.row, ids.new_id(), AFTER).status == 404


def test_a_reviewer_does_not_close_what_they_reported(
    accepted: Accepted, rectifier: Hand, town: Hand, database: Database, world: World
) -> None:
    case = accepted()
    rectifier.submit(case.row)
    with database.transaction() as session:
        session.get_one(Submission, case.submission_id).reporter_id = world.people.town_reviewer.id
    answer = town.move(case.row, "close", way="on_site")
    assert answer.status == 403
    assert "您自己提交的" in answer.text


def test_a_page_that_is_behind_is_told_what_happened(accepted: Accepted, rectifier: Hand) -> None:
    case = accepted()
    stale = case.row
    rectifier.move(stale, "accept").ok()
    answer = rectifier.move(stale, "dispute", text="不是我单位的")
    assert answer.status == 409
    assert "周审“接受整改”" in answer.text
    assert "不是我单位的" in answer.text  # what was typed can be copied: the form is gone


@pytest.mark.parametrize(
    ("move", "fields"),
    [
        ("dispute", {}),
        ("ask_extension", {"text": "忙"}),
        ("ask_extension", {"days": "181", "text": "忙"}),
        ("note", {}),
    ],
)
def test_a_form_that_is_not_filled_in_changes_nothing(
    accepted: Accepted, rectifier: Hand, move: str, fields: dict[str, str]
) -> None:
    case = accepted()
    answer = rectifier.move(case.row, move, **fields)
    assert answer.status == 422
    assert "还有没填好的地方" in answer.text
    assert case.moves == ["open"]


def test_moves_that_nobody_makes_at_the_console_are_not_found(accepted: Accepted, town: Hand) -> None:
    case = accepted()
    for move in ("open", "void", "reopen", "submit", "nonsense"):
        assert town.move(case.row, move).status == 404


def test_notes_stay_among_unions(accepted: Accepted, rectifier: Hand, town: Hand, district: Hand) -> None:
    case = accepted()
    town.move(case.row, "note", note="企业多次拖延").ok()
    assert "企业多次拖延" in district.open(case.row.id).text
    assert "企业多次拖延" not in rectifier.open(case.row.id).text


def test_every_move_leaves_one_step_and_one_audit_row_and_what_concerns_others_one_event(
    accepted: Accepted, rectifier: Hand, town: Hand, database: Database
) -> None:
    heard: list[RectificationEvent] = []
    names = ("extension_asked", "extension_granted", "submitted", "closed")
    subscribe(RectificationEvent, lambda _session, event: heard.append(event))
    case = accepted()
    rectifier.move(case.row, "ask_extension", days="3", text="等配件").ok()
    town.move(case.row, "grant_extension", days="3").ok()
    rectifier.submit(case.row)
    town.move(case.row, "note", note="明天去看").ok()
    town.move(case.row, "close", way="on_site").ok()
    mine = [event for event in heard if event.rectification_id == case.row.id]
    assert [event.name for event in mine] == [f"rectification.{name}" for name in names]
    assert all(event.submission_id == case.submission_id for event in mine)
    silent = ("open", "note")  # the acceptance tells of the beginning
    assert [event.step_id for event in mine] == [step.id for step in case.steps if step.move not in silent]
    with database.reading() as session:
        entries = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_id == str(case.row.id)).order_by(AuditEntry.id)
        ).all()
    assert list(entries) == [f"rectification.{step.move}" for step in case.steps]


def test_overdue_the_deadline_still_gets_a_day_when_it_comes_back(
    accepted: Accepted, rectifier: Hand, town: Hand, database: Database
) -> None:
    case = accepted()
    with database.transaction() as session:
        session.get_one(Rectification, case.row.id).due_at = clock.now() - timedelta(days=9)
    rectifier.submit(case.row)
    assert case.row.rest_days == 0
    town.move(case.row, "send_back", text="没有整改").ok()
    assert case.row.due_at == due_after(case.row.updated_at, 1)
