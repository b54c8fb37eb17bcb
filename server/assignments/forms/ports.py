"""What forms ask of the wings above."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.ports import Port
from server.kit.indicators import OutcomeSource


@dataclass(frozen=True, slots=True)
class FigureWords:
    """A figure that a form may show: its key, what it is called, what it counts. `outcome`: what of the work came of
    it; None of what tells how a program is used, which no scheme of assessment may count."""

    key: str
    name: str
    meaning: str
    outcome: OutcomeSource | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What figures are counted of: a union with all below it, a campaign or all of them, the first and the last day.
    `among`: in place of all below it, these unions alone with all below them."""

    union_id: UUID
    campaign_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    among: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as it was counted. `parts`: of a rate or mean, what was divided by what, so that those of several unions
    can be recomputed; None of a plain count. `href`: the list of what it counts."""

    value: float | None
    text: str
    meaning: str
    period: str
    at: str
    unit: str
    parts: tuple[int, int] | None = None
    href: str | None = None


class FigureBook(Protocol):
    """Who counts."""

    def words(self) -> Sequence[FigureWords]:
        """Every figure there is."""
        ...

    def draw(self, session: Session, wanted: Wanted, keys: Collection[str], now: datetime) -> Mapping[str, Drawn]:
        """These figures by their keys, as far as they are known."""
        ...

    def list_behind(self, wanted: Wanted, key: str, now: datetime) -> str | None:
        """Where the rows are listed that a figure counts; None where nobody sees them, or it is unknown."""
        ...

    def recount(
        self, session: Session, wanted: Wanted, keys: Collection[str], now: datetime
    ) -> Mapping[str, Drawn]:  # fmt: skip
        """Those of these figures that count people, by their keys: somebody may be one of several unions, so what these
        unions say is never added up. Counted anew of all of them together, each person once."""
        ...

    def total(self, drawn: Sequence[Drawn]) -> Drawn:
        """One figure of several unions: counts are added up, rates and means recomputed, never averaged."""
        ...


FIGURES: Port[FigureBook] = Port("assignments.figures")


def figure_words() -> list[FigureWords]:
    """What a form may show."""
    return [each for book in FIGURES.answers for each in book.words()]
