"""A sample of a list that is looked at again: drawn by the algorithm of prize draws, without a public value, for nobody
wins anything. The seed is made, and its hash shown, before the list is known; anybody computes the same."""

import math
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from server.kit.draws.algorithm import (
    FORMAT,
    draw_positions,
    hash_entrant,
    hash_entrants,
    hash_seed,
    hash_terms,
    random_words,
)

NO_VALUE = ""
SAMPLE = "suishoupai-sample-1"
"""The format of the published file; how positions follow is that of prize draws (`FORMAT`)."""


class Sample(Protocol):
    """The row that holds one: `entrants` are ids as text, in the order of their hashes."""

    id: Any
    seed: Any
    terms: Any
    entrants: Any
    drawn_at: Any


def promise(draw_id: UUID, percent: int, now: datetime, **about: UUID) -> tuple[str, dict[str, Any]]:
    """(seed, terms): the seed that nobody can guess, and what is promised before the list is known."""
    seed = secrets.token_hex(32)
    said = {name: str(value) for name, value in about.items()}
    return seed, {
        "format": FORMAT, "draw_id": str(draw_id), **said, "percent": percent, "seed_hash": hash_seed(seed),
        "promised_at": now.isoformat(),
    }  # fmt: skip


def list_entrants(draw_id: UUID, entrants: Iterable[UUID]) -> list[str]:
    """Their ids in the order in which they are published."""
    return sorted(map(str, entrants), key=lambda each: hash_entrant(str(draw_id), each))


def drawn(draw: Sample) -> list[str]:
    """Who is drawn, in their order."""
    list_hash = hash_entrants(_hashes(draw))
    words = random_words(draw.seed, NO_VALUE, hash_terms(draw.terms), list_hash)
    places = math.ceil(len(draw.entrants) * int(draw.terms["percent"]) / 100)
    return [draw.entrants[position - 1] for position in draw_positions(len(draw.entrants), places, words)]


def is_true(draw: Sample, looked_at: Iterable[UUID]) -> bool:
    """Whether the seed is the one that was promised, and those drawn are those who follow from it."""
    return hash_seed(draw.seed) == draw.terms["seed_hash"] and drawn(draw) == [str(each) for each in looked_at]


def publish(draw: Sample, name: str) -> dict[str, Any]:
    """What anybody needs to compute the draw again, by `scripts/verify_draw`; the seed only when it is over. `name`:
    what the list holds."""
    shown = {
        "format": SAMPLE, "draw_id": str(draw.id), "terms": draw.terms, "terms_hash": hash_terms(draw.terms),
        "public_value": NO_VALUE, "list": name,
    }  # fmt: skip
    if draw.drawn_at is None:
        return shown
    hashes = _hashes(draw)
    return {
        **shown, "drawn_at": draw.drawn_at.isoformat(), "seed": draw.seed, name: draw.entrants, "entrants": hashes,
        "entrants_hash": hash_entrants(hashes), "drawn": drawn(draw),
    }  # fmt: skip


def _hashes(draw: Sample) -> list[str]:
    return [hash_entrant(str(draw.id), each) for each in draw.entrants]
