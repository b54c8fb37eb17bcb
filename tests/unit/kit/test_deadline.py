"""A deadline that stands still while somebody else is to act."""

from datetime import UTC, datetime
from types import SimpleNamespace

from server.kit.deadlines.rules import Deadline

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10 o'clock in Shanghai
FRIDAY = datetime(2026, 11, 27, 15, 59, 59, tzinfo=UTC)  # its last second there
NEXT_MONDAY = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)


def test_it_ends_with_a_working_day() -> None:
    assert Deadline.start(MONDAY, 4) == Deadline(FRIDAY)


def test_what_was_left_when_it_stood_still_is_left_when_it_goes_on() -> None:
    paused = Deadline.start(MONDAY, 4).pause(datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
    assert paused == Deadline(FRIDAY, rest_days=2)
    assert paused.resume(NEXT_MONDAY) == Deadline.start(NEXT_MONDAY, 2)


def test_after_its_last_day_one_working_day_is_left_to_go_on() -> None:
    assert Deadline(FRIDAY).pause(NEXT_MONDAY).rest_days == 0
    assert Deadline(FRIDAY, rest_days=0).resume(NEXT_MONDAY) == Deadline.start(NEXT_MONDAY, 1)


def test_an_extension_counts_from_the_end_and_leaves_a_day() -> None:
    assert Deadline(FRIDAY).extend(MONDAY, 1) == Deadline.start(MONDAY, 5)
    assert Deadline(FRIDAY).extend(datetime(2026, 12, 7, 2, 0, tzinfo=UTC), 1).due_at.day == 8


def test_whoever_gets_it_late_has_until_the_next_working_day_and_nobody_less_than_before() -> None:
    assert Deadline(FRIDAY).leave_a_day(MONDAY) == Deadline(FRIDAY)
    assert Deadline(FRIDAY).leave_a_day(NEXT_MONDAY) == Deadline.start(NEXT_MONDAY, 1)


def test_it_is_kept_in_two_columns_of_its_row() -> None:
    row = SimpleNamespace(due_at=None, rest_days=7)
    Deadline(FRIDAY).store(row)
    assert Deadline.of(row) == Deadline(FRIDAY)
