"""The code on the trainer's screen. It changes every 15 seconds and follows from the server's secret, the session, what
it is for and the server's clock alone: a photo of it that is passed on is old before it arrives."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

STEP_SECONDS = 15
DIGITS = 6
LATE_DRIFT = 8
"""Steps that the clock of a phone may be off which was without a network: two minutes either way."""
PURPOSE = b"suishoupai training 1"


class Purpose(StrEnum):
    """What a code is for."""

    CHECK_IN = "in"
    CHECK_OUT = "out"


@dataclass(frozen=True, slots=True)
class Shown:
    """A code, and for how many more seconds it stands there."""

    code: str
    seconds_left: int


def step_of(moment: datetime) -> int:
    """The number of the 15 seconds in which a moment lies."""
    return int(moment.timestamp()) // STEP_SECONDS


def start_of(step: int) -> datetime:
    """When a step begins."""
    return datetime.fromtimestamp(step * STEP_SECONDS, UTC)


def code_at(secret: str, session_id: UUID, purpose: Purpose, step: int) -> str:
    """The code of one step: truncated as HOTP (RFC 4226) does it."""
    digest = hmac.digest(secret.encode(), PURPOSE + f"|{session_id}|{purpose}|{step}".encode(), "sha256")
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4]) & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def show(secret: str, session_id: UUID, purpose: Purpose, now: datetime) -> Shown:
    """What stands on the screen."""
    step = step_of(now)
    return Shown(code_at(secret, session_id, purpose, step), STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS)


def find_step(
    secrets: Sequence[str], session_id: UUID, purpose: Purpose, code: str, at: datetime, *, drift: int = 0
) -> int | None:
    """The step whose code it is: that of the moment, the one before, and `drift` more either way; the nearest first.
    Every one is compared, so that how long it takes says nothing."""
    around = step_of(at)
    steps = sorted(range(around - 1 - drift, around + 1 + drift), key=lambda step: (abs(step - around), step))
    found = [
        step
        for step in steps
        for secret in secrets
        if hmac.compare_digest(code_at(secret, session_id, purpose, step), code)
    ]
    return found[0] if found else None
