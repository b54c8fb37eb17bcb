"""Rules of training that need no database: when one may check in, what is flagged, who is who."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from server.core.clock import SHANGHAI
from server.core.text import search_key
from server.oversight.training.models import Attendance, TrainingSession

BEFORE_START, AFTER_START = timedelta(minutes=60), timedelta(minutes=30)
BEFORE_END, AFTER_END = timedelta(minutes=15), timedelta(minutes=60)
LATE_SENT = timedelta(hours=72)
"""How long after a session a phone may send what it kept without a network."""
DISTANCES = (300, 3_000, 30_000)
"""What is kept of how far from the venue somebody was: that many metres at most; the last one is everything beyond."""
NEAR = DISTANCES[0]  # nobody is asked about that


class Flag(StrEnum):
    """What somebody should look at. Nothing is refused for it."""

    LATE_SENT = "late_sent"
    FAR_AWAY = "far_away"
    SHARED_DEVICE = "shared_device"
    OVERLAP = "overlap"
    WALK_IN = "walk_in"
    NOT_IN_TREE = "not_in_tree"


@dataclass(frozen=True, slots=True)
class Windows:
    """When one may check in and out."""

    check_in_from: datetime
    check_in_until: datetime
    check_out_from: datetime
    check_out_until: datetime


def windows_of(starts_at: datetime, ends_at: datetime) -> Windows:
    """From an hour before it begins to half an hour after; from a quarter of an hour before it ends to an hour after.
    A session that is shorter than a quarter of an hour is left after its beginning all the same."""
    return Windows(
        starts_at - BEFORE_START,
        min(starts_at + AFTER_START, ends_at),
        max(ends_at - BEFORE_END, starts_at),
        ends_at + AFTER_END,
    )


def moments_of(day: date, begins: time, ends: time) -> tuple[datetime, datetime]:
    """The two moments of a day in Shanghai."""
    return datetime.combine(day, begins, SHANGHAI), datetime.combine(day, ends, SHANGHAI)


def identify(
    *, person_id: UUID | None, enterprise_id: UUID | None, enterprise: str, name: str, phone: str | None
) -> str:
    """What tells people of a session apart and is the same in every session: the person, or else a hash of the number,
    or of the name within the enterprise. It is never shown."""
    if person_id is not None:
        return person_id.hex
    place = "" if phone else str(enterprise_id or search_key(enterprise))
    said = "\n".join((place, search_key(name), phone or ""))
    return f"n{hashlib.sha256(said.encode()).hexdigest()[:31]}"


def distance_class(metres: float, accuracy: float | None) -> int:
    """The class of a distance, however wrong the phone may be."""
    apart = metres - (accuracy or 0)
    return next((each for each in DISTANCES[:-1] if apart <= each), DISTANCES[-1])


def settle(row: Attendance) -> None:
    """Whether somebody counts: it is known that they came and stayed, and nobody struck them out."""
    row.is_counted = row.confirmed_by is not None and not row.is_struck


def mask_id(number: str | None) -> str:
    """An ID number as pages show it: 370***********1234."""
    if not number:
        return ""
    return f"{number[:3]}{'*' * max(len(number) - 7, 4)}{number[-4:]}"


def overlaps(one: TrainingSession, other: TrainingSession) -> bool:
    """Whether nobody can have been at both."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
