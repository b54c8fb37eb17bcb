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


def wrong_days(adopted: date, reviewed: date | None, following: date | None, today: date) -> dict[str, str]:
    """What is wrong with the days of a system, by the field; `reviewed` None: when it was adopted."""
    last = reviewed or adopted
    wrong = {
        "adopted_on": "不能晚于今天" if adopted > today else "",
        "reviewed_on": "要在发布日期和今天之间" if not adopted <= last <= today else "",
        "next_review_on": "要晚于上次评审" if following and following <= last else "",
    }
    return {name: words for name, words in wrong.items() if words}


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
