"""Numbers as people write and read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kit.numbers.actions import read_number, write_number


@given(st.integers(2000, 2099), st.integers(1, 9_999_999), st.sampled_from("YJ"))
def test_what_is_written_is_read_again(year: int, number: int, letter: str) -> None:
    written = write_number(year, number, letter)
    assert read_number(written, "YJ") == [written]


@pytest.mark.parametrize(
    "typed",
    [
        "2026-000123Y",
        "2026-123y",
        " 2026—000123 Y ",
        "２０２６－０００１２３Ｙ",
        "2026000123Y",
        "2026/123Y",
        "2026 000123Y",
    ],
)
def test_it_is_read_however_it_is_typed(typed: str) -> None:
    assert read_number(typed, "YJ") == ["2026-000123Y"]


def test_without_its_letter_every_kind_may_be_meant() -> None:
    assert read_number("2026-123", "YJ") == ["2026-000123Y", "2026-000123J"]


@pytest.mark.parametrize(
    "typed", ["", "配电箱", "123", "2026", "20261128", "2026-000123X", "1999-1Y", "2026-", "13800138000"]
)
def test_other_words_are_no_number(typed: str) -> None:
    assert read_number(typed, "YJ") == []
