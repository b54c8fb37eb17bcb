"""Signing in to the console by scanning, and whoever tries to get in between."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import unquote

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from server.core import clock
from server.core.db import Database
from server.unions.accounts.models import Account
from server.unions.people.models import Person
from server.unions.scans import console as scans_console
from server.unions.scans.codes.pictures import draw_scan_code
from server.unions.scans.models import LinkedPhone, Scan, ScanPurpose
from tests.integration.sign_in.conftest import browser_at
from tests.integration.sign_in.scanning import ENTER, NEW, STATE, actions, confirm, enter, look, show
from tests.simulators.wechat.state import Fault, State
from tests.support.callers import Desk, InProcess, Phone
from tests.support.world import Someone, World


def test_a_reviewer_signs_in_by_scanning(
    desk: Desk, codes: list[str], reviewer_phone: Phone, database: Database, world: World
) -> None:
    page = desk.get("/console/sign-in/scan?next=/console/review").ok().text
    assert f'hx-post="{NEW}"' in page
    assert "data:image/svg+xml" in show(desk).text
    seen = look(reviewer_phone, codes[0]).ok().json
    assert (seen["username"], seen["purpose"], seen["state"]) == ("seaside", "sign_in", "seen")
    assert seen["same_network"] is True
    assert "已扫码" in desk.get(f"{STATE}?shown=waiting").text
    reviewer_phone.post(f"/api/v1/scans/{seen['id']}/confirm").ok()
    assert ENTER in desk.get(f"{STATE}?shown=seen").text
    answer = enter(desk)
    assert (answer.status, answer.headers["Location"]) == (303, "/console/review")
    assert desk.get("/console/").status == 200
    log = actions(database)
    assert log.index("sign_in.scan_confirmed") < log.index("sign_in.succeeded")


def test_the_page_is_answered_nothing_while_nothing_happens(desk: Desk, codes: list[str]) -> None:
    show(desk)
    assert desk.get(f"{STATE}?shown=waiting").status == 204


def test_the_phone_is_shown_what_is_being_signed_in_to(app: Flask, codes: list[str], reviewer_phone: Phone) -> None:
    windows = "Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36"
    transport = browser_at(app, REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT=windows)
    show(Desk(transport))
    seen = look(reviewer_phone, codes[0]).ok().json
    assert seen["device"] == "Windows 电脑 · Chrome"
    assert seen["address"] == "198.51.100.7"
    assert seen["same_network"] is False


def test_refused_on_the_phone_nobody_gets_in(
    desk: Desk, codes: list[str], reviewer_phone: Phone, database: Database
) -> None:
    show(desk)
    scan_id = look(reviewer_phone, codes[0]).json["id"]
    reviewer_phone.post(f"/api/v1/scans/{scan_id}/refuse").ok()
    assert "手机上选择了不登录" in desk.get(f"{STATE}?shown=seen").text
    assert enter(desk).status in (302, 303)
    assert desk.get("/console/").status in (302, 303)
    assert reviewer_phone.post(f"/api/v1/scans/{scan_id}/confirm").code == "scan_decided"
    assert "sign_in.scan_refused" in actions(database)


def test_another_browser_does_not_get_in(app: Flask, desk: Desk, codes: list[str], reviewer_phone: Phone) -> None:
    other = Desk(InProcess(app))
    show(desk)
    show(other)
    confirm(reviewer_phone, codes[0]).ok()
    enter(other)
    assert other.get("/console/").status in (302, 303)
    enter(desk)
    assert desk.get("/console/").status == 200


def test_a_code_is_entered_by_once_even_by_many_at_the_same_moment(
    app: Flask, desk: Desk, codes: list[str], reviewer_phone: Phone
) -> None:
    show(desk)
    confirm(reviewer_phone, codes[0]).ok()
    assert isinstance(desk.transport, InProcess)
    cookie = desk.transport.client.get_cookie("ssp_scan", path="/console")
    assert cookie is not None
    assert cookie.http_only

    def knock(_number: int) -> bool:
        other = InProcess(app)
        other.client.set_cookie("ssp_scan", cookie.value, path="/console")
        desk = Desk(other)
        enter(desk)
        return desk.get("/console/").status == 200

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(knock, range(5))) == 1


def test_a_code_lives_two_minutes(desk: Desk, codes: list[str], reviewer_phone: Phone) -> None:
    show(desk)
    with time_machine.travel(clock.now() + timedelta(minutes=2, seconds=1)):
        assert look(reviewer_phone, codes[0]).code == "scan_expired"
        assert "二维码已失效" in desk.get(f"{STATE}?shown=waiting").text


def test_a_confirmation_that_comes_late_is_refused(desk: Desk, codes: list[str], reviewer_phone: Phone) -> None:
    show(desk)
    scan_id = look(reviewer_phone, codes[0]).json["id"]
    with time_machine.travel(clock.now() + timedelta(minutes=2, seconds=1)):
        assert reviewer_phone.post(f"/api/v1/scans/{scan_id}/confirm").code == "scan_expired"


def test_a_confirmed_code_is_not_good_for_ever(desk: Desk, codes: list[str], reviewer_phone: Phone) -> None:
    show(desk)
    confirm(reviewer_phone, codes[0]).ok()
    with time_machine.travel(clock.now() + timedelta(seconds=31)):
        enter(desk)
        assert desk.get("/console/").status in (302, 303)


def test_only_who_scanned_first_decides(
    desk: Desk, codes: list[str], reviewer_phone: Phone, phone_of: Callable[[Someone], Phone], world: World,
    database: Database,
) -> None:  # fmt: skip
    with database.transaction() as session:
        session.add(
            LinkedPhone(person_id=world.people.colleague.id, account_id=world.people.admin.id, linked_at=clock.now())
        )
    colleague = phone_of(world.people.colleague)
    show(desk)
    scan_id = look(reviewer_phone, codes[0]).json["id"]
    assert look(colleague, codes[0]).code == "scan_taken"
    assert colleague.post(f"/api/v1/scans/{scan_id}/confirm").code == "scan_expired"
    reviewer_phone.post(f"/api/v1/scans/{scan_id}/confirm").ok()


def test_confirming_and_refusing_at_the_same_moment_is_one_of_both(
    desk: Desk, codes: list[str], reviewer_phone: Phone, app: Flask, database: Database
) -> None:
    show(desk)
    scan_id = look(reviewer_phone, codes[0]).json["id"]

    def decide(way: str) -> int:
        return Phone(InProcess(app), reviewer_phone.token).post(f"/api/v1/scans/{scan_id}/{way}").status

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(decide, ["confirm", "refuse"] * 3))
    assert sorted(statuses) == [200] * 3 + [409] * 3
    log = actions(database)
    assert log.count("sign_in.scan_confirmed") + log.count("sign_in.scan_refused") == 1


def test_a_worker_without_an_account_cannot_sign_anybody_in(
    desk: Desk, codes: list[str], phone_of: Callable[[Someone], Phone], world: World, reviewer_phone: Phone
) -> None:
    show(desk)
    assert look(phone_of(world.people.stranger), codes[0]).code == "no_account"
    look(reviewer_phone, codes[0]).ok()  # and has not used the code up


def test_a_reviewer_out_of_use_cannot_be_signed_in(
    desk: Desk, codes: list[str], reviewer_phone: Phone, database: Database, world: World
) -> None:
    show(desk)
    confirm(reviewer_phone, codes[0]).ok()
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.people.town_reviewer.id).values(is_active=False))
    enter(desk)
    assert desk.get("/console/").status in (302, 303)


def test_the_second_factor_is_asked_for_all_the_same(
    desk: Desk, codes: list[str], reviewer_phone: Phone, database: Database, world: World
) -> None:
    secret = pyotp.random_base32()
    with database.transaction() as session:
        mine = Account.person_id == world.people.town_reviewer.id
        session.execute(update(Account).where(mine).values(totp_secret=secret))
    show(desk)
    confirm(reviewer_phone, codes[0]).ok()
    assert enter(desk).headers["Location"] == "/console/sign-in/code"
    assert desk.get("/console/").status in (302, 303)
    code = pyotp.TOTP(secret).now()
    desk.post("/console/sign-in/code", {"code": code}, form="/console/sign-in/code").ok()
    assert desk.get("/console/").status == 200


@pytest.mark.parametrize("early", [True, False])
def test_a_scan_never_answers_for_an_account_whose_password_must_be_changed(
    desk: Desk, codes: list[str], reviewer_phone: Phone, database: Database, world: World, early: bool
) -> None:
    show(desk)
    if not early:
        confirm(reviewer_phone, codes[0]).ok()
    with database.transaction() as session:
        mine = Account.person_id == world.people.town_reviewer.id
        session.execute(update(Account).where(mine).values(must_change_password=True))
    if early:
        assert look(reviewer_phone, codes[0]).code == "password_must_change"
    assert enter(desk).headers["Location"] == "/console/sign-in"
    assert desk.get("/console/sign-in/new-password").status == 303


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/h5/", "/console/sign-in"])
def test_one_ends_up_in_the_console_and_nowhere_else(
    desk: Desk, codes: list[str], reviewer_phone: Phone, wanted: str
) -> None:
    show(desk, wanted)
    confirm(reviewer_phone, codes[0]).ok()
    assert enter(desk).headers["Location"] == "/console/"


def test_the_database_keeps_neither_code_nor_cookie(desk: Desk, codes: list[str], database: Database) -> None:
    show(desk)
    assert isinstance(desk.transport, InProcess)
    cookie = desk.transport.client.get_cookie("ssp_scan", path="/console")
    with database.reading() as session:
        scan = session.scalars(select(Scan)).one()
    assert cookie is not None
    assert {codes[0], cookie.value}.isdisjoint({scan.code_hash, scan.browser_hash, scan.wanted})


def test_entering_needs_the_forms_token(desk: Desk, codes: list[str], reviewer_phone: Phone) -> None:
    show(desk)
    confirm(reviewer_phone, codes[0]).ok()
    assert desk.transport.send("POST", ENTER).status == 400


def test_where_wechat_is_configured_the_code_is_wechats_own(wechat_app: Flask, wechat: State, codes: list[str]) -> None:
    desk = Desk(InProcess(wechat_app))
    page = show(desk).text
    assert "data:image/" in page
    assert "data:image/svg+xml" not in page
    body = wechat.received[-1]["body"]
    assert body["page"] == "pages/profile/scan"
    assert unquote(body["scene"]) == f"s={codes[0]}"
    assert len(body["scene"]) <= 32


def test_on_wechats_bad_days_the_code_is_a_link(wechat_app: Flask, wechat: State, codes: list[str]) -> None:
    wechat.faults.append(Fault("html", "/wxa/getwxacodeunlimit", times=9))
    assert "data:image/svg+xml" in show(Desk(InProcess(wechat_app))).text


def test_wechat_is_asked_outside_of_any_transaction(
    wechat_app: Flask, wechat: State, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database: Database = wechat_app.extensions["database"]
    seen: list[int] = []

    def watched(*args: object) -> object:
        with database.transaction() as session:  # would wait for a writer, were there one
            seen.append(len(session.scalars(select(Scan.id).where(Scan.purpose == ScanPurpose.SIGN_IN)).all()))
        return draw_scan_code(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(scans_console, "draw_scan_code", watched)
    show(Desk(InProcess(wechat_app)))
    assert seen == [1]
