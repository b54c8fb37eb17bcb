"""Who is looked at again: drawn by the algorithm of prize draws. The seed is fixed, and its hash shown, when the run is
opened; the list is all units of the run. Anybody computes the same of what is published."""

import math
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
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
from server.oversight.assessment.models import AssessedUnit, Assessment

NO_VALUE = ""  # there is no public value: nobody wins anything


def new_seed() -> str:
    """A seed that nobody can guess."""
    return secrets.token_hex(32)


def terms_of(run_id: UUID, union_id: UUID, percent: int, seed: str, now: datetime) -> dict[str, Any]:
    """What is promised before the list is known."""
    return {
        "format": FORMAT, "draw_id": str(run_id), "union_id": str(union_id), "percent": percent,
        "seed_hash": hash_seed(seed), "promised_at": now.isoformat(),
    }  # fmt: skip


def draw_units(run: Assessment, units: Sequence[AssessedUnit], now: datetime) -> int:
    """Take the list, and draw. Gives how many are looked at again."""
    by_id = {str(unit.id): unit for unit in units}
    run.entrants = sorted(by_id, key=lambda each: hash_entrant(str(run.id), each))
    run.drawn_at = now
    for place, unit_id in enumerate(drawn(run), 1):
        by_id[unit_id].place = place
    return len(drawn(run))


def drawn(run: Assessment) -> list[str]:
    """Who is drawn, in their order."""
    list_hash = hash_entrants([hash_entrant(str(run.id), each) for each in run.entrants])
    words = random_words(run.seed, NO_VALUE, hash_terms(run.terms), list_hash)
    places = math.ceil(len(run.entrants) * int(run.terms["percent"]) / 100)
    return [run.entrants[position - 1] for position in draw_positions(len(run.entrants), places, words)]


def publish(run: Assessment) -> dict[str, Any]:
    """What anybody needs to compute the draw again; the seed only when it is over."""
    shown = {"terms": run.terms, "terms_hash": hash_terms(run.terms), "public_value": NO_VALUE}
    if run.drawn_at is None:
        return shown
    hashes = [hash_entrant(str(run.id), each) for each in run.entrants]
    return {**shown, "seed": run.seed, "units": run.entrants, "entrants": hashes, "drawn": drawn(run)}
