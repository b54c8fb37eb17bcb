"""Schemes to begin from, as data in ../data: read once, never changed by anybody."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from server.oversight.assessment.schemas import Definition

HOME = files("server.oversight.assessment") / "data"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A scheme that is there to begin with. `source`: where it was taken from, and what of it nobody could look at."""

    code: str
    title: str
    about: str
    source: str
    definition: Definition

    @property
    def unverified(self) -> int:
        """How many items stand on memory or older forms."""
        return sum(item.is_unverified for item in self.definition.items())


@cache
def shipped() -> Mapping[str, Shipped]:
    """Every one, by its code."""
    found = {}
    for code in ("city", "ankang"):
        kept = json.loads((HOME / f"{code}.json").read_text(encoding="utf-8"))
        definition = Definition.model_validate(kept["definition"])
        found[code] = Shipped(code, kept["title"], kept["about"], kept["source"], definition)
    return found
