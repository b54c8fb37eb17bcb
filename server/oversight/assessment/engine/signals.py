"""What may be a game played with numbers: told beside the score, for a person to judge. It weighs nothing. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

SHORTEST = 20
"""Words shorter than these may be the same by chance."""
FEWEST, BULK = 10, 50
NAMED = 3
"""Of those who share something, so many are named."""
EXACT = 1000

U = TypeVar("U", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Others(Generic[U]):
    """With whom something is shared: the first few, and how many."""

    first: tuple[U, ...]
    count: int


def same_files(files: Mapping[U, Iterable[str]]) -> dict[U, tuple[int, Others[U]]]:
    """Which units handed in files that another one handed in too, by their hashes: how many files, and with whom."""
    holders: dict[str, dict[U, None]] = defaultdict(dict)
    for unit, hashes in files.items():
        for each in hashes:
            holders[each][unit] = None
    found: dict[U, list[Collection[U]]] = defaultdict(list)
    for units in holders.values():
        if len(units) > 1:
            for unit in units:
                found[unit].append(units)
    return {unit: (len(groups), _others(unit, groups)) for unit, groups in found.items()}


def twice_used(hashes: Iterable[str]) -> int:
    """How many files one unit used for more than one item."""
    return sum(count > 1 for count in Counter(hashes).values())


def same_texts(texts: Mapping[U, Mapping[str, str]]) -> dict[U, list[tuple[str, Others[U]]]]:
    """Which units described an item in the very words of others."""
    holders: dict[tuple[str, str], list[U]] = defaultdict(list)
    for unit, said in texts.items():
        for item, words in said.items():
            bare = "".join(words.split())
            if len(bare) >= SHORTEST:
                holders[item, bare].append(unit)
    found: dict[U, list[tuple[str, Others[U]]]] = defaultdict(list)
    for (item, _), units in holders.items():
        if len(units) > 1:
            for unit in units:
                found[unit].append((item, _others(unit, [units])))
    return dict(found)


def _others(unit: U, groups: Sequence[Collection[U]]) -> Others[U]:
    """The first few beside a unit, and how many there are: of large groups only the largest is counted, for thousands
    that copied one another are not gone through thousands of times."""
    first: dict[U, None] = {}
    for group in groups:
        first.update(dict.fromkeys(islice((each for each in group if each != unit), NAMED)))
    is_small = sum(map(len, groups)) <= EXACT
    count = len(set[U]().union(*groups)) if is_small else max(map(len, groups))
    return Others(tuple(first)[:NAMED], count - 1)


def is_bulk(on_last_day: int, together: int) -> bool:
    """Whether what is spread over a period was mostly done on its last day."""
    return together >= FEWEST and on_last_day * 100 >= BULK * together
