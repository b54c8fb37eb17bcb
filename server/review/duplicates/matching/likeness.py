"""How much two reports resemble each other: their distance on the ground, and the words that they share. Pure."""

import unicodedata
from dataclasses import dataclass

from server.core.geodesy import metres_apart, to_gcj02
from server.review.submissions.kinds.content import Coordinates

NEAR = 150.0  # metres within which two points may be one place; phones err by tens
FAR = 600.0  # metres beyond which they are not, however alike the words
SIMILAR = 0.3  # shared trigrams from which words count as alike


@dataclass(frozen=True, slots=True)
class Resemblance:
    """`distance` in metres, None where a point is missing; `words`: 0 nothing in common, 1 the same."""

    distance: float | None
    words: float

    @property
    def is_near(self) -> bool:
        return self.distance is not None and self.distance <= NEAR

    @property
    def is_likely(self) -> bool:
        """Near by or in similar words, and not plainly somewhere else."""
        if self.distance is not None and self.distance > FAR:
            return False
        return self.is_near or self.words >= SIMILAR

    @property
    def score(self) -> float:
        """The greater, the more likely the same."""
        return self.words + (1.0 - self.distance / FAR if self.distance is not None and self.distance < FAR else 0.0)


def grams_of(*texts: str) -> frozenset[str]:
    """The trigrams of some texts, white space, case, width and punctuation aside; of two characters or fewer, all."""
    grams: set[str] = set()
    for text in texts:
        plain = "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
        if plain:
            grams.update(plain[start : start + 3] for start in range(max(1, len(plain) - 2)))
    return frozenset(grams)


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The part of the shorter text's grams that the other has too: a few words fit into a long description."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def metres_between(one: Coordinates | None, other: Coordinates | None) -> float | None:
    """The distance on the ground, both taken to GCJ-02 first: left alone, the datums lie half a kilometre apart."""
    if one is None or other is None:
        return None
    return metres_apart(_in_gcj02(one), _in_gcj02(other))


def _in_gcj02(point: Coordinates) -> tuple[float, float]:
    at = (point.latitude, point.longitude)
    return at if point.datum == "gcj02" else to_gcj02(*at)
