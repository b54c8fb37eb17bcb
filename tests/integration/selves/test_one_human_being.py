"""Account, linked phone, one unionid, one proved number: one human being in every rule about what is one's own."""

from collections.abc import Callable
from uuid import UUID

import pytest

from server.core import clock
from server.core.db import Database
from server.unions.people.profile.actions import admit_wechat_user
from server.unions.phones.actions import keep_proved_phone
from tests.integration.rectification.conftest import Hand
from tests.integration.selves.conftest import Awards, Case, Link
from tests.support.callers import Answer, Desk, Phone
from tests.support.images import jpeg
from tests.support.versions import version_of
from tests.support.world import DEMO_APP, Someone, World

HandOf = Callable[[Someone], Hand]


def accept(desk: Desk, submission_id: UUID, grade: str = "3") -> Answer:
    fields = {"version": version_of(desk, submission_id), "grade": grade}
    return desk.post(f"/console/submissions/{submission_id}/accept", fields)


@pytest.fixture
def reported(phone: Phone, world: World) -> UUID:
    """A hazard that the worker sent."""
    return phone.report(jpeg(), enterprise_id=world.unions.shipyard)


def test_nobody_decides_on_what_their_linked_phone_sent(
    hand_of: HandOf, link: Link, reported: UUID, world: World
) -> None:
    people = world.people
    link(people.town_reviewer, people.worker)
    assert accept(hand_of(people.town_reviewer).desk, reported).status == 403
    assert accept(hand_of(people.district_reviewer).desk, reported).status == 303


def test_unlinking_the_phone_does_not_make_another_person_of_it(
    hand_of: HandOf, link: Link, reported: UUID, world: World
) -> None:
    people = world.people
    link(people.town_reviewer, people.worker)
    desk = hand_of(people.town_reviewer).desk
    assert desk.post(f"/console/account/phones/{people.worker.id}/unlink", form="/console/").status == 303
    assert accept(desk, reported).status == 403


def test_a_phone_that_moves_between_two_accounts_makes_no_one_of_both(
    hand_of: HandOf, link: Link, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    people = world.people
    link(people.town_reviewer, people.colleague)
    link(people.district_reviewer, people.colleague)
    link(people.town_reviewer, people.worker)
    hazard_id = phone_of(people.worker).report(jpeg(), enterprise_id=world.unions.shipyard)
    assert accept(hand_of(people.town_reviewer).desk, hazard_id).status == 403
    assert accept(hand_of(people.district_reviewer).desk, hazard_id).status == 303


def test_whoever_put_it_right_does_not_confirm_it_from_their_phone(
    accepted: Callable[..., Case], rectifier: Hand, link: Link, phone: Phone, world: World
) -> None:
    case = accepted()
    link(world.people.enterprise_reviewer, world.people.worker)
    rectifier.submit(case.row)
    assert phone.post(f"/api/v1/submissions/{case.submission_id}/rectification/confirm", {}).code == "own_rectification"


def test_nobody_rechecks_what_their_phone_reported(
    accepted: Callable[..., Case], rectifier: Hand, town: Hand, link: Link, world: World
) -> None:
    case = accepted()
    rectifier.submit(case.row)
    link(world.people.town_reviewer, world.people.worker)
    assert town.move(case.row, "close", way="on_site").status == 403


def test_nobody_publishes_or_scores_an_award_of_their_phone(
    awards: Awards, closed: Callable[..., Case], link: Link, world: World
) -> None:
    closed(grade=1)
    (batch_id,) = awards.scheme()
    assert awards.post(f"/{batch_id}/compute") == 303
    link(world.people.city_reviewer, world.people.worker)
    assert awards.post(f"/{batch_id}/publish") == 403


def test_who_answers_for_the_enterprise_gets_no_award_through_their_phone(
    awards: Awards, closed: Callable[..., Case], link: Link, world: World
) -> None:
    closed(grade=1)
    link(world.people.enterprise_reviewer, world.people.worker)
    (batch_id,) = awards.scheme(exclude_duty="true")
    assert awards.post(f"/{batch_id}/compute") == 303
    (entry,) = awards.entries(batch_id)
    assert (entry.status, entry.reason) == ("excluded", "整改这条隐患是本人的职责，按方案不奖")


def test_one_human_being_has_one_award_of_a_batch(
    awards: Awards, closed: Callable[..., Case], rectifier: Hand, town: Hand, world: World, database: Database,
    phone_of: Callable[[Someone], Phone],
) -> None:  # fmt: skip
    closed(grade=1)
    second = Case(database, phone_of(world.people.colleague).report(jpeg(), enterprise_id=world.unions.shipyard))
    assert accept(town.desk, second.submission_id, grade="1").status == 303
    rectifier.submit(second.row)
    assert town.move(second.row, "close", way="on_site").status == 303
    share_unionid(database, "worker-1", "worker-2")
    (batch_id,) = awards.scheme()
    assert awards.post(f"/{batch_id}/compute") == 303
    statuses = sorted(entry.status for entry in awards.entries(batch_id))
    assert statuses[0] == "excluded"
    assert statuses[1] != "excluded"


def test_one_unionid_is_one_human_being(
    hand_of: HandOf, link: Link, database: Database, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    people = world.people
    link(people.town_reviewer, people.worker)
    share_unionid(database, "worker-1", "worker-2")
    hazard_id = phone_of(people.colleague).report(jpeg(), enterprise_id=world.unions.shipyard)
    assert accept(hand_of(people.town_reviewer).desk, hazard_id).status == 403


def test_the_number_of_an_account_that_a_phone_proves_is_one_human_being(
    hand_of: HandOf, database: Database, reported: UUID, world: World
) -> None:
    people = world.people
    edit = {"version": "1", "name": "郑审", "phone": "13800138000", "enterprise_id": ""}
    admin = hand_of(people.admin).desk
    assert admin.post(f"/console/people/{people.town_reviewer.id}", edit).status == 303
    with database.transaction() as session:
        keep_proved_phone(session, people.worker.id, "13800138000", by="wechat", now=clock.now())
    assert accept(hand_of(people.town_reviewer).desk, reported).status == 403


def share_unionid(database: Database, *openids: str) -> None:
    """WeChat tells the same unionid of several whom the mini program had known without."""
    with database.transaction() as session:
        for openid in openids:
            admit_wechat_user(session, DEMO_APP, openid, "one-unionid", now=clock.now())
