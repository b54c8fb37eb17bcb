"""Ids sort by when they were made."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import time_machine

from server.core.ids import first_id, is_uuid7, new_id


def test_ids_come_in_the_order_in_which_they_were_made() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert all(is_uuid7(each) for each in made[:10])


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: new_id(), range(20_000)))
    assert len(set(made)) == len(made)


def test_an_id_tells_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    assert before <= new_id().int >> 80 <= before + 1000


def test_a_clock_set_back_is_followed() -> None:
    with time_machine.travel("2030-01-01T00:00:00Z"):
        future = new_id()
    assert new_id() < future


def test_the_first_id_of_a_moment_lies_below_all_made_since() -> None:
    before = datetime.now(UTC)
    made = new_id()
    assert first_id(before) <= made < first_id(before + timedelta(minutes=1))
