"""The address of the figures: which subtree of which campaign, which enterprises, which days."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import model_validator

from server.core.web.schemas import Day, In
from server.reports.figures.cuts.periods import Period, Span, span_of, steps_of
from server.unions.campaigns.choosing.choice import Asked
from server.unions.tree.lookup.flags import FLAG_BITS, FLAG_TEXTS, Flag

FIRST_YEAR, LAST_YEAR = 2001, 2198


class Cut(In):
    """What figures are narrowed to. The flags add up: all of those set must hold. `on`: a day of the month, quarter or
    year that is meant."""

    high_risk: bool = False
    chemical: bool = False
    private_small: bool = False
    period: Period = Period.ALL
    on: Day | None = None
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _days_alone_are_a_range(cls, values: Any) -> Any:
        """Forms send every field, empty ones too."""
        if not isinstance(values, Mapping):
            return values
        given = {key: value for key, value in values.items() if value != ""}
        if given.keys() & {"since", "until"} and "period" not in given:
            given["period"] = Period.RANGE
        return given

    @property
    def flags(self) -> list[Flag]:
        """Those that are set."""
        return [flag for flag in Flag if getattr(self, flag)]

    @property
    def flag_bits(self) -> int:
        """The same as the counts keep them."""
        return sum(FLAG_BITS[flag] for flag in self.flags)

    def span(self, today: date) -> Span:
        """The days that are meant."""
        return span_of(self.period, self.on or today, since=self.since, until=self.until)

    def steps(self, today: date) -> tuple[date, date] | None:
        """A day of the period before and of the one after."""
        on = self.on or today
        return steps_of(self.period, on) if FIRST_YEAR <= on.year <= LAST_YEAR else None

    def words(self, today: date) -> str:
        """What it is called, for the head of a sheet."""
        return " ".join([self.span(today).name, "、".join(FLAG_TEXTS[flag] for flag in self.flags)]).strip()


class FiguresQuery(Cut):
    """The page's address. No union: the first of one's own; no campaign: the one that was chosen."""

    union: UUID | None = None
    campaign: Asked = None

    def to_query(self, **changes: object) -> dict[str, object]:
        """The parameters of the address, `changes` in place of some."""
        values = self.model_dump(mode="json", exclude_defaults=True) | changes
        return {key: "true" if value is True else value for key, value in values.items() if value is not None}


RECENT = Cut(period=Period.DAYS_30)
"""What the home page shows."""
THIS_YEAR = Cut(period=Period.YEAR)
