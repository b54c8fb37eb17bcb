"""The doors for pushes, knocked at by WeChat and by others: refused clearly, in small memory, never with a 500."""

import io
import json
import time
import tracemalloc
from datetime import datetime
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import EnvironBuilder, run_wsgi_app

from server.channels.official_account.models import Door, ReceivedPush
from server.core.db import Database
from server.core.logging import _scrub
from server.core.settings import Settings
from server.wechat.gateway import WechatGateway
from server.wechat.verdicts import MediaChecked
from tests.integration.channels.conftest import APP, KEY, TOKEN, Follower, Run
from tests.simulators.wechat import chatting
from tests.simulators.wechat.pushing import check_address
from tests.simulators.wechat.state import State
from tests.support import images
from tests.support.servers import wait_until
from tests.unit.wechat.pushing import TEXT, plain_query, sealed_push, xml

CHAT, MINI = "/wechat/official-account", "/wechat/mini-program"
ACCOUNT = "wx-simulated-oa"
PLAIN = pytest.mark.settings(official_account_aes_key="", official_account_aes_key_previous="")
NONCE = "1514711492"


def stamp(ago: int = 0) -> str:
    return str(int(time.time()) - ago)


def plain(ago: int = 0, nonce: str = NONCE) -> dict[str, str]:
    return plain_query(stamp(ago), nonce, TOKEN)


def secure(content: str | bytes, **changes: Any) -> tuple[dict[str, str], bytes]:
    return sealed_push(content, **{"key": KEY, "app_id": ACCOUNT, "token": TOKEN, "stamp": stamp(), **changes})


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(ReceivedPush)) or 0


def knock(app: Flask, query: dict[str, str], body: bytes, path: str = CHAT) -> int:
    answer = app.test_client().post(path, query_string=query, data=body, content_type="text/xml")
    assert answer.mimetype in ("text/plain", "application/xml")
    return answer.status_code


# Whose the address is


@pytest.mark.parametrize("path", [CHAT, MINI])
def test_the_address_is_confirmed_to_whoever_knows_the_token(app: Flask, path: str) -> None:
    right = app.test_client().get(path, query_string=plain() | {"echostr": "4375120948345356249"})
    assert (right.status_code, right.text, right.mimetype) == (200, "4375120948345356249", "text/plain")
    wrong = app.test_client().get(path, query_string=plain() | {"echostr": "1", "signature": "0" * 40})
    assert wrong.status_code == 403
    script = app.test_client().get(path, query_string=plain() | {"echostr": "<script>alert(1)</script>\n"})
    assert script.status_code == 400
    assert app.test_client().get(path).status_code == 400


def test_the_simulator_confirms_the_address_too(follower: Follower, state: State) -> None:
    assert check_address(state, state.chat_push)
    assert check_address(state, state.push)


@pytest.mark.settings(official_account_token="", official_account_aes_key="", official_account_aes_key_previous="")
def test_without_a_token_there_is_no_door(app: Flask) -> None:
    assert app.test_client().get(CHAT, query_string=plain() | {"echostr": "1"}).status_code == 404
    assert knock(app, plain(), xml(TEXT).encode()) == 404


# Who knocks, and when


def test_a_wrong_signature_is_refused_and_nothing_is_kept(app: Flask, database: Database) -> None:
    query, body = secure(xml(TEXT))
    assert knock(app, query | {"msg_signature": "0" * 40}, body) == 403
    assert knock(app, query, body.replace(b"</Encrypt>", b"A</Encrypt>")) in (400, 403)
    assert knock(app, plain(), xml(TEXT).encode()) == 403  # plain, where secure mode is set
    assert count(database) == 0


def test_an_old_push_is_refused_however_well_signed(app: Flask, database: Database) -> None:
    for ago in (3600, -3600):
        query, body = secure(xml(TEXT), stamp=stamp(ago))
        assert knock(app, query, body) == 403
    assert count(database) == 0


def test_a_replayed_push_is_taken_once(app: Flask, database: Database) -> None:
    query, body = secure(xml(TEXT))
    for _ in range(3):
        assert knock(app, query, body) == 200
    again, body = secure(xml(TEXT), nonce="2", stamp=stamp(5))  # WeChat's own repeat, signed anew
    assert knock(app, again, body) == 200
    assert count(database) == 1


