"""Rules of safety systems that need no database."""

import calendar
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import NamedTuple


class Shipped(NamedTuple):
    """A system that a city starts with."""

    name: str
    basis: str
    review_months: int


def shipped_systems() -> Iterator[Shipped]:
    """Those that the list is begun with; what is not verified says so, and is the city's to mend."""
    _, *lines = (files(__package__) / "data" / "systems.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        _, name, basis, months = line.split("\t")
        yield Shipped(name, basis, int(months))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
