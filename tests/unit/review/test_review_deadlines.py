"""Deadlines on the Chinese calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.clock import SHANGHAI, in_shanghai
from server.kit.deadlines.calendar.holidays import FIXED, MOVING, statutory_holidays
from server.kit.deadlines.calendar.working_days import (
    days_left,
    due_after,
    end_of_today,
    is_announced,
    is_provisional,
    is_working_day,
)

START = datetime(2020, 1, 1, tzinfo=UTC)
moments = st.integers(0, 7 * 365 * 86_400 - 1).map(lambda seconds: START + timedelta(seconds=seconds))


def shanghai(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]  # year to second


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        (shanghai(2026, 11, 23, 9), 3, shanghai(2026, 11, 26, 23, 59, 59)),  # Monday to Thursday
        (shanghai(2026, 11, 26, 9), 3, shanghai(2026, 12, 1, 23, 59, 59)),  # over a weekend
        (shanghai(2026, 9, 29, 9), 3, shanghai(2026, 10, 9, 23, 59, 59)),  # over National Day
        (shanghai(2026, 2, 13, 9), 1, shanghai(2026, 2, 14, 23, 59, 59)),  # a Saturday worked for Spring Festival
    ],
)
def test_a_deadline_counts_the_days_that_people_work(sent: datetime, days: int, due: datetime) -> None:
    assert due_after(sent, days) == due


def test_late_in_the_evening_of_utc_it_is_tomorrow_in_shanghai() -> None:
    assert due_after(datetime(2026, 11, 22, 17, tzinfo=UTC), 1) == shanghai(2026, 11, 24, 23, 59, 59)


@given(moments, st.integers(1, 30))
def test_a_deadline_is_the_end_of_a_working_day_with_exactly_so_many_days_left(moment: datetime, days: int) -> None:
    due = due_after(moment, days)
    assert is_working_day(in_shanghai(due).date())
    assert in_shanghai(due).strftime("%H:%M:%S") == "23:59:59"
    assert days_left(moment, due) == days


@given(moments, moments, st.integers(1, 10))
def test_later_arrival_never_gives_an_earlier_deadline(one: datetime, other: datetime, days: int) -> None:
    early, late = sorted((one, other))
    assert due_after(early, days) <= due_after(late, days)


@given(moments, st.integers(1, 10), st.integers(0, 20))
def test_a_pause_costs_no_working_day(moment: datetime, days: int, pause: int) -> None:
    """Stopped at once and taken up again later, the reporter's deadline keeps the working days that were left."""
    rest = days_left(moment, due_after(moment, days))
    resumed = moment + timedelta(days=pause)
    assert days_left(resumed, due_after(resumed, rest)) == days


@given(moments)
def test_nothing_is_left_of_a_deadline_that_has_passed(moment: datetime) -> None:
    assert days_left(moment, moment - timedelta(days=1)) == 0
    assert days_left(moment, end_of_today(moment)) == 0


def test_years_not_yet_announced_fall_back_to_weekends() -> None:
    assert is_announced(2026)
    assert not is_announced(2031)
    assert is_working_day(date(2031, 10, 8))  # a Wednesday
    assert not is_working_day(date(2031, 10, 4))


def test_no_working_days_are_no_deadline() -> None:
    with pytest.raises(ValueError, match="at least one"):
        due_after(datetime(2026, 11, 23, tzinfo=UTC), 0)


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        (shanghai(2026, 12, 31, 9), 1, shanghai(2027, 1, 4, 23, 59, 59)),  # over New Year's Day, a Friday
        (shanghai(2027, 2, 4, 9), 1, shanghai(2027, 2, 9, 23, 59, 59)),  # over Spring Festival: 5 to 8 February
        (shanghai(2027, 6, 8, 9), 1, shanghai(2027, 6, 10, 23, 59, 59)),  # over 端午
        (shanghai(2027, 9, 30, 9), 1, shanghai(2027, 10, 4, 23, 59, 59)),  # over National Day, two of it at a weekend
    ],
)
def test_holidays_hold_in_a_year_whose_calendar_is_not_announced(
    monkeypatch: pytest.MonkeyPatch, sent: datetime, days: int, due: datetime
) -> None:
    monkeypatch.setattr("server.kit.deadlines.calendar.working_days.is_announced", lambda year: year < 2027)
    assert due_after(sent, days) == due
    assert is_provisional(due)
    assert not is_provisional(shanghai(2026, 12, 30))


def test_the_announced_calendars_are_off_on_every_statutory_holiday_that_we_compute() -> None:
    for day in (date(2026, month, number) for month, number in FIXED):
        assert not is_working_day(day)
    assert len(statutory_holidays(2027)) == 13
    assert len(statutory_holidays(2031)) == 12  # 中秋 is National Day
    assert min(MOVING) == 2027
    assert max(MOVING) == 2050
