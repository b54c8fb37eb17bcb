"""Exchanging a login code with WeChat: a small server on this machine acts its part, its bad days included."""

import logging
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from server.core.errors import AppError
from server.wechat import transport
from server.wechat.gateway import WechatGateway
from tests.integration.wechat.acting import Wechat, acting_wechat

SECRET = "the-app-secret"
GOOD = {"openid": "o-1", "session_key": "a2V5", "unionid": "u-1"}


@pytest.fixture
def wechat() -> Iterator[Wechat]:
    with acting_wechat() as acting:
        yield acting


@pytest.fixture
def door(wechat: Wechat) -> WechatGateway:
    return WechatGateway("wx-app", SECRET, wechat.url)


def refusal(door: WechatGateway) -> AppError:
    with pytest.raises(AppError) as raised:
        door.code_to_session("code-1")
    return raised.value


def test_a_code_is_asked_for_once_with_app_and_secret_and_without_a_token(door: WechatGateway, wechat: Wechat) -> None:
    wechat.answers(GOOD)
    known = door.code_to_session("code-1")
    assert (known.openid, known.unionid, known.session_key) == ("o-1", "u-1", "a2V5")
    assert wechat.asked == [
        {
            "path": ["/sns/jscode2session"],
            "appid": ["wx-app"],
            "secret": [SECRET],
            "js_code": ["code-1"],
            "grant_type": ["authorization_code"],
        }
    ]


@pytest.mark.parametrize("extra", [{}, {"errcode": 0, "errmsg": "ok"}, {"expires_in": 7200}])
def test_success_comes_with_or_without_an_errcode(
    door: WechatGateway, wechat: Wechat, extra: dict[str, object]
) -> None:
    wechat.answers({"openid": "o-1", "session_key": "a2V5", **extra})
    assert door.code_to_session("code-1").unionid is None


@pytest.mark.parametrize(
    ("errcode", "status", "code"),
    [
        (40029, 401, "wechat_code_invalid"),
        (40163, 401, "wechat_code_invalid"),
        (40226, 403, "wechat_user_blocked"),
        (45011, 429, "wechat_busy"),
        (-1, 503, "wechat_unavailable"),
        (40013, 503, "wechat_unavailable"),
        (40125, 503, "wechat_unavailable"),
        (99999, 503, "wechat_unavailable"),
    ],
)
def test_each_refusal_is_told_apart(door: WechatGateway, wechat: Wechat, errcode: int, status: int, code: str) -> None:
    wechat.answers({"errcode": errcode, "errmsg": "whatever, rid: 652d44d0"})
    error = refusal(door)
    assert (error.status, error.code) == (status, code)
    assert "rid" not in error.message


def test_a_code_is_never_tried_twice(door: WechatGateway, wechat: Wechat) -> None:
    wechat.answers({"errcode": -1, "errmsg": "system error"})
    refusal(door)
    assert len(wechat.asked) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"<html><body>502 Bad Gateway</body></html>",
        b"",
        b"[]",
        b'"text"',
        b"null",
        b'{"openid": 5, "session_key": "k"}',
        b'{"openid": "", "session_key": "k"}',
        b'{"session_key": "k"}',
        b'{"openid": "' + b"o" * 100 + b'", "session_key": "k"}',
        b'{"openid": "o-1"}',
        b"\xff\xfe",
        b'{"errcode": []}',
        b"[" * 100_000,
        b"x" * 200_000,
    ],
)
def test_garbage_is_taken_for_a_bad_day(door: WechatGateway, wechat: Wechat, raw: bytes) -> None:
    wechat.answers(None, raw=raw)
    assert refusal(door).code == "wechat_unavailable"


@pytest.mark.parametrize("status", [302, 404, 500, 502])
def test_other_statuses_are_taken_for_a_bad_day(door: WechatGateway, wechat: Wechat, status: int) -> None:
    wechat.answers(GOOD, status=status)
    assert refusal(door).code == "wechat_unavailable"


def test_a_server_that_hangs_up_is_a_bad_day(door: WechatGateway, wechat: Wechat) -> None:
    wechat.reply = lambda handler: handler.connection.close()
    assert refusal(door).code == "wechat_unavailable"


def test_a_server_that_is_not_there_is_a_bad_day() -> None:
    assert refusal(WechatGateway("wx-app", SECRET, "http://127.0.0.1:9")).code == "wechat_unavailable"


def test_silence_is_not_waited_for_forever(
    door: WechatGateway, wechat: Wechat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.2)
    wechat.reply = lambda handler: time.sleep(1)
    began = time.monotonic()
    assert refusal(door).code == "wechat_unavailable"
    assert time.monotonic() - began < 0.9


@pytest.mark.parametrize(
    ("header", "piece"), [("Transfer-Encoding: chunked", b"1\r\n \r\n"), ("Content-Length: 20", b" ")]
)
def test_an_answer_that_trickles_in_is_not_waited_for_forever(
    door: WechatGateway, wechat: Wechat, monkeypatch: pytest.MonkeyPatch, header: str, piece: bytes
) -> None:
    monkeypatch.setattr(transport, "TOTAL_SECONDS", 0.3)

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header(*header.split(": "))
        handler.end_headers()
        for _ in range(20):
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.1)

    wechat.reply = trickle
    began = time.monotonic()
    assert refusal(door).code == "wechat_unavailable"
    assert time.monotonic() - began < 1.2


def test_secrets_stay_out_of_logs(door: WechatGateway, wechat: Wechat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.INFO)  # as the gateway sets it
    wechat.answers(GOOD)
    known = repr(door.code_to_session("code-1"))
    wechat.answers({"errcode": 40029})
    refusal(door)
    for secret in (SECRET, "a2V5", "o-1", "code-1"):
        assert secret not in known
        assert secret not in caplog.text


def test_a_lost_server_does_not_leak_the_secret_by_its_error() -> None:
    error = refusal(WechatGateway("wx-app", SECRET, "http://127.0.0.1:9"))
    assert error.__suppress_context__
    assert SECRET not in str(error)
