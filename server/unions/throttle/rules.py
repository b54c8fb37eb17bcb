"""How long a guesser waits. Pure: works on times already loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """From `failures` failed attempts within the window on, wait `wait` after the latest."""

    failures: int
    wait: timedelta


BackoffSchedule = tuple[Step, ...]

USUAL: BackoffSchedule = (
    Step(5, timedelta(minutes=1)),
    Step(8, timedelta(minutes=5)),
    Step(12, timedelta(minutes=15)),
)
UNDER_ATTACK: BackoffSchedule = (Step(1, timedelta(minutes=15)),)
"""For strangers while a name is attacked from many places: each place gets one guess, a right one is let in at once."""

MANY_NAMES: BackoffSchedule = (Step(40, timedelta(minutes=15)),)
"""For one origin that tries many names."""

MANY_CODES: BackoffSchedule = (Step(10, timedelta(minutes=15)),)
"""For strangers at the second factor, all of them together: whoever guesses there has the password already."""

MANY_WINS: BackoffSchedule = (Step(10, timedelta(minutes=15)), Step(20, timedelta(hours=1)))
"""For one person who tries hand-over codes, however many prizes they try them on."""

ATTACK_FAILURES = 20
ATTACK_WINDOW = timedelta(minutes=15)


def wait_until(failures: Sequence[datetime], schedule: BackoffSchedule, now: datetime) -> datetime | None:
    """When the next attempt is allowed, None for at once. `failures` are the times of failed attempts, in any order."""
    recent = [at for at in failures if now - at < WINDOW]
    waits = [step.wait for step in schedule if len(recent) >= step.failures]
    if not waits:
        return None
    until = max(recent) + max(waits)
    return until if until > now else None


def is_under_attack(failures: Sequence[datetime], now: datetime) -> bool:
    """Whether failed attempts from everywhere are so many that strangers are slowed down."""
    return sum(1 for at in failures if now - at < ATTACK_WINDOW) >= ATTACK_FAILURES
