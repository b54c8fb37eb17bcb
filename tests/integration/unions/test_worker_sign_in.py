"""Workers sign in, out, and for how long."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from server.core import clock
from server.core.db import Database
from server.unions.accounts.models import AuthSession
from server.unions.accounts.sessions.tokens import hash_token
from server.unions.people.models import Person, WechatIdentity
from tests.support.callers import Desk, InProcess, Phone
from tests.support.counting import count_statements
from tests.support.world import Someone, World


def sign_in(app: Flask, code: str, **headers: str) -> tuple[int, str]:
    answer = Phone(InProcess(app)).call("POST", "/api/v1/session", {"code": code}, headers=headers)
    return answer.status, answer.code if answer.status >= 400 else ""


def test_a_token_opens_the_api_until_it_is_given_back(phone: Phone) -> None:
    phone.get("/api/v1/me").ok()
    assert phone.delete("/api/v1/session").status == 204
    answer = phone.get("/api/v1/me")
    assert (answer.status, answer.code) == (401, "unauthorized")


def test_a_token_runs_out(app: Flask, phone: Phone) -> None:
    days = app.extensions["settings"].worker_token_days
    with time_machine.travel(clock.now() + timedelta(days=days, minutes=1)):
        assert phone.get("/api/v1/me").status == 401
    with time_machine.travel(clock.now() + timedelta(days=days - 1)):
        assert phone.get("/api/v1/me").status == 200


def test_the_database_keeps_no_token(phone: Phone, database: Database) -> None:
    assert phone.token is not None
    with database.reading() as session:
        kept = session.scalars(select(AuthSession.token_hash)).all()
    assert hash_token(phone.token) in kept
    assert phone.token not in kept


def test_giving_back_one_token_leaves_the_other_phone_signed_in(
    phone_of: Callable[[Someone], Phone], world: World
) -> None:
    first, second = phone_of(world.people.worker), phone_of(world.people.worker)
    first.delete("/api/v1/session")
    assert second.get("/api/v1/me").status == 200


def test_recognising_a_caller_takes_one_question_to_the_database(app: Flask, phone: Phone, database: Database) -> None:
    with count_statements(database.engine) as statements:
        phone.get("/api/v1/me").ok()
    about_sessions = [each for each in statements if "auth_sessions" in each]
    assert len(about_sessions) == 1


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "é" * 43, "' OR 1=1 --"])
def test_made_up_tokens_open_nothing(app: Flask, token: str) -> None:
    answer = InProcess(app).send(
        "GET", "/api/v1/me", headers={"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    )
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_console_cookie_is_no_bearer_token(desk_of: Callable[[Someone], Desk], world: World, app: Flask) -> None:
    desk = desk_of(world.people.admin)
    assert isinstance(desk.transport, InProcess)
    cookie = desk.transport.client.get_cookie("ssp_session", path="/console")
    assert cookie is not None
    assert Phone(InProcess(app), cookie.value).get("/api/v1/me").status == 401


def test_somebody_deactivated_is_out_at_once_and_cannot_come_back(
    phone: Phone, database: Database, world: World, app: Flask
) -> None:
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.people.worker.id).values(is_active=False))
    assert phone.get("/api/v1/me").status == 401
    assert sign_in(app, "demo:worker-1") == (403, "person_inactive")


def test_a_new_demo_worker_comes_without_name_and_enterprise(app: Flask) -> None:
    me = Phone(InProcess(app)).sign_in("demo:worker-50").get("/api/v1/me").ok().json
    assert me["name"] is me["phone"] is me["enterprise"] is None
    assert me["unread"] == 0


def test_signing_in_again_is_the_same_person(app: Flask) -> None:
    first = Phone(InProcess(app)).sign_in("demo:worker-50").get("/api/v1/me").json["id"]
    assert Phone(InProcess(app)).sign_in("demo:worker-50").get("/api/v1/me").json["id"] == first


def test_two_first_sign_ins_at_once_make_one_person(app: Flask, database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: sign_in(app, "demo:worker-60"), range(4)))
    assert outcomes == [(200, "")] * 4
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(WechatIdentity.openid == "worker-60")) == 1
        people = session.scalar(select(func.count()).select_from(Person))
        known = session.scalar(select(func.count(func.distinct(WechatIdentity.person_id))))
    assert people is not None
    assert known is not None


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "10.0.0.1"}, {"Forwarded": "for=10.0.0.1"}, {"Host": "ssp.example.org"}]
)
@pytest.mark.settings(allowed_hosts="ssp.example.org")
def test_the_demo_sign_in_is_shut_to_whoever_is_not_on_this_machine(app: Flask, headers: dict[str, str]) -> None:
    assert sign_in(app, "demo:worker-1", **headers) == (403, "demo_sign_in_off")


@pytest.mark.settings(demo_sign_in=False)
def test_the_demo_sign_in_is_shut_unless_asked_for(app: Flask) -> None:
    assert sign_in(app, "demo:worker-1") == (403, "demo_sign_in_off")


def test_without_a_mini_program_configured_wechat_codes_are_refused(app: Flask) -> None:
    assert sign_in(app, "0a1b2c") == (403, "wechat_not_configured")


@pytest.mark.parametrize("code", ["", " ", "a b", "代码", "x" * 201, "a\x00b"])
def test_what_cannot_be_a_code_is_refused(app: Flask, code: str) -> None:
    assert sign_in(app, code) == (422, "invalid")


def test_the_last_sight_of_a_session_moves_at_most_every_ten_minutes(phone: Phone, database: Database) -> None:
    assert phone.token is not None
    mine = select(AuthSession.last_seen_at).where(AuthSession.token_hash == hash_token(phone.token))

    def seen() -> str:
        with database.reading() as session:
            return str(session.scalars(mine).one())

    at_first = seen()
    phone.get("/api/v1/me")
    assert seen() == at_first
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        phone.get("/api/v1/me")
        assert seen() != at_first


def test_the_answer_speaks_of_no_secret(app: Flask) -> None:
    body = Phone(InProcess(app)).post("/api/v1/session", {"code": "demo:worker-1"}).json
    assert body.keys() == {"token", "expires_at", "person"}
    assert re.fullmatch(r"[\w-]{43}", body["token"])
    assert body["expires_at"].endswith("Z")
