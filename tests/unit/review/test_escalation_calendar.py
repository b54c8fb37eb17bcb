"""The working days of 2026 with their 调休, and years that nobody has announced yet."""

from datetime import date, datetime

import pytest

from server.core.clock import SHANGHAI
from server.kit.deadlines.calendar.working_days import due_after, is_announced, is_working_day


@pytest.mark.parametrize(
    "day",
    [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)],
)
def test_weekend_days_worked_instead_of_holidays_of_2026_count(day: date) -> None:
    assert day.weekday() >= 5
    assert is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [date(2026, 1, 2), date(2026, 2, 16), date(2026, 4, 6), date(2026, 5, 4), date(2026, 6, 19), date(2026, 10, 7)],
)
def test_weekdays_that_are_holidays_in_2026_do_not_count(day: date) -> None:
    assert day.weekday() < 5
    assert not is_working_day(day)


def test_in_a_year_not_announced_monday_to_friday_count_without_the_statutory_holidays() -> None:
    assert not is_announced(2090)
    assert due_after(datetime(2090, 9, 29, 9, tzinfo=SHANGHAI), 2) == datetime(2090, 10, 5, 23, 59, 59, tzinfo=SHANGHAI)
    assert not is_working_day(date(2090, 9, 30))
