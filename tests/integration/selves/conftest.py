"""Two rows of one human being: a reviewer's account, and the phone that is linked to it."""

from collections.abc import Callable

import pytest

from tests.integration.awards.conftest import Awards, awards, closed
from tests.integration.rectification.conftest import Case, Hand, accepted, hand_of, rectifier, town
from tests.support.callers import Phone
from tests.support.scanning import link_phone, watch_codes
from tests.support.world import Someone

__all__ = ["Awards", "Case", "Hand", "accepted", "awards", "closed", "hand_of", "rectifier", "town"]
Link = Callable[[Someone, Someone], None]


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return watch_codes(monkeypatch)


@pytest.fixture
def link(hand_of: Callable[[Someone], Hand], phone_of: Callable[[Someone], Phone], codes: list[str]) -> Link:
    """`link(reviewer, worker)`: the worker's phone signs in to the reviewer's account from now on."""
    return lambda reviewer, worker: link_phone(hand_of(reviewer).desk, phone_of(worker), codes)
