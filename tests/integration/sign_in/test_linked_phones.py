"""Phones that are linked to an account, by which one signs in and whose owner hears of every change."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from server.core.db import Database
from server.unions.scans.models import LinkedPhone
from tests.integration.sign_in.scanning import STATE, actions, confirm, enter, look, show
from tests.support.callers import Answer, Desk, InProcess, Phone
from tests.support.scanning import link_phone, show_link_code
from tests.support.world import PASSWORD, Someone, World


def test_a_phone_is_linked_when_both_sides_agree(
    desk_of: Callable[[Someone], Desk], phone_of: Callable[[Someone], Phone], codes: list[str], world: World,
    database: Database,
) -> None:  # fmt: skip
    desk, phone = desk_of(world.people.town_reviewer), phone_of(world.people.newcomer)
    page = "/console/account/phones"
    show_link_code(desk).ok()
    seen = look(phone, codes[0]).ok().json
    assert (seen["purpose"], seen["username"]) == ("link", "seaside")
    phone.post(f"/api/v1/scans/{seen['id']}/confirm").ok()
    assert "李工" in desk.get(f"{STATE}?shown=seen&purpose=link").text
    with database.reading() as session:
        assert session.scalars(select(LinkedPhone)).all() == []
    desk.post("/console/account/phones/links", form="/console/").ok()
    assert "李工" in desk.get(page).text
    desk.post(f"{page}/{world.people.newcomer.id}/unlink", form="/console/").ok()
    assert "李工" not in desk.get(page).text
    assert [each for each in actions(database) if each.startswith("account.phone_")] == [
        "account.phone_linked",
        "account.phone_unlinked",
    ]


def test_a_code_for_linking_signs_nobody_in(
    desk_of: Callable[[Someone], Desk], codes: list[str], reviewer_phone: Phone, world: World, app: Flask
) -> None:
    desk = desk_of(world.people.admin)
    show_link_code(desk).ok()
    confirm(reviewer_phone, codes[0]).ok()
    assert isinstance(desk.transport, InProcess)
    cookie = desk.transport.client.get_cookie("ssp_scan", path="/console")
    assert cookie is not None
    other = InProcess(app)
    other.client.set_cookie("ssp_scan", cookie.value, path="/console")
    enter(Desk(other))
    assert Desk(other).get("/console/").status in (302, 303)


def test_one_cannot_unlink_somebody_elses_phone(
    desk_of: Callable[[Someone], Desk], reviewer_phone: Phone, world: World
) -> None:
    desk = desk_of(world.people.other_town_reviewer)
    answer = desk.post(f"/console/account/phones/{world.people.worker.id}/unlink", form="/console/")
    assert answer.status == 404


def test_linking_asks_for_the_password(desk_of: Callable[[Someone], Desk], codes: list[str], world: World) -> None:
    desk = desk_of(world.people.town_reviewer)
    for password in ("", "wrong-password"):
        answer = show_link_code(desk, password)
        assert (answer.status, "密码" in answer.text) == (422, True)
    assert codes == []


def secure_by_changing(owner: Desk, _manager: Desk, _who: Someone) -> Answer:
    fields = {"current": PASSWORD, "password": "another good one 7", "again": "another good one 7"}
    return owner.post("/console/account/password", fields, form="/console/")


def secure_by_ending_others(owner: Desk, _manager: Desk, _who: Someone) -> Answer:
    return owner.post("/console/account/sessions/end-others", form="/console/")


def secure_by_resetting(_owner: Desk, manager: Desk, who: Someone) -> Answer:
    return manager.post(f"/console/people/{who.id}/password", form="/console/")


def secure_by_ending_all(_owner: Desk, manager: Desk, who: Someone) -> Answer:
    return manager.post(f"/console/people/{who.id}/sessions/end", form="/console/")


@pytest.mark.parametrize(
    "secure", [secure_by_changing, secure_by_ending_others, secure_by_resetting, secure_by_ending_all]
)
def test_no_linked_phone_survives_what_secures_an_account(
    desk_of: Callable[[Someone], Desk], phone_of: Callable[[Someone], Phone], app: Flask, codes: list[str],
    world: World, database: Database, secure: Callable[[Desk, Desk, Someone], Answer],
) -> None:  # fmt: skip
    owner, manager = desk_of(world.people.town_reviewer), desk_of(world.people.admin)
    phone = phone_of(world.people.newcomer)
    link_phone(owner, phone, codes)
    thief = Desk(InProcess(app))
    show(thief)
    confirm(phone, codes[-1]).ok()
    assert secure(owner, manager, world.people.town_reviewer).status < 400
    enter(thief)
    assert thief.get("/console/").status == 303
    show(thief)
    assert look(phone, codes[-1]).code == "no_account"
    with database.reading() as session:
        assert session.scalars(select(LinkedPhone)).all() == []


def test_a_manager_sees_and_unlinks_phones_and_nobody_else_does(
    desk_of: Callable[[Someone], Desk], phone_of: Callable[[Someone], Phone], codes: list[str], world: World
) -> None:
    people = world.people
    link_phone(desk_of(people.town_reviewer), phone_of(people.newcomer), codes)
    page = f"/console/people/{people.town_reviewer.id}/phones"
    unlink = f"{page}/{people.newcomer.id}/unlink"
    for who, status in (
        (people.other_district_reviewer, 404), (people.enterprise_reviewer, 403), (people.town_reviewer, 403),
    ):  # fmt: skip
        assert desk_of(who).get(page).status == status
        assert desk_of(who).post(unlink, form="/console/").status == status
    manager = desk_of(people.district_reviewer)
    assert page in manager.get(f"/console/people/{people.town_reviewer.id}").ok().text
    assert "李工" in manager.get(page).ok().text
    assert manager.post(unlink, form="/console/").status == 303
    assert "李工" not in manager.get(page).ok().text


def test_the_owner_is_told_of_every_change_to_how_the_account_is_signed_in_to(
    desk_of: Callable[[Someone], Desk], phone_of: Callable[[Someone], Phone], codes: list[str], world: World
) -> None:
    owner, phone = desk_of(world.people.town_reviewer), phone_of(world.people.newcomer)
    link_phone(owner, phone, codes)
    secure_by_resetting(owner, desk_of(world.people.admin), world.people.town_reviewer).ok()
    told = [item["body"].split("”")[1].split("。")[0] for item in phone.get("/api/v1/inbox").ok().json["items"]]
    assert sorted(told) == ["换了密码", "绑定了一部扫码登录的手机", "解除了一部扫码登录的手机"]
    page = desk_of(world.people.district_reviewer).get("/console/account").ok().text
    assert "账号最近的变动" in page
