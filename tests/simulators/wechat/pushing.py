"""Verdicts on pictures: fetched by us, judged, and pushed to the service in its format, plain or encrypted."""

import base64
import hashlib
import json
import secrets
import time
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.simulators.wechat.state import State

MAX_PICTURE = 10 * 1024 * 1024


def check_picture(state: State, trace_id: str, url: str, openid: str) -> None:
    """Download the picture as WeChat does, judge it, and push what was found."""
    time.sleep(state.push.delay)
    errcode, risky = 0, False
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            risky = b"RISKY" in response.read(MAX_PICTURE)
    except OSError:
        errcode = -1008
    event: dict[str, Any] = {
        "ToUserName": "gh_simulated",
        "FromUserName": openid,
        "CreateTime": int(state.now()),
        "MsgType": "event",
        "Event": "wxa_media_check",
        "appid": next(iter(state.apps)),
        "trace_id": trace_id,
        "version": 2,
        "errcode": errcode,
        "errmsg": "ok",
        "result": {"suggest": "risky" if risky else "pass", "label": 20002 if risky else 100},
        "detail": [{"strategy": "content_model", "errcode": errcode, "suggest": "risky" if risky else "pass"}],
    }
    push(state, event)


def push(state: State, event: Mapping[str, Any]) -> None:
    """Deliver an event `deliveries` times, or until it is taken where one was asked for."""
    where = state.push
    if not where.url:
        return
    plain = json.dumps(event, ensure_ascii=False) if where.format == "json" else _xml(event)
    for _ in range(where.deliveries):
        stamp, nonce = str(int(state.now())), secrets.token_hex(5)
        query = {"timestamp": stamp, "nonce": nonce, "signature": _sign(where.token, stamp, nonce)}
        body = plain
        if where.aes_key:
            sealed = encrypt(where.aes_key, plain, str(event.get("appid", "")))
            query |= {"encrypt_type": "aes", "msg_signature": _sign(where.token, stamp, nonce, sealed)}
            outer = {"ToUserName": event["ToUserName"], "Encrypt": sealed}
            body = json.dumps(outer) if where.format == "json" else _xml(outer)
        state.pushed.append({"event": dict(event), "answer": _deliver(state, f"{where.url}?{urlencode(query)}", body)})


def _deliver(state: State, url: str, body: str) -> str:
    request = urllib.request.Request(url, body.encode(), {"Content-Type": "text/plain"}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=state.push.timeout) as response:
            return str(response.read(4096).decode("utf-8", "replace"))
    except OSError as error:
        return f"failed: {type(error).__name__}"


def encrypt(aes_key: str, message: str, app_id: str) -> str:
    """WeChat's cipher: random, length, message and application, padded to 32, AES-256-CBC."""
    key = base64.b64decode(aes_key + "=")
    content = message.encode()
    plain = secrets.token_bytes(16) + len(content).to_bytes(4, "big") + content + app_id.encode()
    padding = 32 - len(plain) % 32
    sealer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(sealer.update(plain + bytes([padding]) * padding) + sealer.finalize()).decode()


def _sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  (WeChat's own signature)


def _xml(values: Mapping[str, Any]) -> str:
    return f"<xml>{''.join(_element(name, value) for name, value in values.items())}</xml>"


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_element(key, each) for key, each in value.items())}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"