@PLAIN
def test_a_signature_seen_on_its_way_cannot_be_put_under_another_push(app: Flask, database: Database) -> None:
    query = plain()
    assert knock(app, query, xml(TEXT).encode()) == 200
    assert knock(app, query, xml({**TEXT, "MsgId": 7, "FromUserName": "o-another"}).encode()) == 403
    assert knock(app, query, xml(TEXT).encode()) == 200
    assert count(database) == 1


def test_the_doors_do_not_take_each_others_pushes(app: Flask, database: Database) -> None:
    query, body = secure(xml(TEXT))
    assert knock(app, query, body, MINI) == 403
    query, body = secure(xml(TEXT), app_id=APP)
    assert knock(app, query, body, MINI) == 200
    with database.reading() as session:
        assert session.scalars(select(ReceivedPush.door)).one() is Door.MINI_PROGRAM


# What is brought


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMB += "]><xml><MsgType>&i;</MsgType></xml>"
BREAKOUT = xml(TEXT).replace("配电箱门坏了", "x]]><MsgType>event</MsgType><Event>unsubscribe</Event><![CDATA[y")
HOSTILE = [
    BOMB.encode(), b"", b"<xml>", b"{}", b"\xff\xfe\x00", b"<xml/>" * 50, b"[" * 30000, BREAKOUT.encode(),
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><MsgType>&e;</MsgType></xml>',
    xml({**TEXT, "FromUserName": "../../etc"}).encode(), xml({**TEXT, "CreateTime": "x"}).encode(),
    json.dumps({**TEXT, "MsgType": {"$ne": 1}}).encode(), json.dumps({**TEXT, "FromUserName": ["a"]}).encode(),
]  # fmt: skip


@PLAIN
@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_bodies_are_malformed(app: Flask, database: Database, body: bytes) -> None:
    assert knock(app, plain(), body) == 400
    assert count(database) == 0


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_bodies_under_a_genuine_seal_are_malformed(app: Flask, database: Database, body: bytes) -> None:
    assert knock(app, *secure(body)) in (400, 403)  # what is no UTF-8 looks like the work of another key
    assert count(database) == 0


def test_a_follower_s_words_with_a_control_character_are_taken_without_it(app: Flask, database: Database) -> None:
    for number, words in enumerate(("配电箱\x0b没关门", "配电箱\x07没关门", "\u202e配电箱没关门")):
        query, body = secure(xml({**TEXT, "Content": words, "MsgId": 100 + number}), nonce=f"15147{number}")
        assert knock(app, query, body) == 200
    assert count(database) == 3
    with database.reading() as session:
        kept = [row["text"] for row in session.scalars(select(ReceivedPush.content).order_by(ReceivedPush.id)) if row]
    assert kept == ["配电箱\n没关门", "配电箱没关门", "配电箱没关门"]


def test_the_log_says_why_a_push_was_refused(app: Flask) -> None:
    with structlog.testing.capture_logs(processors=[_scrub]) as lines:
        assert knock(app, {**plain(), "signature": "0" * 40}, xml(TEXT).encode()) == 403
    assert [line["reason"] for line in lines if line["event"] == "push_refused"] == ["push_forbidden"]


def test_odd_but_genuine_contents_are_taken_and_dealt_with(app: Flask, database: Database, run_jobs: Run) -> None:
    odd: list[dict[str, Any]] = [
        {"MsgType": "text", "Content": "\x00\x1f\ufffe"}, {"MsgType": "text"}, {"MsgType": "image"},
        {"MsgType": "location", "Location_X": "NaN", "Location_Y": "0"}, {"MsgType": "voice", "MediaId": "m"},
        {"MsgType": "event", "Event": "CLICK"}, {"MsgType": "event", "Event": "SCAN", "EventKey": "e=" + "'" * 200},
        {"MsgType": "event", "Event": "subscribe", "EventKey": "qrscene_"}, {"MsgType": "brand_new"},
        {"MsgType": "event", "Event": "unsubscribe"}, {"MsgType": "event", "Event": "nobody_knows"},
        {"MsgType": "text", "Content": "😀" * 900}, {"MsgType": "event", "Event": "unsubscribe", "EventKey": None},
    ]  # fmt: skip
    base = {name: value for name, value in TEXT.items() if name not in ("MsgId", "Content", "MsgType")}
    for number, fields in enumerate(odd):
        content = json.dumps({**base, "CreateTime": 1714036504 + number, **fields})
        assert knock(app, *secure(content, nonce=str(number), as_json=True)) == 200
    run_jobs(expect_failures=True)  # there is no WeChat to say anything to
    with database.reading() as session:
        assert session.scalars(select(ReceivedPush.id).where(ReceivedPush.done_at.is_(None))).all() == []


