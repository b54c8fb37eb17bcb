"""The draw of those whom a union checks itself: the algorithm of prize draws, without a public value.

The seed is made, and its hash shown, before the list is known; then the list is what has been handed in by the moment
of the draw. Every draw that was promised stays on the page, so that nobody draws until it suits them.
"""

import math
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from server.assignments.spot_checks.models import SpotDraw
from server.kit.draws.algorithm import (
    draw_positions,
    hash_entrant,
    hash_entrants,
    hash_seed,
    hash_terms,
    random_words,
)

NO_VALUE = ""  # there is no public value: nobody wins anything


def drawn(draw: SpotDraw) -> list[str]:
    """Who is drawn, by what is published: anybody computes the same."""
    list_hash = hash_entrants([hash_entrant(str(draw.id), each) for each in draw.entrants])
    words = random_words(draw.seed, NO_VALUE, hash_terms(draw.terms), list_hash)
    places = math.ceil(len(draw.entrants) * int(draw.terms["percent"]) / 100)
    return [draw.entrants[position - 1] for position in draw_positions(len(draw.entrants), places, words)]


def is_true(draw: SpotDraw, checked: Sequence[UUID]) -> bool:
    """Whether the seed is the one that was promised, and those drawn are those who follow from it."""
    return hash_seed(draw.seed) == draw.terms["seed_hash"] and drawn(draw) == [str(each) for each in checked]


def publish(draw: SpotDraw) -> dict[str, Any]:
    """What anybody needs to compute the draw again; the seed only when it is over."""
    shown = {"terms": draw.terms, "terms_hash": hash_terms(draw.terms), "public_value": NO_VALUE}
    if draw.drawn_at is None:
        return shown
    hashes = [hash_entrant(str(draw.id), each) for each in draw.entrants]
    return {**shown, "seed": draw.seed, "recipients": draw.entrants, "entrants": hashes, "drawn": drawn(draw)}
