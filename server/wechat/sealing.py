"""Who sent a push, and what is in it: signatures, the time they hold, and WeChat's cipher.

With an EncodingAESKey set, only encrypted pushes are taken: the signature of a plain one does not cover its body. In
compatible mode the body holds both; what is plain in it is never looked at.
"""

import hmac
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1

from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException

from server.wechat.parsing import Fields, PushForbidden, PushMalformed, parse_body, text_of

WINDOW_SECONDS = 600  # how far WeChat's clock and ours may be apart, with its repeats
MAX_SEALED = 65536  # characters
_STAMP = re.compile(r"[0-9]{1,12}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}")
_ECHO = re.compile(r"[\x21-\x7e]{1,512}")
_SEALED = re.compile(r"[A-Za-z0-9+/]+={0,2}")

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """The fields of a push whose signature held; `seal` tells it from others; `key` is the AES key that fitted."""

    fields: Fields
    seal: str
    key: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Keyhole:
    """What one application's pushes are checked with. `aes_keys`: the current one, then the one before it."""

    app_id: str
    token: str
    aes_keys: tuple[str, ...] = ()

    def check_address(self, query: Query, now: datetime) -> str:
        """What to answer when WeChat asks whether this address is ours. Raises PushForbidden, PushMalformed."""
        self._check(query, "signature", now)
        echo = query.get("echostr", "")
        if not _ECHO.fullmatch(echo):
            raise PushMalformed
        return echo

    def check_sender(self, query: Query, now: datetime) -> None:
        """Refuse what can be refused before the body is read. Raises PushForbidden, PushMalformed."""
        if self.aes_keys:
            _stamp_and_nonce(query, now)
            if query.get("encrypt_type") != "aes":
                raise PushForbidden
        elif query.get("encrypt_type", "raw") != "raw":
            raise PushForbidden("微信发来的是加密消息，但没有设置 EncodingAESKey。", code="push_key_missing")
        else:
            self._check(query, "signature", now)

    def open(self, query: Query, body: bytes, now: datetime) -> Opened:
        """The push in `body`. Raises PushForbidden, PushMalformed."""
        self.check_sender(query, now)
        stamp, nonce = _stamp_and_nonce(query, now)
        fields = parse_body(body)
        if not self.aes_keys:
            return Opened(fields, _digest(self.token, stamp, nonce), None)
        sealed = text_of(fields, "Encrypt", longest=MAX_SEALED + 1)
        if not sealed:
            raise PushMalformed
        self._check(query, "msg_signature", now, sealed)
        if len(sealed) > MAX_SEALED or len(sealed) % 4 or not _SEALED.fullmatch(sealed):
            raise PushMalformed
        for key in self.aes_keys:
            content = _unseal(key, sealed, self.app_id)
            if content is not None:
                return Opened(parse_body(content), _digest(self.token, stamp, nonce), key)
        raise PushForbidden

    def seal(self, answer: str, key: str | None, query: Query, now: datetime) -> str:
        """An answer in XML as WeChat wants it: under the key that its push came with, or as it is."""
        if key is None:
            return answer
        crypto = WeChatCrypto(self.token, key, self.app_id)
        return str(crypto.encrypt_message(answer, query["nonce"], str(int(now.timestamp()))))

    def _check(self, query: Query, name: str, now: datetime, *more: str) -> None:
        stamp, nonce = _stamp_and_nonce(query, now)
        given = query.get(name, "").encode("utf-8", "replace")
        if not hmac.compare_digest(_digest(self.token, stamp, nonce, *more).encode(), given):
            raise PushForbidden


def _stamp_and_nonce(query: Query, now: datetime) -> tuple[str, str]:
    stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not _STAMP.fullmatch(stamp) or not _NONCE.fullmatch(nonce):
        raise PushMalformed
    if abs(now.timestamp() - int(stamp)) > WINDOW_SECONDS:
        raise PushForbidden
    return stamp, nonce


def _digest(*parts: str) -> str:
    return sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  (WeChat's own signature)


def _unseal(key: str, sealed: str, app_id: str) -> bytes | None:
    """What is sealed for our application under `key`; None if that key does not open it."""
    try:
        return str(PrpCrypto(_raw(key)).decrypt(sealed, app_id)).encode()
    except (ValueError, IndexError, struct.error, InvalidAppIdException):  # what wechatpy makes of foreign bytes
        return None


def _raw(key: str) -> bytes:
    return bytes(WeChatCrypto("", key, "").key)