class Endless(io.RawIOBase):
    """A body of some length that exists only while it is read."""

    def __init__(self, length: int) -> None:
        self.left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer), self.left)
        buffer[:size] = b"<" * size
        self.left -= size
        return size


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("is_addressed", [True, False])
def test_a_body_of_ten_megabytes_is_refused_in_small_memory(app: Flask, announced: bool, is_addressed: bool) -> None:
    length = 10 * 1024 * 1024
    query = {**plain(), "encrypt_type": "aes", "msg_signature": "0" * 40} if is_addressed else {}
    app.test_client().get("/healthz")
    environ = EnvironBuilder(CHAT, method="POST", query_string=query).get_environ()
    environ |= {"wsgi.input": io.BufferedReader(Endless(length), 4096), "wsgi.input_terminated": True}
    environ |= {"CONTENT_LENGTH": str(length)} if announced else {}
    tracemalloc.start()
    try:
        _, status, _ = run_wsgi_app(app, environ)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert status.startswith("400")
    assert peak < 3 * 1024 * 1024


# Verdicts on pictures


@pytest.fixture
def verdicts(monkeypatch: pytest.MonkeyPatch) -> list[MediaChecked]:
    """What the content check is told."""
    told: list[MediaChecked] = []

    def record(_session: object, result: MediaChecked, *, now: datetime) -> None:
        told.append(result)

    monkeypatch.setattr("server.channels.official_account.actions.record_media_result", record)
    return told


def ask_for_a_verdict(state: State, settings: Settings, database: Database, wanted: int) -> str:
    """Have a bad picture checked, and wait until the verdict was delivered so often. Returns its id."""
    state.sign_in("o-mini-1")
    media_id = chatting.keep_media(state, images.bare_jpeg(1).content + b"RISKY")
    picture = f"{settings.wechat_api_url}/_sim/media/{media_id}"
    trace_id = WechatGateway.from_settings(settings, database).check_media("o-mini-1", picture, scene=2)
    wait_until(lambda: len(state.pushed) == wanted, "the verdict is delivered", seconds=10)
    return trace_id


MODES = [
    ("plain", "json", "usual", 20002), ("plain", "xml", "v1", 21000), ("compatible", "json", "texts", 20002),
    ("compatible", "xml", "usual", 20002), ("secure", "json", "v1", 21000), ("secure", "xml", "texts", 20002),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "format_", "shape", "label"),
    [
        pytest.param(*case, marks=pytest.mark.settings(wechat_push_aes_key="")) if case[0] == "plain" else case
        for case in MODES
    ],
)
def test_a_verdict_in_any_mode_and_shape_is_heard_once(
    follower: Follower, state: State, settings: Settings, database: Database, run_jobs: Run,
    verdicts: list[MediaChecked], mode: str, format_: str, shape: str, label: int,
) -> None:  # fmt: skip
    push = state.push
    push.format, push.shape, push.deliveries, push.concurrent = format_, shape, 3, True
    push.compatible = mode == "compatible"
    push.aes_key = "" if mode == "plain" else KEY
    trace_id = ask_for_a_verdict(state, settings, database, wanted=3)
    run_jobs()
    assert {each["answer"] for each in state.pushed} == {"success"}
    assert verdicts == [MediaChecked(trace_id, 0, "risky", label)]


def test_a_picture_that_wechat_could_not_fetch_is_told_as_such(
    follower: Follower, state: State, settings: Settings, database: Database, run_jobs: Run,
    verdicts: list[MediaChecked],
) -> None:  # fmt: skip
    state.sign_in("o-mini-1")
    gone = f"{settings.wechat_api_url.rpartition(':')[0]}:9/nothing"
    WechatGateway.from_settings(settings, database).check_media("o-mini-1", gone, scene=2)
    wait_until(lambda: bool(state.pushed), "the verdict is delivered", seconds=10)
    run_jobs()
    assert [verdict.errcode for verdict in verdicts] == [-1008]
