"""Verdicts on pictures: fetched by us, judged, and pushed to the service in its format, plain or encrypted."""

import base64
import hashlib
import json
import secrets
import threading
import time
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.simulators.wechat.state import Push, State

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
    push(state, _verdict(state, trace_id, openid, errcode, risky))


def _verdict(state: State, trace_id: str, openid: str, errcode: int, risky: bool) -> dict[str, Any]:
    """The event of a verdict, in the shapes that were seen in the wild."""
    suggest, label = ("risky", 20002) if risky else ("pass", 100)
    event: dict[str, Any] = {
        "ToUserName": "gh_simulated",
        "FromUserName": openid,
        "CreateTime": int(state.now()),
        "MsgType": "event",
        "Event": "wxa_media_check",
        "appid": next(iter(state.apps)),
        "trace_id": trace_id,
    }
    detail = {"strategy": "content_model", "errcode": errcode, "suggest": suggest, "label": label}
    if state.push.shape == "v1":
        return event | {"isrisky": int(risky), "extra_info_json": "", "status_code": errcode % 2**32}
    event |= {"version": 2, "result": {"suggest": suggest, "label": label}}
    if state.push.shape == "texts":  # labels as texts, no errcode, one detail instead of a list
        return event | {"result": {"suggest": suggest, "label": str(label)}, "detail": detail}
    return event | {"errcode": errcode, "errmsg": "ok", "detail": [detail, detail]}


def push(state: State, event: Mapping[str, Any]) -> None:
    """Deliver an event `deliveries` times, whatever is answered; all at once if they are to be `concurrent`."""
    where = state.push
    if not where.url:
        return
    deliver = [threading.Thread(target=_deliver_once, args=(state, where, event)) for _ in range(where.deliveries)]
    for one in deliver:
        one.start()
        if not where.concurrent:
            one.join()
    for one in deliver:
        one.join()


def _deliver_once(state: State, where: Push, event: Mapping[str, Any]) -> None:
    state.pushed.append({"event": dict(event), "answer": deliver(state, where, event, next(iter(state.apps)))})


def deliver(state: State, where: Push, event: Mapping[str, Any], app_id: str) -> str:
    """Send an event once, in the mode of that address. Returns what was answered, or why nothing was."""
    plain = json.dumps(event, ensure_ascii=False) if where.format == "json" else to_xml(event)
    stamp, nonce = str(int(state.now())), secrets.token_hex(5)
    query = {"timestamp": stamp, "nonce": nonce, "signature": _sign(where.token, stamp, nonce)}
    body = plain
    if where.aes_key:
        sealed = encrypt(where.aes_key, plain, app_id)
        query |= {"encrypt_type": "aes", "msg_signature": _sign(where.token, stamp, nonce, sealed)}
        outer: dict[str, Any] = {"ToUserName": event["ToUserName"], "Encrypt": sealed}
        if where.compatible:
            outer = {**event, **outer}
        body = json.dumps(outer) if where.format == "json" else to_xml(outer)
    address = f"{where.url}?{urlencode(query)}"
    request = urllib.request.Request(address, body.encode(), {"Content-Type": "text/plain"}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=where.timeout) as response:
            return str(response.read(65536).decode("utf-8", "replace"))
    except OSError as error:
        return f"failed: {type(error).__name__}"


def check_address(state: State, where: Push) -> bool:
    """Ask whether the address is theirs who own it, as the console does when it is set."""
    stamp, nonce, echo = str(int(state.now())), secrets.token_hex(5), str(secrets.randbits(60))
    query = {"timestamp": stamp, "nonce": nonce, "echostr": echo, "signature": _sign(where.token, stamp, nonce)}
    try:
        with urllib.request.urlopen(f"{where.url}?{urlencode(query)}", timeout=where.timeout) as response:
            return bool(response.read(600).decode() == echo)
    except OSError:
        return False


def decrypt(aes_key: str, sealed: str) -> tuple[str, str]:
    """What an answer says, and for which application. Raises ValueError."""
    key = base64.b64decode(aes_key + "=")
    opener = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = opener.update(base64.b64decode(sealed)) + opener.finalize()
    plain = plain[: -plain[-1]]
    end = 20 + int.from_bytes(plain[16:20], "big")
    return plain[20:end].decode(), plain[end:].decode()


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


def to_xml(values: Mapping[str, Any]) -> str:
    """As WeChat writes it."""
    return f"<xml>{''.join(_element(name, value) for name, value in values.items())}</xml>"


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_element(key, each) for key, each in value.items())}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"
