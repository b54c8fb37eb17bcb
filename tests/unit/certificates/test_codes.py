"""Codes of certificates."""

from hypothesis import given
from hypothesis import strategies as st

from server.rewards.certificates.printing.codes import ALPHABET, new_code, read_code


def test_codes_are_read_however_they_are_typed() -> None:
    for _ in range(50):
        code = new_code()
        assert read_code(code) == code
        assert read_code(f" {code.lower().replace('-', ' ')}") == code
        assert read_code(code.replace("-", "").replace("0", "O").replace("1", "l")) == code


def test_codes_do_not_repeat() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    code = read_code(typed)
    assert code is None or set(code.replace("-", "")) <= set(ALPHABET)
