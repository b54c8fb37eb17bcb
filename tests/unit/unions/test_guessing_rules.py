"""How long guessers wait."""

from datetime import UTC, datetime, timedelta

import pytest

from server.unions.throttle.rules import ATTACK_FAILURES, UNDER_ATTACK, USUAL, is_under_attack, wait_until

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def failures(count: int, *, latest: timedelta = timedelta(seconds=1)) -> list[datetime]:
    return [NOW - latest - timedelta(seconds=number) for number in range(count)]


@pytest.mark.parametrize(("count", "minutes"), [(5, 1), (7, 1), (8, 5), (11, 5), (12, 15), (40, 15)])
def test_the_more_failures_the_longer_the_wait_counted_from_the_latest(count: int, minutes: int) -> None:
    assert wait_until(failures(count), USUAL, NOW) == NOW - timedelta(seconds=1) + timedelta(minutes=minutes)


def test_a_few_mistakes_cost_nothing() -> None:
    assert wait_until(failures(4), USUAL, NOW) is None
    assert wait_until([], USUAL, NOW) is None


def test_the_wait_ends() -> None:
    assert wait_until(failures(5, latest=timedelta(seconds=61)), USUAL, NOW) is None


def test_failures_of_long_ago_are_forgotten() -> None:
    assert wait_until(failures(12, latest=timedelta(hours=2)), USUAL, NOW) is None


def test_under_attack_a_stranger_gets_one_guess_and_a_first_attempt_is_free() -> None:
    assert wait_until([], UNDER_ATTACK, NOW) is None
    assert wait_until(failures(1), UNDER_ATTACK, NOW) == NOW - timedelta(seconds=1) + timedelta(minutes=15)


def test_many_failures_in_a_short_time_are_an_attack() -> None:
    assert is_under_attack(failures(ATTACK_FAILURES), NOW)
    assert not is_under_attack(failures(ATTACK_FAILURES - 1), NOW)
    assert not is_under_attack(failures(ATTACK_FAILURES, latest=timedelta(minutes=20)), NOW)
