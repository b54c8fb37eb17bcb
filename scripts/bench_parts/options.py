"""What the caller asked for."""

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how much to measure. `seconds`: of one run of the load generator; `rows`: of the big table.

    `only`: words one of which the name of a console page must hold, empty: all are opened.
    `photos`: a folder of photographs to measure recall on, None: none is measured.
    """

    rounds: int
    seconds: float
    rows: tuple[int, ...]
    databases: tuple[str, ...]
    photos: Path | None = None
    only: tuple[str, ...] = ()

    def is_wanted(self, name: str) -> bool:
        """Whether a page of that name is to be opened."""
        return not self.only or any(word in name for word in self.only)

    def say(self, what: str) -> None:
        """Progress, on standard error."""
        print(f"    {what}", file=sys.stderr, flush=True)
