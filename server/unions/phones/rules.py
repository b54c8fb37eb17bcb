"""How many codes are sent, and how long they are good. Pure."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

DIGITS = 6
LIFETIME = timedelta(minutes=5)
ATTEMPTS = 5
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `times` codes within `within`."""

    times: int
    within: timedelta


FOR_ASKER = (Cap(1, timedelta(minutes=1)), Cap(5, timedelta(hours=1)))
"""One number, asked for by one origin."""

FOR_PHONE = (Cap(10, timedelta(hours=1)), Cap(20, timedelta(days=1)))
"""One number, asked for by all strangers together: no phone is flooded. A device that proved it before is apart."""

FOR_ADDRESS = (Cap(60, timedelta(hours=1)),)
"""One address, behind which a whole factory may sit, for all numbers together."""


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def keyed(secret: str, *parts: str) -> str:
    """A digest that cannot be tried out without the service's secret: six digits and phone numbers are few."""
    return hmac.new(secret.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def phone_key(secret: str, phone: str) -> str:
    """What is kept of a number where it is only to be recognised."""
    return keyed(secret, "sms phone", phone)


def code_hash(secret: str, challenge: UUID, code: str) -> str:
    """What is kept of a code; of each sending another."""
    return keyed(secret, "sms code", challenge.hex, code)


def free_at(sent: Iterable[datetime], caps: Iterable[Cap], now: datetime) -> datetime | None:
    """When the next code may be sent, None for at once. `sent`: times of those sent, the latest first."""
    times = list(sent)
    waits = []
    for cap in caps:
        within = [at for at in times if now - at < cap.within]
        if len(within) >= cap.times:
            waits.append(within[cap.times - 1] + cap.within)
    return max(waits) if waits else None


def same(kept: str, given: str) -> bool:
    """Whether two digests are equal, in a time that does not tell how much of them is."""
    return hmac.compare_digest(kept, given)
