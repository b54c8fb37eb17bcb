"""What the caller asked for."""

import sys
from dataclasses import dataclass
from pathlib import Path

from bench_parts.sizes import Size, of_a_city


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how much to measure. `seconds`: of one run of the load generator; `rows`: of the big table.

    `only`: words one of which the name of a console page must hold, empty: all are opened.
    `photos`: a folder of photographs to measure recall on, None: none is measured. `is_city`: what is filled with
    everything is as large as a city after five years.
    """

    rounds: int
    seconds: float
    rows: tuple[int, ...]
    databases: tuple[str, ...]
    photos: Path | None = None
    only: tuple[str, ...] = ()
    is_city: bool = False

    def size(self, rows: int) -> Size:
        """What a database of so many submissions is filled with."""
        return of_a_city(rows) if self.is_city else Size(rows)

    def is_wanted(self, name: str) -> bool:
        """Whether a page of that name is to be opened."""
        return not self.only or any(word in name for word in self.only)

    def say(self, what: str) -> None:
        """Progress, on standard error."""
        print(f"    {what}", file=sys.stderr, flush=True)
