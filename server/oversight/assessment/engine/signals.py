"""What may be a game played with numbers: told beside the score, for a person to judge. It weighs nothing. Pure."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

SHORTEST = 20
"""Words shorter than these may be the same by chance."""
FEWEST, BULK = 10, 50

U = TypeVar("U", bound=Hashable)


def same_files(files: Mapping[U, Iterable[str]]) -> dict[U, dict[U, int]]:
    """Which units handed in files that another one handed in too, by their hashes: how many with whom."""
    holders: dict[str, set[U]] = defaultdict(set)
    for unit, hashes in files.items():
        for each in hashes:
            holders[each].add(unit)
    found: dict[U, Counter[U]] = defaultdict(Counter)
    for units in holders.values():
        for unit in units:
            found[unit].update(units - {unit})
    return {unit: dict(others) for unit, others in found.items() if others}


def twice_used(hashes: Iterable[str]) -> int:
    """How many files one unit used for more than one item."""
    return sum(count > 1 for count in Counter(hashes).values())


def same_texts(texts: Mapping[U, Mapping[str, str]]) -> dict[U, list[tuple[str, U]]]:
    """Which units described an item in the very words of another."""
    holders: dict[tuple[str, str], list[U]] = defaultdict(list)
    for unit, said in texts.items():
        for item, words in said.items():
            bare = "".join(words.split())
            if len(bare) >= SHORTEST:
                holders[item, bare].append(unit)
    found: dict[U, list[tuple[str, U]]] = defaultdict(list)
    for (item, _), units in holders.items():
        for unit in units:
            found[unit] += [(item, other) for other in units if other != unit]
    return {unit: others for unit, others in found.items() if others}


def is_bulk(on_last_day: int, together: int) -> bool:
    """Whether what is spread over a period was mostly done on its last day."""
    return together >= FEWEST and on_last_day * 100 >= BULK * together
