"""Scores and ranks of all units of a run, each among its peers only. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from server.oversight.assessment.engine.scoring import Entry, Result, score_unit
from server.oversight.assessment.schemas import Definition, ItemKind, RankItem

FEWEST = 5
"""Among fewer peers than these no percentile is told: it would say more than there is."""

U = TypeVar("U", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Contestant(Generic[U]):
    """A unit with its values."""

    unit: U
    peer: str
    entries: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's result and its rank among `peers` units; equal ones share the better rank. Whoever was vetoed has none.
    `percentile`: of how many percent of its peers it is at least as good."""

    result: Result
    rank: int | None
    peers: int
    percentile: int | None


def rank_units(scheme: Definition, units: Sequence[Contestant[U]]) -> dict[U, Standing]:
    """Every unit's score, then its rank. In whatever order they come."""
    found: dict[U, Standing] = {}
    for peer in {each.peer for each in units}:
        peers = [each for each in units if each.peer == peer]
        places = {item.key: _places(item, peers) for item in scheme.items() if isinstance(item, RankItem)}
        results = {each.unit: score_unit(scheme, each.entries, _places_of(each.unit, places)) for each in peers}
        shares = {unit: _share(result) for unit, result in results.items() if not result.vetoes}
        ranks = _ranks(shares, is_lowest_first=False)
        for unit, result in results.items():
            rank = ranks.get(unit)
            found[unit] = Standing(result, rank, len(peers), _percentile(rank, len(shares), len(peers)))
    return found


def _places_of(unit: U, places: Mapping[str, Mapping[U, int]]) -> dict[str, int]:
    return {key: at[unit] for key, at in places.items() if unit in at}


def _places(item: RankItem, peers: Sequence[Contestant[U]]) -> dict[U, int]:
    """The place of those who have a value; equal ones share the better place."""
    keys = {
        each.unit: _mean(entry.values)
        for each in peers
        if (entry := each.entries.get(item.key)) is not None and entry.is_applicable and entry.values
    }
    return _ranks(keys, is_lowest_first=item.is_lowest_first)


def _mean(values: Sequence[Decimal]) -> Fraction:
    return sum((Fraction(value) for value in values), Fraction(0)) / len(values)


def _share(result: Result) -> Fraction:
    """Of the full marks that this unit could have: they may differ where something does not apply."""
    return Fraction(result.total) / Fraction(result.full) if result.full else Fraction(0)


def _ranks(values: Mapping[U, Fraction], *, is_lowest_first: bool) -> dict[U, int]:
    """1 + how many are better, of thousands as well: they are sorted once."""
    in_order = sorted(values.values())
    if is_lowest_first:
        return {unit: 1 + bisect_left(in_order, value) for unit, value in values.items()}
    return {unit: 1 + len(in_order) - bisect_right(in_order, value) for unit, value in values.items()}


def _percentile(rank: int | None, ranked: int, peers: int) -> int | None:
    return None if rank is None or peers < FEWEST else (ranked - rank + 1) * 100 // ranked


def is_ranked(scheme: Definition) -> bool:
    """Whether a value of one unit may change the score of another."""
    return any(item.kind is ItemKind.RANK for item in scheme.items())
