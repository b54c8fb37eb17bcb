"""Ids sort by when they were made."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from server.core.clock import SHANGHAI
from server.core.ids import first_id, is_uuid7, new_id, new_id_of_day, tells_day_only


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


@given(st.integers(946_684_800, 7_226_582_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_an_id_of_the_day_tells_the_day_in_shanghai_and_no_more(moment: datetime) -> None:
    made, other = new_id_of_day(moment), new_id_of_day(moment)
    told = datetime.fromtimestamp((made.int >> 80) / 1000, SHANGHAI)
    assert (told.date(), f"{told:%H:%M:%S.%f}") == (moment.astimezone(SHANGHAI).date(), "00:00:00.000000")
    assert made != other
    assert is_uuid7(made)
    assert made.variant == RFC_4122
    assert tells_day_only(made)


def test_other_ids_tell_more() -> None:
    assert not any(tells_day_only(new_id()) for _ in range(1000))
