"""Whom a phone number identifies: never somebody who only typed it."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from server.core import clock
from server.core.db import Database
from server.unions.accounts.models import Account
from server.unions.people.models import Person, RoleAssignment
from server.unions.phones.actions import keep_proved_phone
from tests.integration.unions.test_imports import _codes as _codes
from tests.integration.unions.test_imports import commit_path, complaints, upload_people
from tests.support.callers import Desk, InProcess, Phone
from tests.support.pages import squeeze
from tests.support.scanning import watch_codes
from tests.support.world import Someone, World

NUMBER = "13800138000"
CITY_REVIEWER = ["新审核员", NUMBER, None, "区市工会审核员", "SOUTH", "newone"]
Opens = Callable[[Someone], Desk]


@pytest.fixture
def admin(desk_of: Opens, world: World) -> Desk:
    return desk_of(world.people.admin)


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return watch_codes(monkeypatch)


def prove(database: Database, who: Someone) -> None:
    """WeChat's button gives the number of a worker."""
    with database.transaction() as session:
        keep_proved_phone(session, who.id, NUMBER, by="wechat", now=clock.now())


def holders(database: Database) -> list[str | None]:
    with database.reading() as session:
        named = select(Person.name).join(Account, Account.person_id == Person.id).where(Account.username == "newone")
        return list(session.scalars(named))


def test_a_worker_who_types_a_reviewers_number_gets_neither_role_nor_account(
    phone: Phone, admin: Desk, world: World, database: Database, app: Flask, codes: list[str]
) -> None:
    phone.patch("/api/v1/me", {"phone": NUMBER}).ok()
    shown = upload_people(admin, CITY_REVIEWER)
    assert "新建 1" in shown.text
    assert "赵工" not in shown.text
    admin.post(commit_path(shown)).ok()
    assert holders(database) == ["新审核员"]
    with database.reading() as session:
        assert (
            session.scalars(select(RoleAssignment).where(RoleAssignment.person_id == world.people.worker.id)).all()
            == []
        )
    desk = Desk(InProcess(app))
    desk.post("/console/sign-in/scan/codes", {"next": ""}, form="/console/sign-in").ok()
    assert phone.post("/api/v1/scans", {"code": codes[-1]}).code == "no_account"


def test_typing_the_number_of_an_imported_colleague_later_changes_nobody_but_oneself(
    phone: Phone, admin: Desk, database: Database
) -> None:
    admin.post(commit_path(upload_people(admin, CITY_REVIEWER))).ok()
    phone.patch("/api/v1/me", {"phone": NUMBER}).ok()
    again = upload_people(admin, ["改名", *CITY_REVIEWER[1:]])
    assert "更新 1" in squeeze(again.text)
    admin.post(commit_path(again)).ok()
    assert holders(database) == ["改名"]
    assert phone.get("/api/v1/me").json["name"] == "赵工"


def test_two_people_who_typed_one_number_do_not_block_an_import(
    phone_of: Callable[[Someone], Phone], admin: Desk, world: World, database: Database
) -> None:
    for who in (world.people.worker, world.people.colleague):
        phone_of(who).patch("/api/v1/me", {"phone": NUMBER}).ok()
    shown = upload_people(admin, CITY_REVIEWER)
    assert complaints(shown) == []
    admin.post(commit_path(shown)).ok()
    assert holders(database) == ["新审核员"]


def test_a_proved_number_finds_its_holder_and_the_preview_says_who_since_when_and_where(
    admin: Desk, world: World, database: Database
) -> None:
    prove(database, world.people.worker)
    shown = upload_people(admin, ["赵大工", *CITY_REVIEWER[1:]])
    text = html.unescape(re.sub(r"<[^>]+>", " ", shown.text))
    with database.reading() as session:
        day = clock.in_shanghai(session.get_one(Person, world.people.worker.id).created_at)
    known = f"改动：赵工，蓝海船舶修造有限公司，{day.year}年{day.month}月{day.day}日起，手机号本人已核实，没有账号"
    assert known in text
    assert "姓名改为赵大工；开通账号 newone；担任市南区总工会的区市工会审核员" in text
    admin.post(commit_path(shown)).ok()
    assert holders(database) == ["赵大工"]


def test_a_proved_number_that_is_typed_over_identifies_nobody_any_more(
    phone: Phone, admin: Desk, world: World, database: Database
) -> None:
    prove(database, world.people.worker)
    phone.patch("/api/v1/me", {"phone": "13900139000"}).ok()
    shown = upload_people(admin, [*CITY_REVIEWER[:1], "13900139000", *CITY_REVIEWER[2:]])
    assert "新建 1" in shown.text


def test_the_account_is_meant_where_worker_and_account_have_one_number(
    admin: Desk, world: World, database: Database
) -> None:
    admin.post(commit_path(upload_people(admin, CITY_REVIEWER))).ok()
    prove(database, world.people.worker)
    assert "没有变化 1" in upload_people(admin, CITY_REVIEWER).text


def test_a_number_that_the_office_wrote_down_finds_the_person_again(
    desk_of: Opens, phone: Phone, world: World, admin: Desk, database: Database
) -> None:
    phone.patch("/api/v1/me", {"phone": NUMBER}).ok()
    fields = {"version": "2", "name": "赵工", "phone": NUMBER, "enterprise_id": str(world.unions.shipyard)}
    assert desk_of(world.people.town_reviewer).post(f"/console/people/{world.people.worker.id}", fields).status == 303
    shown = upload_people(admin, CITY_REVIEWER)
    assert "更新 1" in squeeze(shown.text)
    assert "改动：赵工" in html.unescape(shown.text)


def test_pages_say_where_a_number_comes_from_before_anybody_gets_a_role(
    phone: Phone, admin: Desk, world: World
) -> None:
    """Found by a number that they typed, somebody else would be made a reviewer in good faith."""
    who = world.people.worker
    phone.patch("/api/v1/me", {"phone": NUMBER}).ok()
    assert "自己填的" in admin.get(f"/console/people?q={NUMBER}").ok().text
    page = admin.get(f"/console/people/{who.id}").ok().text
    assert "自己填的" in page
    assert "没有人核实过" in page
    version = admin.get(f"/console/people/{who.id}").text.partition('name="version" value="')[2].partition('"')[0]
    fields = {"version": version, "name": who.name, "phone": NUMBER, "enterprise_id": str(world.unions.shipyard)}
    assert admin.post(f"/console/people/{who.id}", fields).status == 303  # the office has called, and writes it down
    page = admin.get(f"/console/people/{who.id}").ok().text
    assert "单位登记的" in page
    assert "没有人核实过" not in page
