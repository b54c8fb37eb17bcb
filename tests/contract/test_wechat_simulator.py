"""The simulated WeChat keeps to WeChat's own rules: without that, tests against it would prove nothing."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.simulators.quiet import Quiet
from tests.simulators.wechat import chatting
from tests.simulators.wechat.calls import answer
from tests.simulators.wechat.state import Refusal, State

APP, OPENID = "wx-oa", "o-follower-1"
SEND, GET, INFO, MENU = (
    "/cgi-bin/message/custom/send", "/cgi-bin/media/get", "/cgi-bin/user/info", "/cgi-bin/menu/create",
)  # fmt: skip


class Listening:
    """A service that takes pushes: how long it takes, and what it says."""

    url = ""
    seconds = 0.0
    says = b"success"
    heard = 0


@pytest.fixture
def listening() -> Iterator[Listening]:
    acting = Listening()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            acting.heard += 1
            time.sleep(acting.seconds)
            try:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(acting.says)
            except OSError:  # WeChat has hung up
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    acting.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield acting
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def state(listening: Listening) -> State:
    known = State({APP: "s"}, chat_app_id=APP)
    known.chat_push.url = listening.url
    known.following.add(OPENID)
    return known


def call(state: State, method: str, path: str, query: dict[str, str] | None = None, **body: object) -> Any:
    token = state.issue_token(APP, "stable", force=False)[0]
    return answer(state, method, path, {"access_token": token, **(query or {})}, body)


def say(state: State) -> object:
    return call(state, "POST", SEND, touser=OPENID, msgtype="text", text={"content": "你好"})


def writes(state: State, text: str = "你好") -> None:
    chatting.act(state, {"openid": OPENID, "kind": "text", "text": text})


def test_whoever_wrote_can_be_answered_five_times_within_two_days(state: State) -> None:
    state.sign_in(OPENID)
    with pytest.raises(Refusal) as never:
        say(state)
    assert never.value.errcode == 45015
    writes(state)
    for _ in range(5):
        say(state)
    with pytest.raises(Refusal) as too_many:
        say(state)
    assert too_many.value.errcode == 45047
    writes(state)
    state.forward = 48 * 3600 + 1
    with pytest.raises(Refusal) as too_late:
        say(state)
    assert too_late.value.errcode == 45015


def test_a_tap_in_the_menu_allows_three_answers_within_a_minute(state: State) -> None:
    chatting.act(state, {"openid": OPENID, "kind": "click", "key": "HELP"})
    for _ in range(3):
        say(state)
    with pytest.raises(Refusal):
        say(state)
    chatting.act(state, {"openid": OPENID, "kind": "click", "key": "HELP"})
    state.forward = 61
    with pytest.raises(Refusal):
        say(state)


def test_media_is_kept_for_three_days(state: State) -> None:
    media_id = chatting.keep_media(state, b"\xff\xd8")
    assert call(state, "GET", GET, {"media_id": media_id}) == ("image/jpeg", b"\xff\xd8")
    state.forward = 3 * 86400 + 1
    with pytest.raises(Refusal) as gone:
        call(state, "GET", GET, {"media_id": media_id})
    assert gone.value.errcode == 40007


def test_what_is_not_answered_in_time_is_delivered_three_times_and_the_follower_is_told(
    state: State, listening: Listening
) -> None:
    state.chat_push.timeout, listening.seconds = 0.2, 0.6
    writes(state)
    assert listening.heard == 3
    assert state.chats[-1]["text"] == chatting.NOTICE


@pytest.mark.parametrize("said", [b'{"ok": true}', b"<xml>", b"<xml><Content>x</Content></xml>", b"error"])
def test_an_answer_that_is_none_shows_a_notice(state: State, listening: Listening, said: bytes) -> None:
    listening.says = said
    writes(state)
    assert listening.heard == 1
    assert state.chats[-1]["text"] == chatting.NOTICE


@pytest.mark.parametrize("said", [b"success", b""])
def test_an_answer_that_says_nothing_shows_nothing(state: State, listening: Listening, said: bytes) -> None:
    listening.says = said
    writes(state)
    assert [each["by"] for each in state.chats] == ["follower"]


def test_only_those_who_follow_are_known_by_their_unionid(state: State) -> None:
    chatting.act(state, {"openid": OPENID, "kind": "text", "text": "你好", "unionid": "u-1"})
    assert call(state, "GET", INFO, {"openid": OPENID})["unionid"] == "u-1"
    chatting.act(state, {"openid": OPENID, "kind": "unsubscribe"})
    assert call(state, "GET", INFO, {"openid": OPENID}) == {"subscribe": 0, "openid": OPENID}
    with pytest.raises(Refusal):
        say(state)


@pytest.mark.parametrize(
    ("button", "errcode"),
    [
        ({"type": "click", "name": "一二三四五六", "key": "K"}, 40018),
        ({"type": "click", "name": "好"}, 40019),
        ({"type": "miniprogram", "name": "好", "appid": "wx", "pagepath": "pages/a"}, 40020),
        ({"name": "好", "sub_button": [{"type": "click", "name": "好", "key": "K"}] * 6}, 40023),
    ],
)
def test_menus_that_wechat_would_not_show_are_refused(state: State, button: dict[str, object], errcode: int) -> None:
    with pytest.raises(Refusal) as refused:
        call(state, "POST", MENU, button=[button])
    assert refused.value.errcode == errcode
