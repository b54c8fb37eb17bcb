"""Points through the public doors: given once, taken back with the decision, never edited."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from server.core import clock
from server.core.db import Database
from server.review.submissions.models import Submission
from server.rewards.points.actions import credit_points
from server.rewards.points.models import PointsTransfer
from server.rewards.points.queries import check_ledger
from tests.integration.rectification.conftest import Case, Hand
from tests.support.callers import Desk, Phone
from tests.support.ledgers import read_ledger
from tests.support.versions import version_of
from tests.support.world import Someone, World

Accepted = Callable[..., Case]


def points(phone: Phone) -> tuple[int, list[tuple[int, str]]]:
    """The balance and what it is made of, the newest first."""
    page = phone.get("/api/v1/points").ok().json
    return page["balance"], [(item["amount"], item["reason"]) for item in page["items"]]


def reopen(hand: Hand, case: Case) -> None:
    """Take the acceptance back."""
    sent = {"version": version_of(hand.desk, case.submission_id)}
    answer = hand.desk.post(f"/console/submissions/{case.submission_id}/reopen", sent)
    assert answer.status == 303, answer.text[:2000]


def test_an_accepted_and_closed_hazard_earns_points_by_its_grade(
    phone: Phone, accepted: Accepted, rectifier: Hand, town: Hand
) -> None:
    case = accepted(grade=2)
    assert points(phone) == (10, [(10, "较大隐患被受理")])
    rectifier.submit(case.row)
    assert town.move(case.row, "close", way="on_site").status == 303
    assert points(phone) == (15, [(5, "隐患整改销号"), (10, "较大隐患被受理")])


def test_a_decision_taken_back_takes_its_points_back_and_made_again_earns_again(
    phone: Phone, accepted: Accepted, town: Hand, database: Database
) -> None:
    case = accepted(grade=3)
    reopen(town, case)
    assert points(phone) == (0, [(-5, "审核决定已撤销"), (5, "一般隐患被受理")])
    fields = {"version": version_of(town.desk, case.submission_id), "grade": "1"}
    assert town.desk.post(f"/console/submissions/{case.submission_id}/accept", fields).status == 303
    assert points(phone)[0] == 20
    with database.reading() as session:
        ledger = check_ledger(session)
    assert (ledger.issued, ledger.taken_back, ledger.held, ledger.difference) == (25, 5, 20, 0)


def test_the_same_source_is_never_credited_twice(phone: Phone, accepted: Accepted, database: Database) -> None:
    case = accepted(grade=3)
    with database.transaction() as session:
        submission = session.get_one(Submission, case.submission_id)
        source = f"submission.accepted:{case.submission_id}"
        assert credit_points(session, "accepted_3", source, submission, actor_id=None, now=clock.now()) is None
    assert points(phone)[0] == 5


def test_the_database_itself_refuses_to_edit_the_ledger(accepted: Accepted, database: Database) -> None:
    """Any column of it but the town beside a transfer, which follows the submission."""
    accepted()
    columns = [column.name for column in PointsTransfer.__table__.columns if column.name != "town_id"]
    for act in (*(f"UPDATE points_transfers SET {name} = {name}" for name in columns), "DELETE FROM points_transfers"):
        with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
            session.execute(text(act))


def test_the_city_counters_a_credit_with_a_reason_once(
    phone: Phone, accepted: Accepted, desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    accepted(grade=3)
    with database.reading() as session:
        transfer_id = session.scalars(select(PointsTransfer.id)).one()
    city, town_ = desk_of(world.people.city_reviewer), desk_of(world.people.town_reviewer)
    path = f"/console/points/{transfer_id}/correct"
    assert town_.post(path, {"reason": "记错了"}).status == 403
    assert city.post(path, {"reason": ""}).status == 422
    assert city.post(path, {"reason": "记错了"}).status == 303
    assert city.post(path, {"reason": "记错了"}).status == 409
    assert points(phone) == (0, [(-5, "记错了"), (5, "一般隐患被受理")])


def test_the_ledger_shows_names_in_scope_alone_and_none_of_the_anonymous(
    accepted: Accepted, phone: Phone, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    accepted(grade=3)
    page = desk_of(world.people.enterprise_reviewer).get("/console/points").ok().text
    assert "赵工" in page
    assert "账目平衡" in page
    ledger = desk_of(world.people.enterprise_reviewer).get("/console/points/ledger.xlsx").ok().body
    assert {row["单位"] for row in read_ledger(ledger) if row["职工"] == "赵工"} == {"蓝海船舶修造有限公司"}
    number = phone.get("/api/v1/points").ok().json["items"][0]["number"]
    desk = desk_of(world.people.enterprise_reviewer)
    found, missed = (desk.get(f"/console/points?q={each}").ok().text for each in (number, "2020-1"))
    assert ("赵工" in found, "赵工" in missed) == (True, False)
    other = desk_of(world.people.other_enterprise_reviewer).get("/console/points").ok().text
    assert "赵工" not in other
    assert re.search("冲正</summary>", page) is None


def test_what_earns_how_much_is_data(
    phone: Phone, accepted: Accepted, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    fields = {f"accepted_{grade}": "7" for grade in range(1, 5)}
    fields |= {"closed": "1", "adopted": "1", "adopted_in_part": "1", "benefit": "1"}
    desk = desk_of(world.people.city_reviewer)
    assert desk.post("/console/points/rules", {**fields, "closed": "-1"}).status == 422
    assert desk.post("/console/points/rules", fields).status == 303
    accepted(grade=4)
    assert points(phone)[0] == 7
