"""The simulator's doors: WeChat's paths, `/_sim/…` for those who steer it, and a page of what it received."""

import base64
import contextlib
import json
import random
import secrets
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.simulators.quiet import Quiet
from tests.simulators.wechat import chatting
from tests.simulators.wechat.calls import answer
from tests.simulators.wechat.oauth import authorize
from tests.simulators.wechat.pushing import check_address
from tests.simulators.wechat.state import Fault, Refusal, State

MAX_BODY = 1024 * 1024
MAX_STEERING = 20 * 1024 * 1024  # pictures that followers send
PAGE = Path(__file__).with_name("page.html")


def serve(state: State, port: int = 0) -> ThreadingHTTPServer:
    """A server on loopback, not yet serving."""

    class Handler(_Handler):
        simulated = state

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


class _Handler(Quiet, BaseHTTPRequestHandler):
    simulated: State

    def do_GET(self) -> None:
        self._do("GET")

    def do_POST(self) -> None:
        self._do("POST")

    def _do(self, method: str) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # callers may hang up
            self._answer(method)

    def _answer(self, method: str) -> None:
        address = urlsplit(self.path)
        most = MAX_STEERING if address.path.startswith("/_sim/") else MAX_BODY
        raw = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), most))
        if address.path == "/" and method == "GET":
            self._send("text/html; charset=utf-8", PAGE.read_bytes())
        elif address.path == "/connect/oauth2/authorize" and method == "GET":
            status, target, page = authorize(self.simulated, dict(parse_qsl(address.query)))
            self._send("text/html; charset=utf-8", page, status=status, target=target)
        elif address.path.startswith("/_sim/media/"):
            kept = self.simulated.media.get(address.path.removeprefix("/_sim/media/"))
            self._send(*((kept[0], kept[1]) if kept else ("text/plain", b"gone")))
        elif address.path.startswith("/_sim/"):
            steered = STEERING[address.path.removeprefix("/_sim/")](self.simulated, json.loads(raw or b"{}"))
            self._send("application/json", json.dumps(steered, ensure_ascii=False).encode())
        else:
            self._act(method, address.path, dict(parse_qsl(address.query)), raw)

    def _act(self, method: str, path: str, query: dict[str, str], raw: bytes) -> None:
        time.sleep(self.simulated.slow)
        fault = self.simulated.take_fault(path)
        if fault is not None and self._misbehave(fault):
            return
        try:
            if fault is not None and fault.kind == "errcode":
                raise Refusal(fault.number, "simulated")
            body = json.loads(raw) if raw else {}
            if not isinstance(body, dict):
                raise Refusal(47001, "data format error")
            done = answer(self.simulated, method, path, query, body)
        except ValueError:
            done = _refusal(Refusal(47001, "data format error"))
        except Refusal as refusal:
            done = _refusal(refusal)
        if isinstance(done, tuple):
            self._send(*done)
        else:
            self._send("application/json; encoding=utf-8", json.dumps(done, ensure_ascii=False).encode())

    def _misbehave(self, fault: Fault) -> bool:
        """Do what the fault says; True if that was the whole answer."""
        if fault.kind in ("slow", "silence"):
            time.sleep(fault.seconds)
            return fault.kind == "silence"
        if fault.kind == "close":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault.kind == "half":
            self._send("application/json", b'{"errcode":0,"errmsg":"o', length=200)
        elif fault.kind == "html":
            self._send("text/html", b"<html><body>502 Bad Gateway</body></html>")
        elif fault.kind == "wrong_type":
            self._send("image/jpeg", b"\xff\xd8\xff\xe0 no JSON at all")
        elif fault.kind == "status":
            self._send("text/html", b"try later", status=fault.number)
        return fault.kind in ("close", "half", "html", "wrong_type", "status")

    def _send(
        self, content_type: str, body: bytes, *, status: int = 200, length: int | None = None, target: str = ""
    ) -> None:
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


def _refusal(refusal: Refusal) -> dict[str, Any]:
    rid = f"{random.getrandbits(32):08x}-{random.getrandbits(32):08x}-{random.getrandbits(32):08x}"
    return {"errcode": refusal.errcode, "errmsg": f"{refusal.errmsg} rid: {rid}"}


def _view(state: State, _given: dict[str, Any]) -> object:
    """All that the page shows."""
    with state.lock:
        return {
            "chats": state.chats[-200:],
            "received": [item for item in state.received[-200:] if "custom" not in item["path"]][::-1],
            "menu": state.menu,
            "following": sorted(state.following),
            "unionids": state.unionids,
            "service": state.service_url,
        }


def _accept(state: State, given: dict[str, Any]) -> object:
    state.consents[given["openid"], given["template_id"]] += given.get("times", 1)
    return {"left": state.consents[given["openid"], given["template_id"]]}


def _follow(state: State, given: dict[str, Any]) -> object:
    """Somebody used the application just now."""
    state.sign_in(given["openid"])
    if given.get("unionid"):
        state.unionids[given["openid"]] = given["unionid"]
    return {}


def _write(state: State, given: dict[str, Any]) -> object:
    """A follower wrote: five answers within 48 hours."""
    _follow(state, given)
    state.wrote[given["openid"]] = [state.now() + 48 * 3600] * 5
    return {}


def _code(state: State, given: dict[str, Any]) -> object:
    return {"code": state.new_code(given.get("kind", "login"), given["openid"], given.get("phone", ""))}


def _media(state: State, given: dict[str, Any]) -> object:
    media_id = secrets.token_hex(16)
    state.media[media_id] = (given.get("type", "image/jpeg"), base64.b64decode(given["content"]), state.now())
    return {"media_id": media_id}


def _template(state: State, given: dict[str, Any]) -> object:
    state.templates[given["template_id"]] = list(given["fields"])
    state.pages.update(given.get("pages", []))
    return {}


def _fault(state: State, given: dict[str, Any]) -> object:
    state.faults.append(Fault(**given))
    return {}


def _forward(state: State, given: dict[str, Any]) -> object:
    state.forward += float(given["seconds"])
    return {}


def _kill_tokens(state: State, _given: dict[str, Any]) -> object:
    """As when somebody else forces a refresh."""
    for token in state.tokens.values():
        token.killed = True
    state.current.clear()
    return {}


def _received(state: State, _given: dict[str, Any]) -> object:
    return {"received": state.received, "pushed": state.pushed, "calls": dict(state.calls)}


def _check(state: State, given: dict[str, Any]) -> object:
    return {"right": check_address(state, state.chat_push if given.get("door") == "chat" else state.push)}


STEERING: dict[str, Callable[[State, dict[str, Any]], object]] = {
    "accept": _accept,
    "user": _follow,
    "write": _write,
    "code": _code,
    "media": _media,
    "template": _template,
    "fault": _fault,
    "forward": _forward,
    "kill-tokens": _kill_tokens,
    "received": _received,
    "act": chatting.act,
    "view": _view,
    "check-address": _check,
}
