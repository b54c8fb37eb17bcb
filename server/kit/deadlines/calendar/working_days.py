"""Working days of the Chinese calendar, and the deadlines that are counted in them. Pure.

`chinesecalendar` knows public holidays and the weekends worked in their stead (调休) of the years already announced.
Beyond them people work from Monday to Friday except on the statutory holidays (holidays.py), and a date is provisional:
which weekends are worked, and which days are joined to holidays, is not known yet.
"""

from calendar import isleap
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import accumulate

import chinese_calendar
import structlog

from server.core.clock import SHANGHAI
from server.kit.deadlines.calendar.holidays import statutory_holidays

log = structlog.get_logger(__name__)

END_OF_DAY = time(23, 59, 59)
SATURDAY = 5


@cache
def is_announced(year: int) -> bool:
    """Whether the holidays of `year` are in the calendar's data. Warns once per year that is not."""
    try:
        chinese_calendar.is_workday(date(year, 7, 1))
    except NotImplementedError:
        log.warning("calendar_year_unknown", year=year, instead="weekends and statutory holidays")
        return False
    return True


def is_working_day(day: date) -> bool:
    """Whether people work on `day` in China."""
    return bool(chinese_calendar.is_workday(day)) if is_announced(day.year) else _is_working_day_by_statute(day)


def _is_working_day_by_statute(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in statutory_holidays(day.year)


def is_provisional(due_at: datetime) -> bool:
    """Whether the deadline lies in a year whose calendar is not known yet, so that it may still move."""
    return not is_announced(due_at.astimezone(SHANGHAI).year)


def due_after(moment: datetime, working_days: int) -> datetime:
    """The end of the `working_days`-th working day after the day of `moment`, in Shanghai; returned in UTC.

    The day of `moment` itself does not count. Raises ValueError unless `working_days` is positive.
    """
    if working_days < 1:
        raise ValueError("a deadline needs at least one working day")
    day = moment.astimezone(SHANGHAI).date()
    while working_days:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return datetime.combine(day, END_OF_DAY, SHANGHAI).astimezone(UTC)


def days_left(moment: datetime, due_at: datetime) -> int:
    """Working days after the day of `moment` up to and including the day of `due_at`; 0 when it is that day or past."""
    day, last = (instant.astimezone(SHANGHAI).date() for instant in (moment, due_at))
    if day >= last:
        return 0
    between = sum(_counted(year)[-1] for year in range(day.year, last.year))
    return between + _counted(last.year)[_place(last)] - _counted(day.year)[_place(day)]


def _counted(year: int) -> tuple[int, ...]:
    """How many days of the year up to each one are working days: a list shows fifty deadlines, some years late."""
    return _count_year(year, is_announced(year))


@lru_cache(maxsize=64)
def _count_year(year: int, _is_announced: bool) -> tuple[int, ...]:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(365 + isleap(year)))
    return tuple(accumulate(is_working_day(day) for day in days))


def _place(day: date) -> int:
    return day.timetuple().tm_yday - 1


def recount(due_at: datetime, moment: datetime, announced: Collection[int]) -> datetime:
    """Where a deadline belongs now that the calendars of the years `announced` have come, which it was counted without.

    As many working days after the day of `moment` as were left before, on a working day, and never earlier than it was:
    a date that people were told is not taken from them. What is due that day or past stays.
    """
    day, last = (instant.astimezone(SHANGHAI).date() for instant in (moment, due_at))

    def was_working_day(day: date) -> bool:
        return _is_working_day_by_statute(day) if day.year in announced else is_working_day(day)

    ahead = (day + timedelta(days=number) for number in range(1, (last - day).days + 1))
    left = sum(was_working_day(each) for each in ahead)
    if not left or not was_working_day(last):  # the latter was counted with the calendar
        return due_at
    due = max(due_after(moment, left).astimezone(SHANGHAI).date(), last)
    while not is_working_day(due):
        due += timedelta(days=1)
    return due_at + (due - last)


def end_of_today(moment: datetime) -> datetime:
    """The last second of the day of `moment` in Shanghai, in UTC."""
    return datetime.combine(moment.astimezone(SHANGHAI).date(), END_OF_DAY, SHANGHAI).astimezone(UTC)
