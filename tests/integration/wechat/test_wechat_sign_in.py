"""Workers sign in from WeChat through the API's own door."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.app import create_app
from server.core.db import Database
from server.unions.people.models import Person, WechatIdentity
from tests.integration.wechat.acting import Wechat, acting_wechat
from tests.support.backends import Backend
from tests.support.callers import InProcess, Phone


@pytest.fixture
def wechat() -> Iterator[Wechat]:
    with acting_wechat() as acting:
        acting.answers({"openid": "o-1", "session_key": "a2V5", "unionid": "u-1"})
        yield acting


@pytest.fixture
def app(backend: Backend, tmp_path: Path, wechat: Wechat) -> Iterator[Flask]:
    """The application of a mini program whose WeChat is the acting one."""
    changes: dict[str, Any] = {
        "wechat_app_id": "wx-app",
        "wechat_app_secret": "the-app-secret",
        "wechat_api_url": wechat.url,
    }
    application = create_app(backend.settings(tmp_path, **changes))
    yield application
    application.extensions["database"].close()


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_worker_is_admitted_at_first_sight_and_known_at_the_second(app: Flask, database: Database) -> None:
    first = Phone(InProcess(app)).sign_in("0a1b2c").get("/api/v1/me").ok().json
    second = Phone(InProcess(app)).sign_in("0d4e5f").get("/api/v1/me").ok().json
    assert first["id"] == second["id"]
    with database.reading() as session:
        identity = session.scalars(select(WechatIdentity).where(WechatIdentity.openid == "o-1")).one()
    assert (identity.app_id, identity.unionid) == ("wx-app", "u-1")


def test_the_answer_and_the_database_keep_no_session_key(app: Flask, database: Database) -> None:
    answer = Phone(InProcess(app)).post("/api/v1/session", {"code": "0a1b2c"}).ok()
    for secret in ("a2V5", "o-1", "u-1", "the-app-secret"):
        assert secret not in answer.text


@pytest.mark.parametrize(
    ("errcode", "status", "code"),
    [
        (40029, 401, "wechat_code_invalid"),
        (40226, 403, "wechat_user_blocked"),
        (45011, 429, "wechat_busy"),
        (-1, 503, "wechat_unavailable"),
    ],
)
def test_refusals_reach_the_worker_and_admit_nobody(
    app: Flask, wechat: Wechat, database: Database, errcode: int, status: int, code: str
) -> None:
    before = count(database, Person)
    wechat.answers({"errcode": errcode, "errmsg": "x, rid: 1"})
    answer = Phone(InProcess(app)).post("/api/v1/session", {"code": "0a1b2c"})
    assert (answer.status, answer.code) == (status, code)
    assert count(database, Person) == before


def test_a_demo_identity_is_none_of_wechats(app: Flask, wechat: Wechat, database: Database) -> None:
    wechat.answers({"openid": "worker-1", "session_key": "a2V5"})
    from_wechat = Phone(InProcess(app)).sign_in("0a1b2c").get("/api/v1/me").json["id"]
    from_demo = Phone(InProcess(app)).sign_in("demo:worker-1").get("/api/v1/me").json["id"]
    assert from_wechat != from_demo


def test_wechat_is_asked_outside_of_any_transaction(app: Flask, wechat: Wechat, database: Database) -> None:
    seen: list[int] = []
    answer = wechat.reply

    def note(handler: BaseHTTPRequestHandler) -> None:
        with database.transaction() as session:  # would wait for a writer, were there one
            seen.append(session.scalar(select(func.count()).select_from(Person)) or 0)
        answer(handler)

    wechat.reply = note
    Phone(InProcess(app)).sign_in("0a1b2c")
    assert len(seen) == 1
