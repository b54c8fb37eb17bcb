"""Giving numbers, and reading them back as people write them.

A number is the year, a running number of that year and a letter for the kind: 2026-000123Y. One series runs through all
kinds, so that the letter may be left out when it is read over the telephone.

Running numbers tell who came before whom. What must not tell its time (an anonymous report between two whose times are
known) draws a number by chance from a range of its own.
"""

import re
import secrets
import unicodedata
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.core.db import upsert
from server.core.prepared import Prepared
from server.kit.numbers.models import DrawnNumber, NumberSeries

DRAWN = range(500_000, 1_000_000)
"""The numbers of a year that are drawn by chance. A series that comes this far goes on behind them."""
DRAWS = 200  # tries, before the range is taken to be full
WIDTH = 6
_SERIES, _DRAWN = cast(Table, NumberSeries.__table__), cast(Table, DrawnNumber.__table__)
_WRITTEN = re.compile(r"(20\d\d)[-‐‑–—−/ ]?0*(\d{1,8})([A-Z]?)")


def take_number(session: Session, letter: str, now: datetime, *, tells_order: bool = True) -> str:
    """The next number of the year, or without `tells_order` one that says nothing about when it was given.

    The year's row stays locked until the transaction ends: take the number last, and no other lock after it.
    """
    year = in_shanghai(now).year
    return write_number(year, _next(session, year) if tells_order else _draw(session, year), letter)


def write_number(year: int, number: int, letter: str) -> str:
    """A number as it is stored and shown."""
    return f"{year}-{number:0{WIDTH}}{letter}"


def read_number(text: str, letters: str) -> list[str]:
    """The stored numbers that somebody may mean who typed `text`; none if it is no number.

    Width, case and blanks make no difference, the dash and leading zeros may be missing, and so may the letter: then
    each of `letters` is meant.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    written = _WRITTEN.fullmatch(plain)
    if written is None or (written[3] and written[3] not in letters):
        return []
    has_dash = not plain[4].isdigit()
    if not has_dash and len(written[0].rstrip(letters)) < 4 + WIDTH:
        return []  # 20260123 is more likely a date, or something else altogether
    return [write_number(int(written[1]), int(written[2]), letter) for letter in written[3] or letters]


def count_up(session: Session, counter: Table, *, start: int = 1, **key: Any) -> int:
    """The next number, from `start` on and without gaps, of the row of `counter` (its primary key, and `last`) with
    that key; where the row is there already, `start` says nothing.

    The row stays locked until the transaction ends, so that a number is given once, and not at all if that fails.
    """
    [(number,)] = _count_up(counter, tuple(key)).execute(session.connection(), {**key, "last": start})
    return cast(int, number)


@cache
def _count_up(counter: Table, key: tuple[str, ...]) -> Prepared:
    row = upsert(counter)
    raised = row.on_conflict_do_update(index_elements=key, set_={"last": counter.c.last + 1})
    return Prepared(raised.returning(counter.c.last), [*key, "last"])


def _next(session: Session, year: int) -> int:
    number = count_up(session, _SERIES, year=year)
    if number not in DRAWN:
        return number
    session.execute(_SERIES.update().where(_SERIES.c.year == year).values(last=DRAWN.stop))
    return DRAWN.stop


def _draw(session: Session, year: int) -> int:
    for _ in range(DRAWS):
        row = upsert(_DRAWN).values(year=year, number=secrets.choice(DRAWN)).on_conflict_do_nothing()
        number: int | None = session.execute(row.returning(_DRAWN.c.number)).scalar_one_or_none()
        if number is not None:
            return number
    raise RuntimeError(f"no number left to draw in {year}")
