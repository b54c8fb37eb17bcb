"""Pushes as WeChat makes them, written down anew: nothing here is the service's own code."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TOKEN, APP_ID = "AAAAA", "wxba5fad812f8e6fb9"
KEY, OTHER_KEY = "A" * 43, "B" * 42 + "A"
STAMP, NONCE = "1714036504", "1514711492"

TEXT: dict[str, Any] = {
    "ToUserName": "gh_account", "FromUserName": "o-follower", "CreateTime": 1714036504, "MsgType": "text",
    "Content": "配电箱门坏了", "MsgId": 24527402212345678,
}  # fmt: skip


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  (WeChat's own signature)


def plain_query(stamp: str = STAMP, nonce: str = NONCE, token: str = TOKEN) -> dict[str, str]:
    return {"timestamp": stamp, "nonce": nonce, "signature": sign(token, stamp, nonce)}


def xml(values: Mapping[str, Any]) -> str:
    return f"<xml>{''.join(element(name, value) for name, value in values.items())}</xml>"


def element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(element(name, each) for each in value)
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(element(key, each) for key, each in value.items())}</{name}>"
    return f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}><![CDATA[{value}]]></{name}>"


def seal(content: str | bytes, key: str = KEY, app_id: str = APP_ID) -> str:
    raw = base64.b64decode(key + "=")
    inner = content if isinstance(content, bytes) else content.encode()
    plain = secrets.token_bytes(16) + len(inner).to_bytes(4, "big") + inner + app_id.encode()
    padding = 32 - len(plain) % 32
    sealer = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(sealer.update(plain + bytes([padding]) * padding) + sealer.finalize()).decode()


def sealed_push(
    content: str | bytes, *, key: str = KEY, app_id: str = APP_ID, as_json: bool = False,
    beside: Mapping[str, Any] | None = None, token: str = TOKEN, stamp: str = STAMP, nonce: str = NONCE,
) -> tuple[dict[str, str], bytes]:  # fmt: skip
    """Query and body of an encrypted push; `beside`: what compatible mode leaves plain."""
    sealed = seal(content, key, app_id)
    query = plain_query(stamp, nonce, token)
    query |= {"encrypt_type": "aes", "msg_signature": sign(token, stamp, nonce, sealed)}
    outer = {"ToUserName": "gh_account", **(beside or {}), "Encrypt": sealed}
    return query, (json.dumps(outer) if as_json else xml(outer)).encode()
