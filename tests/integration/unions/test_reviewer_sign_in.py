"""Reviewers sign in: password, code, one-time password; guessers wait, others do not."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from server.core import clock
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.unions.accounts.models import Account
from server.unions.people.models import Person, RoleAssignment
from tests.support.callers import Answer, Desk, InProcess
from tests.support.world import PASSWORD, Someone, World

NEW_PASSWORD = "an0ther-good-one"
STRANGER = "203.0.113."


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(InProcess(app))


def from_address(app: Flask, address: str) -> Desk:
    """A browser at another address."""
    transport = InProcess(app)
    assert isinstance(transport.client, FlaskClient)
    transport.client.environ_base["REMOTE_ADDR"] = address
    return Desk(transport)


def attempt(desk: Desk, username: str, password: str = "wrong-password", **fields: str) -> Answer:
    return desk.post("/console/sign-in", {"username": username, "password": password, **fields})


def cookie(desk: Desk, name: str) -> str | None:
    assert isinstance(desk.transport, InProcess)
    found = desk.transport.client.get_cookie(name, path="/console")
    return found.value if found else None


def enrol(desk: Desk) -> str:
    """Switch the second factor on. Returns its secret."""
    return enrolled(desk)[0]


def enrolled(desk: Desk) -> tuple[str, Answer]:
    """Switch the second factor on. Returns its secret, and what is shown then."""
    page = desk.get("/console/account/totp").text
    secret = _found(r'<code class="break">(\w+)<', page)
    enrolment = html.unescape(_found(r'name="enrolment" value="([^"]+)"', page))
    fields = {"enrolment": enrolment, "code": pyotp.TOTP(secret).at(clock.now()), "current": PASSWORD}
    return secret, desk.post("/console/account/totp", fields, form="/console/account/totp").ok()


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, pattern
    return match[1]


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_who_is_not_signed_in_is_asked_to_and_goes_on_to_where_they_wanted(desk: Desk) -> None:
    asked = desk.get("/console/people?q=%E7%94%B2")
    assert asked.status == 303
    form = desk.get(asked.headers["Location"]).ok()
    wanted = html.unescape(_found(r'name="next" value="([^"]+)"', form.text))
    answer = attempt(desk, "admin", PASSWORD, next=wanted)
    assert (answer.status, answer.headers["Location"]) == (303, "/console/people?q=%E7%94%B2")
    assert desk.get(answer.headers["Location"]).status == 200


@pytest.mark.parametrize(
    "wanted", ["https://example.org/", "//example.org/console/", "/console//example.org", "/api/v1/me"]
)
def test_nobody_is_sent_elsewhere(desk: Desk, wanted: str) -> None:
    assert attempt(desk, "admin", PASSWORD, next=wanted).headers["Location"] == "/console/"


def test_a_background_request_is_told_to_load_the_sign_in_page(desk: Desk) -> None:
    answer = desk.get("/console/people", **{"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/console/sign-in"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    attempt(desk, "admin", PASSWORD)
    assert isinstance(desk.transport, InProcess)
    for name in ("ssp_session", "ssp_device"):
        kept = desk.transport.client.get_cookie(name, path="/console")
        assert kept is not None
        assert kept.http_only
        assert kept.same_site == "Lax"
        assert not kept.secure  # plain http on this machine


@pytest.mark.settings(public_url="https://ssp.example.org")
def test_over_https_the_cookies_are_secure(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/console/sign-in", base_url="https://ssp.example.org").text
    fields = {
        "csrf_token": html.unescape(_found(r'name="csrf_token" value="([^"]+)"', page)),
        "username": "admin",
        "password": PASSWORD,
    }
    headers = {"Referer": "https://ssp.example.org/console/sign-in"}
    answer = client.post("/console/sign-in", data=fields, base_url="https://ssp.example.org", headers=headers)
    cookies = answer.headers.getlist("Set-Cookie")
    assert len([line for line in cookies if "ssp_session=" in line or "ssp_device=" in line]) == 2
    assert all("Secure" in line for line in cookies)


@pytest.mark.parametrize("username", ["admin", "nobody-of-that-name"])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(desk: Desk, username: str) -> None:
    answer = attempt(desk, username)
    assert answer.status == 401
    assert "登录名或密码不对" in answer.text


def test_names_are_known_in_any_case(desk: Desk) -> None:
    assert attempt(desk, " Admin ", PASSWORD).status == 303


@pytest.mark.parametrize("name", ["ａｄｍｉｎ", "\u202dadmin\u202c", "admin\u200b\r\n"])
def test_names_and_passwords_may_be_pasted_with_what_nobody_sees(desk: Desk, name: str) -> None:
    assert attempt(desk, name, f" \ufeff{PASSWORD}\u200b\r\n").status == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"username": "", "password": "x"},
        {"username": "admin", "password": ""},
        {"username": "a" * 41, "password": "x"},
        {"username": "\u200b\x00", "password": "x"},
    ],
)
def test_half_a_form_comes_back_with_what_is_missing(desk: Desk, fields: dict[str, str]) -> None:
    answer = desk.post("/console/sign-in", fields)
    assert answer.status == 422
    assert "field-error" in answer.text


def test_without_the_forms_token_nobody_gets_in(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/console/sign-in", data={"username": "admin", "password": PASSWORD}).status_code == 400


def test_signing_in_changes_the_session_and_ends_the_one_before(desk: Desk, app: Flask) -> None:
    attempt(desk, "admin", PASSWORD)
    before = cookie(desk, "ssp_session")
    attempt(desk, "city", PASSWORD)
    assert cookie(desk, "ssp_session") != before
    old = Desk(InProcess(app))
    assert isinstance(old.transport, InProcess)
    old.transport.client.set_cookie("ssp_session", str(before), path="/console")
    assert old.get("/console/account").status == 303


def test_signing_out_ends_the_session(desk_of: Callable[[Someone], Desk], world: World) -> None:
    desk = desk_of(world.people.admin)
    kept = cookie(desk, "ssp_session")
    assert desk.post("/console/sign-out").status == 303
    assert isinstance(desk.transport, InProcess)
    desk.transport.client.set_cookie("ssp_session", str(kept), path="/console")
    assert desk.get("/console/").status == 303


def test_a_session_ends_by_itself(app: Flask, desk_of: Callable[[Someone], Desk], world: World) -> None:
    desk = desk_of(world.people.admin)
    hours = app.extensions["settings"].console_session_hours
    with time_machine.travel(clock.now() + timedelta(hours=hours, minutes=1)):
        assert desk.get("/console/account").status == 303


def test_a_role_taken_away_is_gone_with_the_next_request(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    desk = desk_of(world.people.town_reviewer)
    desk.get("/console/people").ok()
    with database.transaction() as session:
        held = session.scalars(select(RoleAssignment).where(RoleAssignment.person_id == world.people.town_reviewer.id))
        session.delete(held.one())
    assert desk.get("/console/people").status == 403


def test_somebody_deactivated_is_out_at_once_and_stays_out(
    desk_of: Callable[[Someone], Desk], world: World, database: Database, app: Flask
) -> None:
    desk = desk_of(world.people.town_reviewer)
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.people.town_reviewer.id).values(is_active=False))
    assert desk.get("/console/people").status == 303
    assert attempt(Desk(InProcess(app)), "seaside", PASSWORD).status == 401


def test_five_wrong_passwords_take_waiting_until_the_time_told(desk: Desk) -> None:
    with time_machine.travel(datetime(2026, 11, 2, 6, 30, tzinfo=UTC), tick=False):
        for _ in range(5):
            assert attempt(desk, "admin").status == 401
        answer = attempt(desk, "admin", PASSWORD)
        assert answer.status == 429
        assert "请在 14:31:01 之后再试" in answer.text
    with time_machine.travel(datetime(2026, 11, 2, 6, 31, 1, tzinfo=UTC), tick=False):
        assert attempt(desk, "admin", PASSWORD).status == 303


def test_unknown_names_take_waiting_too(desk: Desk) -> None:
    statuses = [attempt(desk, "nobody-of-that-name").status for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def test_a_stranger_cannot_lock_out_somebody_elsewhere(app: Flask) -> None:
    guesser = from_address(app, STRANGER + "1")
    for _ in range(6):
        attempt(guesser, "admin")
    assert attempt(guesser, "admin", PASSWORD).status == 429
    assert attempt(from_address(app, STRANGER + "2"), "admin", PASSWORD).status == 303


def test_a_known_device_gets_in_whatever_strangers_at_the_same_address_do(app: Flask) -> None:
    own = from_address(app, STRANGER + "1")
    assert attempt(own, "admin", PASSWORD).status == 303
    own.post("/console/sign-out")
    guesser = from_address(app, STRANGER + "1")
    for _ in range(6):
        attempt(guesser, "admin")
    assert attempt(guesser, "admin", PASSWORD).status == 429
    assert attempt(own, "admin", PASSWORD).status == 303


def test_a_name_attacked_from_many_places_stays_open_to_its_owner(app: Flask) -> None:
    own = from_address(app, STRANGER + "200")
    assert attempt(own, "admin", PASSWORD).status == 303
    own.post("/console/sign-out")
    for number in range(20):
        assert attempt(from_address(app, f"{STRANGER}{number}"), "admin").status == 401
    attacker = from_address(app, STRANGER + "100")
    assert [attempt(attacker, "admin").status for _ in range(2)] == [401, 429]
    assert attempt(from_address(app, STRANGER + "101"), "admin", PASSWORD).status == 303, "a right first guess"
    assert attempt(own, "admin", PASSWORD).status == 303, "a known device"


def test_a_device_known_to_one_person_is_no_pass_to_guess_at_another(app: Flask) -> None:
    insider = from_address(app, STRANGER + "1")
    assert attempt(insider, "seaside", PASSWORD).status == 303
    insider.post("/console/sign-out")
    assert [attempt(insider, "admin").status for _ in range(6)] == [401] * 5 + [429]


def test_one_place_trying_many_names_takes_waiting(app: Flask) -> None:
    guesser = from_address(app, STRANGER + "1")
    statuses = [attempt(guesser, f"name-{number}").status for number in range(41)]
    assert statuses == [401] * 40 + [429]


def test_every_sign_in_and_failure_is_on_record_without_what_was_typed(desk: Desk, database: Database) -> None:
    attempt(desk, "my-own-password-by-mistake")
    attempt(desk, "admin")
    attempt(desk, "admin", PASSWORD)
    desk.post("/console/sign-out")
    assert actions(database) == [
        "sign_in.failed", "sign_in.failed", "session.started", "sign_in.succeeded", "session.ended",
    ]  # fmt: skip
    with database.reading() as session:
        assert "by-mistake" not in str([entry.detail for entry in session.scalars(select(AuditEntry))])


def test_a_password_kept_with_old_parameters_is_kept_anew(desk: Desk, database: Database, world: World) -> None:
    def stored() -> str:
        with database.reading() as session:
            return session.scalars(select(Account.password_hash).where(Account.username == "admin")).one()

    before = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.transaction() as session:
        session.execute(update(Account).where(Account.username == "admin").values(password_hash=before))
    attempt(desk, "admin", PASSWORD)
    assert stored() != before
    assert attempt(desk, "admin", PASSWORD).status == 303


def test_with_a_second_factor_the_password_alone_is_not_enough(app: Flask) -> None:
    first = Desk(InProcess(app))
    attempt(first, "admin", PASSWORD)
    with time_machine.travel(clock.now(), tick=False) as moment:
        secret = enrol(first)
        second = Desk(InProcess(app))
        assert attempt(second, "admin", PASSWORD).headers["Location"] == "/console/sign-in/code"
        assert second.get("/console/account").status == 303
        code = pyotp.TOTP(secret).at(clock.now())
        assert second.post("/console/sign-in/code", {"code": code}).status == 401, "used up by the enrolment"
        moment.shift(30)
        code = pyotp.TOTP(secret).at(clock.now())
        assert second.post("/console/sign-in/code", {"code": code}).status == 303
        second.get("/console/account").ok()
        third = Desk(InProcess(app))
        attempt(third, "admin", PASSWORD)
        assert third.post("/console/sign-in/code", {"code": code}).status == 401, "a code is good once"


def test_guessing_codes_takes_waiting(app: Flask) -> None:
    first = Desk(InProcess(app))
    attempt(first, "admin", PASSWORD)
    enrol(first)
    stranger = from_address(app, STRANGER + "1")
    attempt(stranger, "admin", PASSWORD)
    statuses = [stranger.post("/console/sign-in/code", {"code": f"00000{number}"}).status for number in range(6)]
    assert statuses == [401] * 5 + [429]


def test_the_second_step_needs_the_first_and_does_not_wait_forever(desk: Desk, app: Flask) -> None:
    assert desk.get("/console/sign-in/code").status == 303
    assert desk.get("/console/sign-in/new-password").status == 303
    first = Desk(InProcess(app))
    attempt(first, "admin", PASSWORD)
    enrol(first)
    attempt(desk, "admin", PASSWORD)
    desk.get("/console/sign-in/code").ok()
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert desk.get("/console/sign-in/code").status == 303


def test_the_second_factor_is_switched_off_with_the_password(desk: Desk) -> None:
    attempt(desk, "admin", PASSWORD)
    enrol(desk)
    assert desk.post("/console/account/totp/off", {"current": "wrong-password"}).status == 422
    assert desk.post("/console/account/totp/off", {"current": PASSWORD}).status == 303
    assert attempt(desk, "admin", PASSWORD).headers["Location"] == "/console/"


@pytest.mark.parametrize("typed", ["", "wrong-password"])
def test_switching_the_second_factor_on_asks_for_the_password(desk: Desk, typed: str) -> None:
    """Whoever finds a browser signed in must not lock its owner out of the account."""
    attempt(desk, "admin", PASSWORD)
    page = desk.get("/console/account/totp").text
    secret = _found(r'<code class="break">(\w+)<', page)
    enrolment = html.unescape(_found(r'name="enrolment" value="([^"]+)"', page))
    fields = {"enrolment": enrolment, "code": pyotp.TOTP(secret).at(clock.now()), "current": typed}
    refused = desk.post("/console/account/totp", fields, form="/console/account/totp")
    assert refused.status == 422
    assert "当前密码" in refused.text
    assert attempt(desk, "admin", PASSWORD).headers["Location"] == "/console/"  # no code is asked for


def test_an_enrolment_of_one_account_is_no_enrolment_of_another(app: Flask) -> None:
    first, second = Desk(InProcess(app)), Desk(InProcess(app))
    attempt(first, "admin", PASSWORD)
    attempt(second, "city", PASSWORD)
    page = first.get("/console/account/totp").text
    secret = _found(r'<code class="break">(\w+)<', page)
    enrolment = html.unescape(_found(r'name="enrolment" value="([^"]+)"', page))
    fields = {"enrolment": enrolment, "code": pyotp.TOTP(secret).at(clock.now()), "current": PASSWORD}
    assert second.post("/console/account/totp", fields).status == 422


def test_changing_the_password_ends_the_other_sessions(app: Flask) -> None:
    here, there = Desk(InProcess(app)), Desk(InProcess(app))
    attempt(here, "admin", PASSWORD)
    attempt(there, "admin", PASSWORD)
    fields = {"current": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert here.post("/console/account/password", fields).status == 303
    here.get("/console/account").ok()
    assert there.get("/console/account").status == 303
    assert attempt(there, "admin", PASSWORD).status == 401
    assert attempt(there, "admin", NEW_PASSWORD).status == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"current": "wrong-password", "password": NEW_PASSWORD, "again": NEW_PASSWORD},
        {"current": PASSWORD, "password": NEW_PASSWORD, "again": "another"},
        {"current": PASSWORD, "password": "short", "again": "short"},
        {"current": PASSWORD, "password": "the-admin-s-password-1", "again": "the-admin-s-password-1"},
        {"current": PASSWORD},
    ],
)
def test_a_password_is_not_changed_without_the_old_one_and_a_good_new_one(desk: Desk, fields: dict[str, str]) -> None:
    attempt(desk, "admin", PASSWORD)
    assert desk.post("/console/account/password", fields).status == 422
    assert attempt(desk, "admin", PASSWORD).status == 303


def test_sessions_are_listed_and_can_be_ended_one_by_one_or_all(app: Flask) -> None:
    desks = [Desk(InProcess(app)) for _ in range(4)]
    for desk in desks:
        attempt(desk, "admin", PASSWORD)
    page = desks[0].get("/console/account").ok().text
    ends = re.findall(r'action="(/console/account/sessions/[0-9a-f-]{36}/end)"', page)
    assert len(ends) == 3
    desks[0].post(ends[0])
    assert sorted(desk.get("/console/account").status for desk in desks) == [200, 200, 200, 303]
    desks[0].post("/console/account/sessions/end-others")
    assert [desk.get("/console/account").status for desk in desks] == [200, 303, 303, 303]


def test_nobody_ends_the_session_of_another(app: Flask) -> None:
    mine, theirs = Desk(InProcess(app)), Desk(InProcess(app))
    attempt(mine, "admin", PASSWORD)
    attempt(theirs, "city", PASSWORD)
    attempt(Desk(InProcess(app)), "city", PASSWORD)
    end = _found(r'action="(/console/account/sessions/[0-9a-f-]{36}/end)"', theirs.get("/console/account").text)
    assert mine.post(end).status == 404
