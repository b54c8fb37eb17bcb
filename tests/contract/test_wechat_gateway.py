"""The gateway against the simulated WeChat: every call, every errcode of the tables, and bad days."""

import base64
import json
import logging
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Table
from structlog.testing import capture_logs

from server.core.breaker import FAILURES_TO_OPEN
from server.core.db import Database
from server.core.leased_values import LeasedValue, SharedValue
from server.wechat import caller, transport
from server.wechat.gateway import WechatGateway
from server.wechat.outcomes import COURSES, Course, WechatRefused, WechatSilent
from tests.simulators.wechat.state import Fault, State
from tests.support.backends import make_settings
from tests.support.servers import free_port, wait_until
from tests.support.simulated import simulated_wechat

APP, SECRET, OPENID, TEMPLATE = "wx-simulated", "simulated-secret", "o-worker-1", "tmpl-result"
VALUES = {"thing1": "配电箱门敞开", "phrase2": "已受理"}
SEND = "/cgi-bin/message/subscribe/send"


@pytest.fixture
def state() -> State:
    known = State({APP: SECRET})
    known.templates[TEMPLATE] = ["thing1", "phrase2"]
    known.pages.add("pages/submissions/detail")
    known.sign_in(OPENID)
    return known


@pytest.fixture
def url(state: State) -> Iterator[str]:
    with simulated_wechat(state) as url:
        yield url


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(make_settings(tmp_path))
    cast(Table, SharedValue.__table__).create(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def door(url: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> WechatGateway:
    monkeypatch.setattr(caller, "BACK_OFF", (0.01, 0.01))
    transport.line_of.cache_clear()
    return WechatGateway(APP, SECRET, url, database)


def send(door: WechatGateway) -> None:
    door.send_subscribe(OPENID, TEMPLATE, VALUES, page="pages/submissions/detail?id=1")


# Tokens


def test_one_token_serves_many_calls(door: WechatGateway, state: State) -> None:
    state.consents[OPENID, TEMPLATE] = 3
    for _ in range(3):
        send(door)
    assert state.calls["/cgi-bin/stable_token"] == 1
    assert [item["body"]["data"]["thing1"]["value"] for item in state.received] == ["配电箱门敞开"] * 3


def test_another_process_uses_the_same_token(door: WechatGateway, url: str, database: Database, state: State) -> None:
    door.check_text(OPENID, "好", scene=2)
    WechatGateway(APP, SECRET, url, database).check_text(OPENID, "好", scene=2)
    assert state.calls["/cgi-bin/stable_token"] == 1


def test_a_token_is_fetched_by_one_at_a_time(url: str, database: Database, state: State) -> None:
    transport.line_of.cache_clear()
    state.slow = 0.1
    doors = [WechatGateway(APP, SECRET, url, database) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda door: door.check_text(OPENID, "好", scene=2).suggest, doors))
    assert verdicts == ["pass"] * 8
    assert state.calls["/cgi-bin/stable_token"] == 1


def test_a_killed_token_is_replaced_once_and_the_call_replayed_whole(door: WechatGateway, state: State) -> None:
    state.consents[OPENID, TEMPLATE] = 2
    send(door)
    for token in state.tokens.values():
        token.killed = True
    send(door)
    assert (state.calls["/cgi-bin/stable_token"], state.calls[SEND]) == (2, 3)
    assert state.received[0]["body"] == state.received[1]["body"]


def test_an_aged_token_is_replaced_before_its_end(door: WechatGateway, state: State, database: Database) -> None:
    door.check_text(OPENID, "好", scene=2)
    slot = LeasedValue(database, f"wechat_token:{APP}")
    lease = slot.claim(5)
    assert lease is not None
    slot.release(lease, {**slot.read(), "expires_at": int(time.time()) + 100})
    state.forward = 7000  # the simulator's own token is within its last five minutes too
    state.sign_in(OPENID)
    door.check_text(OPENID, "好", scene=2)
    assert state.calls["/cgi-bin/stable_token"] == 2


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_token_refused_for_good_is_tried_twice_and_no_more(door: WechatGateway, state: State, errcode: int) -> None:
    state.faults.append(Fault("errcode", SEND, times=99, number=errcode))
    with pytest.raises(WechatRefused) as raised:
        send(door)
    assert raised.value.course is Course.REFRESH
    assert 99 - state.faults[0].times == 2


def test_refreshing_by_force_is_kept_within_wechats_limit(door: WechatGateway, state: State) -> None:
    state.faults.append(Fault("errcode", SEND, times=99, number=40001))
    for _ in range(5):
        with pytest.raises(WechatRefused):
            send(door)
    assert len(state.forced) == 1


# Calls


def test_a_login_code_is_good_once(door: WechatGateway, state: State) -> None:
    state.unionids[OPENID] = "u-1"
    code = state.new_code("login", OPENID)
    known = door.code_to_session(code)
    assert (known.openid, known.unionid, known.session_key) == (OPENID, "u-1", state.keys[OPENID])
    with pytest.raises(WechatRefused) as raised:
        door.code_to_session(code)
    assert (raised.value.errcode, raised.value.code) == (40163, "wechat_code_invalid")
    assert state.calls["/cgi-bin/stable_token"] == 0


def test_an_old_login_code_is_refused(door: WechatGateway, state: State) -> None:
    code = state.new_code("login", OPENID)
    state.forward = 301
    with pytest.raises(WechatRefused) as raised:
        door.code_to_session(code)
    assert raised.value.errcode == 40029


def test_one_consent_is_one_message(door: WechatGateway, state: State) -> None:
    state.consents[OPENID, TEMPLATE] = 1
    send(door)
    with pytest.raises(WechatRefused) as raised:
        send(door)
    assert (raised.value.errcode, raised.value.course) == (43101, Course.USER)
    assert len(state.received) == 1


@pytest.mark.parametrize("values", [{"thing1": "长" * 21, "phrase2": "好"}, {"thing1": "", "phrase2": "好"}])
def test_a_wrong_value_names_its_field(door: WechatGateway, values: dict[str, str]) -> None:
    with pytest.raises(WechatRefused) as raised:
        door.send_subscribe(OPENID, TEMPLATE, values)
    assert (raised.value.errcode, raised.value.field) == (47003, "thing1")


def test_an_unknown_page_and_an_unknown_template_are_told(door: WechatGateway, state: State) -> None:
    with pytest.raises(WechatRefused) as page:
        door.send_subscribe(OPENID, TEMPLATE, VALUES, page="pages/none")
    with pytest.raises(WechatRefused) as template:
        door.send_subscribe(OPENID, "none", VALUES)
    assert (page.value.errcode, template.value.errcode) == (41030, 40037)


def test_texts_are_judged_for_those_who_were_here_lately(door: WechatGateway, state: State) -> None:
    assert door.check_text(OPENID, "配电箱门敞开", scene=2).label == 100
    assert door.check_text(OPENID, "来赌博", scene=2).suggest == "risky"
    state.forward = 2 * 3600 + 1
    with pytest.raises(WechatRefused) as raised:
        door.check_text(OPENID, "好", scene=2)
    assert raised.value.errcode == 61010


def test_a_picture_is_handed_in_for_checking(door: WechatGateway, url: str) -> None:
    assert len(door.check_media(OPENID, f"{url}/", scene=2)) == 24


def test_a_phone_number_comes_by_its_own_code(door: WechatGateway, state: State) -> None:
    code = state.new_code("phone", OPENID, "13800000000")
    assert door.phone_number(code, OPENID) == "13800000000"
    with pytest.raises(WechatRefused) as raised:
        door.phone_number(state.new_code("login", OPENID))
    assert raised.value.errcode == 40029


def test_an_unlimited_code_is_a_picture_and_its_errors_are_none(door: WechatGateway) -> None:
    page = "pages/submissions/detail"
    assert door.unlimited_code("e=12345", page).startswith(b"\x89PNG")
    with pytest.raises(WechatRefused) as raised:
        door.unlimited_code("百分%", page)
    assert raised.value.errcode == 40129


def test_media_are_pictures_of_bounded_size_not_older_than_three_days(door: WechatGateway, state: State) -> None:
    state.media["m1"] = ("image/jpeg", b"\xff\xd8picture", state.now())
    assert door.download_media("m1").content == b"\xff\xd8picture"
    state.media["m2"] = ("text/plain", b"words", state.now())
    state.media["m3"] = ("video/mp4", b"\x00film", state.now())
    state.media["m4"] = ("image/jpeg", b"x" * (10 * 1024 * 1024 + 1), state.now())
    for media_id in ("m2", "m3", "m4"):
        with pytest.raises(WechatSilent):
            door.download_media(media_id)
    with pytest.raises(WechatRefused) as raised:
        door.download_media("none")
    assert raised.value.errcode == 40007


def test_customer_service_messages_are_counted(door: WechatGateway, state: State) -> None:
    with pytest.raises(WechatRefused) as closed:
        door.send_text(OPENID, "你好")
    state.wrote[OPENID] = [state.now() + 60] * 5
    for _ in range(5):
        door.send_text(OPENID, "你好")
    with pytest.raises(WechatRefused) as counted:
        door.send_text(OPENID, "你好")
    assert (closed.value.errcode, counted.value.errcode) == (45015, 45047)
    assert state.received[-1]["body"] == {"touser": OPENID, "msgtype": "text", "text": {"content": "你好"}}


def test_the_menu_is_set_and_taken_away(door: WechatGateway, state: State) -> None:
    door.set_menu([{"type": "click", "name": "我的隐患", "key": "mine"}])
    assert state.menu == {"button": [{"type": "click", "name": "我的隐患", "key": "mine"}]}
    with pytest.raises(WechatRefused) as raised:
        door.set_menu([{"type": "click", "name": "名字太长的菜单", "key": "x"}])
    assert raised.value.errcode == 40018
    door.remove_menu()
    assert state.menu is None


def test_oauth_recognises_a_visitor_once(door: WechatGateway, state: State) -> None:
    assert "state=s-1" in door.oauth_url("https://ssp.example.org/h5/", "s-1")
    code = state.new_code("oauth", OPENID)
    assert door.oauth_user(code).openid == OPENID
    with pytest.raises(WechatRefused):
        door.oauth_user(code)


# Every errcode, every bad day

CALLS: dict[str, Callable[[WechatGateway], object]] = {
    SEND: send,
    "/wxa/msg_sec_check": lambda door: door.check_text(OPENID, "好", scene=2),
    "/wxa/business/getuserphonenumber": lambda door: door.phone_number("c"),
    "/sns/jscode2session": lambda door: door.code_to_session("c"),
    "/cgi-bin/stable_token": lambda door: door.check_text(OPENID, "好", scene=2),
    "/cgi-bin/media/get": lambda door: door.download_media("m"),
}


@pytest.mark.parametrize("errcode", sorted(COURSES))
@pytest.mark.parametrize("path", [SEND, "/sns/jscode2session"])
def test_every_errcode_takes_its_course(door: WechatGateway, state: State, path: str, errcode: int) -> None:
    state.faults.append(Fault("errcode", path, times=99, number=errcode))
    with capture_logs() as logs, pytest.raises(WechatRefused) as raised:
        CALLS[path](door)
    assert (raised.value.errcode, raised.value.course) == (errcode, COURSES[errcode])
    assert "rid" not in str(raised.value)
    told = [line["errcode"] for line in logs if line["event"] == "wechat_needs_attention"]
    assert told == ([errcode] if COURSES[errcode] in (Course.ADMIN, Course.TOMORROW) else [])


def test_a_day_without_quota_is_not_asked_again(door: WechatGateway, state: State) -> None:
    state.quotas[SEND] = 1
    state.consents[OPENID, TEMPLATE] = 5
    send(door)
    for _ in range(3):
        with pytest.raises(WechatRefused) as raised:
            send(door)
        assert raised.value.course is Course.TOMORROW
    assert state.calls[SEND] == 2


def test_busy_is_tried_again_where_that_does_no_harm(door: WechatGateway, state: State) -> None:
    state.faults.append(Fault("errcode", "/wxa/msg_sec_check", times=2, number=-1))
    assert door.check_text(OPENID, "好", scene=2).suggest == "pass"
    state.consents[OPENID, TEMPLATE] = 1
    state.faults.append(Fault("errcode", SEND, times=1, number=-1))
    with pytest.raises(WechatRefused):
        send(door)
    assert state.received == []


@pytest.mark.parametrize("kind", ["half", "html", "wrong_type", "close", "status", "silence"])
@pytest.mark.parametrize("path", sorted(CALLS))
def test_a_bad_day_is_told_as_such(
    door: WechatGateway, state: State, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    if kind == "silence":
        monkeypatch.setattr(transport, "READ_SECONDS", 0.2)
    state.media["m"] = ("image/jpeg", b"\xff\xd8", state.now())
    state.faults.append(Fault(kind, path, number=429, seconds=0.5))
    if (kind, path) == ("wrong_type", "/cgi-bin/media/get"):
        assert door.download_media("m").content.startswith(b"\xff\xd8")  # that is what a picture looks like
        return
    with pytest.raises(WechatSilent) as raised:
        CALLS[path](door)
    assert raised.value.status == 503


def test_thirty_seconds_of_silence_cost_no_more_than_the_time_out(door: WechatGateway, state: State) -> None:
    state.faults.append(Fault("slow", "/sns/jscode2session", seconds=30))
    began = time.monotonic()
    with pytest.raises(WechatSilent):
        door.code_to_session("c")
    assert time.monotonic() - began < transport.READ_SECONDS + 1


OPEN_SECONDS = 2.0  # long enough for twenty refusals on a busy machine


def test_after_several_failures_nobody_waits_any_more(
    url: str, database: Database, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.1)
    monkeypatch.setattr(transport, "OPEN_SECONDS", OPEN_SECONDS)
    transport.line_of.cache_clear()
    door = WechatGateway(APP, SECRET, url, database)
    state.faults.append(Fault("silence", times=FAILURES_TO_OPEN, seconds=0.3))
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(WechatSilent):
            door.code_to_session("c")
    for _ in range(20):
        with pytest.raises(WechatSilent, match="given up"):
            door.code_to_session("c")
    assert state.calls["/sns/jscode2session"] <= FAILURES_TO_OPEN
    monkeypatch.setattr(transport, "READ_SECONDS", 5)
    time.sleep(OPEN_SECONDS)
    assert door.code_to_session(state.new_code("login", OPENID)).openid == OPENID


def test_nothing_secret_is_logged_or_said(
    door: WechatGateway, state: State, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.INFO)  # as the transport sets it
    door.code_to_session(state.new_code("login", OPENID))
    said = []
    for fault in (Fault("errcode", number=40164), Fault("errcode", SEND, number=48001), Fault("close", SEND)):
        state.faults.append(fault)
        with pytest.raises((WechatRefused, WechatSilent)) as raised:
            send(door)
        said.append(repr(raised.value) + str(raised.value.__dict__))
    heard = "".join(said) + caplog.text + "".join(capsys.readouterr())
    for secret in (SECRET, state.keys[OPENID], OPENID, *state.tokens):
        assert secret not in heard


# The simulator as a program


def test_the_simulator_runs_as_a_program_of_its_own() -> None:
    port = free_port()
    command = [sys.executable, "-m", "tests.simulators.wechat", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:

            def is_up() -> bool:
                try:
                    return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).status == 200)
                except OSError:
                    return False

            wait_until(is_up, "the simulator")
            given = json.dumps({"content": base64.b64encode(b"x").decode()}).encode()
            answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/_sim/media", given, timeout=5).read()
            assert "media_id" in json.loads(answer)
        finally:
            process.terminate()


def test_the_simulator_shares_no_code_with_the_service() -> None:
    folder = Path(__file__).parents[1] / "simulators"
    pattern = re.compile(r"^\s*(from|import) server\b", re.MULTILINE)
    assert [path.name for path in folder.rglob("*.py") if pattern.search(path.read_text(encoding="utf-8"))] == []
