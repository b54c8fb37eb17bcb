"""Parts with keys: what stays together, in an order that people change."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import NotFound
from server.kit import keyed


@dataclass(frozen=True)
class Part:
    key: str


@given(st.integers(1, 6), st.data())
def test_moving_keeps_every_part_once_and_the_order_of_the_others(count: int, data: st.DataObject) -> None:
    parts = tuple(Part(f"f{number}") for number in range(count))
    place, steps = data.draw(st.integers(0, count - 1)), data.draw(st.integers(-9, 9))
    moved = keyed.move(parts, parts[place].key, steps)
    assert keyed.remove(moved, parts[place].key) == keyed.remove(parts, parts[place].key)
    assert moved.index(parts[place]) == min(max(place + steps, 0), count - 1)


def test_a_new_key_follows_the_highest_and_what_is_not_there_is_not_found() -> None:
    parts = (Part("f2"), Part("f9"), Part("own"), Part("f123456789"))
    assert keyed.new_key("f", parts) == "f10"
    for change in (keyed.remove, keyed.find_keyed):
        with pytest.raises(NotFound):
            change(parts, "f3")
