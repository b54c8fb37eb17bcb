"""Who brings a code to a phone: a gateway of the operator's by signed HTTPS, or in the demo our own log."""

import hashlib
import hmac
import json
from typing import Protocol
from uuid import UUID

import requests
import structlog

from server.core import clock
from server.core.errors import Unavailable
from server.core.settings import Settings
from server.unions.people.rules import mask_phone
from server.unions.phones.rules import LIFETIME

log = structlog.get_logger(__name__)
SECONDS = (3.05, 6.0)  # to connect, to answer


class SmsSender(Protocol):
    """Brings codes. Called outside of any transaction: it may take seconds."""

    def send(self, phone: str, code: str, challenge: UUID) -> None:
        """Bring one code. Raises Unavailable `sms_not_sent`."""


class LogSender:
    """For the demo on this machine: the code stands in the service's log."""

    def send(self, phone: str, code: str, challenge: UUID) -> None:
        log.warning("demo_sms", to=mask_phone(phone), digits=code)  # names that the log does not blot out


class HttpsSender:
    """POSTs each code as JSON, signed, to the operator's gateway; docs/operations.md says how it is checked there."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret

    def send(self, phone: str, code: str, challenge: UUID) -> None:
        minutes = int(LIFETIME.total_seconds() // 60)
        body = json.dumps({"phone": phone, "code": code, "minutes": minutes}).encode()
        moment = str(int(clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": str(challenge),
            "X-Suishoupai-Timestamp": moment,
            "X-Suishoupai-Signature": sign(self._secret, moment, body),
        }
        try:
            with requests.post(
                self._url, data=body, headers=headers, timeout=SECONDS, allow_redirects=False, stream=True
            ) as answer:
                status = answer.status_code
        except requests.RequestException as error:  # neither logged nor chained: its text holds the address
            log.warning("sms_not_sent", error=type(error).__name__)
            raise _not_sent() from None
        if not 200 <= status < 300:
            log.warning("sms_not_sent", status=status)
            raise _not_sent()


def sign(secret: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal over the seconds since 1970, a line break and the body."""
    return hmac.new(secret.encode(), moment.encode() + b"\n" + body, hashlib.sha256).hexdigest()


def sender_of(settings: Settings) -> SmsSender | None:
    """The sender that the settings name; None if codes are not sent."""
    if settings.sms_provider == "https":
        return HttpsSender(settings.sms_url, settings.sms_secret.get_secret_value())
    return LogSender() if settings.sms_provider == "log" else None


def _not_sent() -> Unavailable:
    return Unavailable("短信没有发出去，请稍后再试。", code="sms_not_sent")
