"""How rectifications begin and end with the decision behind them."""

from collections.abc import Callable

from server.core.db import Database
from server.core.events import publish
from server.kit.deadlines.calendar.working_days import due_after
from server.review.rectification.models import RectifyStatus
from server.review.rectification.queries import find_rectification
from server.unions.tree.events import UnionMoved
from server.unions.tree.models import Union
from tests.integration.rectification.conftest import Case, Hand
from tests.support.world import World

Accepted = Callable[..., Case]


def test_an_accepted_hazard_is_suggested_to_the_enterprise(accepted: Accepted, world: World) -> None:
    advice = {"measures": "加装护栏", "responsible": "设备科王工", "rectify_days": "5"}
    case = accepted(fields=advice)
    row = case.row
    assert (row.status, row.grade, row.addressee_id) == (RectifyStatus.OPEN, 3, world.unions.shipyard)
    assert row.issuer_id == world.unions.seaside
    assert (row.measures, row.responsible) == ("加装护栏", "设备科王工")
    assert row.due_at == row.first_due_at == due_after(row.opened_at, 5)
    assert case.moves == ["open"]


def test_without_days_the_grade_says_how_many(accepted: Accepted) -> None:
    row = accepted(grade=1).row
    assert row.due_at == due_after(row.opened_at, 15)


def test_elsewhere_the_union_that_answers_for_the_place_is_addressed(accepted: Accepted, world: World) -> None:
    row = accepted(enterprise_id=None, area_id=world.unions.seaside).row
    assert (row.addressee_id, row.enterprise_id) == (world.unions.seaside, None)


def test_taking_the_decision_back_voids_it_and_accepting_again_opens_another(
    accepted: Accepted, town: Hand, database: Database
) -> None:
    case = accepted()
    first = case.row
    town.desk.post(f"/console/submissions/{case.submission_id}/reopen", {"version": "3"})
    assert case.row.status is RectifyStatus.VOIDED
    assert case.moves == ["open", "void"]
    assert (
        town.desk.post(f"/console/submissions/{case.submission_id}/accept", {"version": "4", "grade": "2"}).status
        == 303
    )
    with database.reading() as session:
        found = find_rectification(session, case.submission_id)
    assert found is not None
    assert (found.id != first.id, found.status, found.grade) == (True, RectifyStatus.OPEN, 2)


def test_once_the_enterprise_says_it_is_done_the_decision_stands(
    accepted: Accepted, rectifier: Hand, town: Hand
) -> None:
    case = accepted()
    page, reopening = f"/console/submissions/{case.submission_id}", f'{case.submission_id}/reopen"'
    assert reopening in town.desk.get(page).ok().text
    rectifier.submit(case.row)
    assert reopening not in town.desk.get(page).ok().text  # no page offers what must fail
    answer = town.desk.post(f"/console/submissions/{case.submission_id}/reopen", {"version": "3"})
    assert answer.status == 409
    assert "已经提交了整改结果" in answer.text
    assert case.row.status is RectifyStatus.SUBMITTED


def test_the_decision_stands_though_the_work_was_sent_back(accepted: Accepted, town: Hand, rectifier: Hand) -> None:
    case = accepted()
    rectifier.submit(case.row)
    town.move(case.row, "send_back", text="没有固定").ok()
    answer = town.desk.post(f"/console/submissions/{case.submission_id}/reopen", {"version": "3"})
    assert "已经提交了整改结果" in answer.text
    assert case.moves == ["open", "submit", "send_back"]


def test_a_union_that_moves_takes_its_rectifications_along(
    accepted: Accepted, database: Database, world: World, run_jobs: Callable[[], None]
) -> None:
    case = accepted()
    with database.transaction() as session:
        shipyard = session.get_one(Union, world.unions.shipyard)
        shipyard.parent_id, shipyard.town_id, shipyard.district_id = (
            world.unions.hillside, world.unions.hillside, world.unions.north,
        )  # fmt: skip
        session.flush()
        publish(session, UnionMoved(at=case.row.opened_at, union_id=shipyard.id))
    run_jobs()
    row = case.row
    assert (row.district_id, row.town_id, row.addressee_id) == (
        world.unions.north, world.unions.hillside, world.unions.shipyard,
    )  # fmt: skip
