"""Identifiers: UUIDv7 (RFC 9562), so that ids made anywhere sort by the time they were made.

Those of one process come in the order in which they were made, also within a millisecond: logs are read in the order of
their ids. For that the 12 bits after the time count (RFC 9562, 6.2, method 1), from a random start in each millisecond.
"""

import os
import threading
import time
from datetime import datetime
from uuid import UUID

from server.core.clock import in_shanghai

COUNTER_BITS = 12
HALF = 1 << (COUNTER_BITS - 1)  # a count starts in the lower half, so that it has room
DAY = 86_400_000  # milliseconds
UTC_OFFSET = 8 * 3_600_000  # of Shanghai, all year
TOLERANCE = 10_000  # milliseconds that a clock may be set back before we follow it
_lock = threading.Lock()
_last = (0, 0)  # milliseconds, counter


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of milliseconds since 1970, 12 that count, 62 random bits."""
    random = int.from_bytes(os.urandom(10), "big")
    milliseconds, counter = _tick(start=(random >> 62) % HALF)
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | counter << 64
    value |= 0b10 << 62 | (random & ((1 << 62) - 1))
    return UUID(int=value)


def _tick(start: int) -> tuple[int, int]:
    """The next pair of milliseconds and counter, greater than the one before. `start`: where a count begins."""
    global _last
    with _lock:
        now = time.time_ns() // 1_000_000
        milliseconds, counter = _last
        if now > milliseconds or now < milliseconds - TOLERANCE:
            _last = (now, start)
        elif counter + 1 < 1 << COUNTER_BITS:
            _last = (milliseconds, counter + 1)
        else:  # more than the counter holds: borrow from the time to come
            _last = (milliseconds + 1, start)
        return _last


def first_id(moment: datetime) -> UUID:
    """The smallest UUIDv7 of the millisecond of `moment` (aware): everything made from then on has a greater id."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)


def new_id_of_day(moment: datetime) -> UUID:
    """A fresh UUIDv7 that tells no more than the day of `moment` in Shanghai; ids of one day come in no order."""
    midnight = in_shanghai(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    random = int.from_bytes(os.urandom(10), "big")
    value = int(midnight.timestamp() * 1000) << 80 | 0x7 << 76 | (random >> 68) << 64
    return UUID(int=value | 0b10 << 62 | random & ((1 << 62) - 1))


def tells_day_only(value: UUID) -> bool:
    """Whether the time in a UUIDv7 is a midnight in Shanghai: of the others one in 86 million is, by chance."""
    return ((value.int >> 80) + UTC_OFFSET) % DAY == 0


def is_uuid7(value: UUID) -> bool:
    """Whether `value` has the version and variant bits of a UUIDv7."""
    return value.version == 7
