"""A calendar of 2027 that comes with an upgrade. The real one is not announced yet; this one is made up."""

from datetime import date, datetime

import chinese_calendar
import pytest

from server.core.clock import SHANGHAI
from server.kit.deadlines.calendar import working_days as calendar

EXTRA_DAYS_OFF = frozenset(  # joined to 1 January and to 5 to 8 February, which hold by law
    (date(2027, 1, 4), date(2027, 2, 9), date(2027, 2, 10), date(2027, 2, 11))
)
WORKED_WEEKENDS = frozenset((date(2027, 2, 20), date(2027, 5, 8)))
_known = chinese_calendar.is_workday


def day_end(month: int, day: int) -> datetime:
    """The end of a day of 2027 in Shanghai: a deadline."""
    return datetime(2027, month, day, 23, 59, 59, tzinfo=SHANGHAI)


def announce_2027(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the process runs with a `chinesecalendar` that knows 2027 and no later year."""

    def is_workday(day: date) -> bool:
        if day.year > 2027:
            raise NotImplementedError
        if day.year < 2027:
            return bool(_known(day))
        return day in WORKED_WEEKENDS or (calendar._is_working_day_by_statute(day) and day not in EXTRA_DAYS_OFF)

    monkeypatch.setattr(chinese_calendar, "is_workday", is_workday)
    monkeypatch.setattr(calendar, "is_announced", lambda year: year <= 2027)
    monkeypatch.setattr("server.kit.deadlines.actions.is_announced", lambda year: year <= 2027)


def forget_2027(monkeypatch: pytest.MonkeyPatch) -> None:
    """2027 is not announced yet, whatever the installed calendar knows."""
    monkeypatch.setattr(calendar, "is_announced", lambda year: year < 2027)
    monkeypatch.setattr("server.kit.deadlines.actions.is_announced", lambda year: year < 2027)
