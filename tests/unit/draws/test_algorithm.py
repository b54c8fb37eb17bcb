"""The draw's algorithm: as documented, fair, and the same in scripts/verify_draw."""

import hashlib
import hmac
from collections import Counter
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from itertools import count
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kit.draws.algorithm import (
    WORDS,
    below,
    draw_positions,
    hash_entrant,
    hash_entrants,
    hash_seed,
    random_words,
    salt_of,
)
from tests.support.sources import ROOT

SEED = "00112233445566778899aabbccddeeff" * 2
HASHES = st.from_regex("[0-9a-f]{64}", fullmatch=True)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """scripts/verify_draw as a module."""
    loader = SourceFileLoader("verify_draw", str(ROOT / "scripts" / "verify_draw"))
    spec = spec_from_loader("verify_draw", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_a_known_draw_gives_known_places() -> None:
    """Written down once: a change of the algorithm would make old draws unverifiable."""
    words = random_words(SEED, "03 07 11 19 23 30 + 08", "a" * 64, "b" * 64)
    assert draw_positions(100, 5, words) == [19, 52, 94, 88, 13]


def test_words_are_the_quarters_of_hmac_blocks() -> None:
    words = random_words(SEED, "8", "a" * 64, "b" * 64)
    message = "\n".join(["suishoupai-draw-1", "a" * 64, "b" * 64, "8", "1"]).encode()
    block = hmac.new(bytes.fromhex(SEED), message, hashlib.sha256).digest()
    assert [next(words) for _ in range(8)][4:] == [int.from_bytes(block[at : at + 8], "big") for at in (0, 8, 16, 24)]


@given(HASHES, st.text(max_size=30), HASHES, HASHES, st.integers(0, 300), st.integers(0, 40))
def test_the_script_draws_the_same_places(
    script: ModuleType, seed: str, value: str, terms: str, entrants: str, size: int, places: int
) -> None:
    value = value.encode("utf-8", "ignore").decode()
    ours = draw_positions(size, places, random_words(seed, value, terms, entrants))
    numbers = script.numbers(bytes.fromhex(seed), ["suishoupai-draw-1", terms, entrants, value])
    assert [index + 1 for index in script.shuffle(size, places, numbers)] == ours


@given(HASHES, st.integers(0, 500), st.integers(0, 60))
def test_nobody_is_drawn_twice_and_everybody_drawn_is_on_the_list(seed: str, size: int, places: int) -> None:
    drawn = draw_positions(size, places, random_words(seed, "1", "a", "b"))
    assert len(drawn) == min(size, places) == len(set(drawn))
    assert set(drawn) <= set(range(1, size + 1))


@given(HASHES, st.integers(1, 60), st.integers(0, 20), st.integers(0, 20))
def test_more_runners_up_change_no_winner(seed: str, size: int, places: int, more: int) -> None:
    few = draw_positions(size, places, random_words(seed, "1", "a", "b"))
    many = draw_positions(size, places + more, random_words(seed, "1", "a", "b"))
    assert many[: len(few)] == few


def test_words_of_the_incomplete_last_stretch_are_thrown_away() -> None:
    assert WORDS % 3 == 1
    assert below(3, iter([WORDS - 1, 5])) == 2
    assert below(3, iter([WORDS - 2])) == (WORDS - 2) % 3


def test_every_entrant_is_as_likely_to_be_first() -> None:
    tally = Counter(draw_positions(5, 1, random_words(SEED, str(each), "a", "b"))[0] for each in range(5000))
    assert all(880 < tally[position] < 1120 for position in range(1, 6))  # 4 standard deviations


def test_any_other_seed_value_or_list_gives_another_draw() -> None:
    base = (SEED, "1", "a", "b")
    changed = [("f" + SEED[1:], "1", "a", "b"), (SEED, "2", "a", "b"), (SEED, "1", "c", "b"), (SEED, "1", "a", "c")]
    drawn = [tuple(draw_positions(1000, 8, random_words(*each))) for each in [base, *changed]]
    assert len(set(drawn)) == 5


def test_hashes_are_plain_sha256() -> None:
    assert hash_seed("00" * 32) == hashlib.sha256(bytes(32)).hexdigest()
    assert hash_entrant("ab", "1-2") == hashlib.sha256(b"ab:1-2").hexdigest()
    assert hash_entrants(["a", "b"]) == hashlib.sha256(b"a\nb\n").hexdigest()


def test_salts_follow_from_the_key_and_differ_between_people() -> None:
    salts = [salt_of(SEED, number) for number in range(100)]
    assert len(set(salts)) == 100
    assert salts == [salt_of(SEED, number) for number in range(100)]
    assert {len(salt) for salt in salts} == {32}


def test_a_bound_of_one_needs_one_word() -> None:
    words = count()
    assert below(1, words) == 0
    assert next(words) == 1
