"""Indicators of what came of the work, which schemes of assessment may count. A slice declares its own (`indicators=`).

How much somebody used a program (sign-ins, installs, reads, likes, votes, minutes, quiz turnout) is no outcome, and may
be no basis of assessment (国办函〔2026〕12号): there is no source by which such an indicator could be declared.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session

from server.core.slice import declared
from server.kit.filters import href_within, within_days
from server.kit.scope import lies_below
from server.unions.tree.models import Union


class OutcomeSource(StrEnum):
    """What an indicator counts. Nothing here says how a program is used, and nothing that does may be added."""

    HAZARDS = "hazards"
    RECTIFICATIONS = "rectifications"
    SUGGESTIONS = "suggestions"
    LETTERS = "letters"
    TASKS = "tasks"
    INSPECTIONS = "inspections"
    SUPERVISION = "supervision"
    SYSTEMS = "systems"
    TRAINING = "training"
    DRILLS = "drills"
    ALERTS = "alerts"
    ACCIDENTS = "accidents"
    REWARDS = "rewards"


class Measure(StrEnum):
    """What the number is in."""

    ITEMS = "items"
    PERCENT = "percent"
    DAYS = "days"
    PER_HUNDRED = "per_hundred"  # of workers


@dataclass(frozen=True, slots=True)
class Asked:
    """Of what is counted: a union with all below it, a campaign or all of them, first and last day (both included)."""

    union: Union
    campaign_id: UUID | None
    since: date
    until: date
    now: datetime

    def is_below(self, model: Any) -> ColumnElement[bool]:
        """Rows with the ancestor columns that lie in the union's subtree."""
        return lies_below(model, self.union)

    def is_within(self, column: Any) -> ColumnElement[bool]:
        """Moments of these days, in Shanghai."""
        return and_(*within_days(column, self))

    def is_of_campaign(self, column: Any) -> ColumnElement[bool]:
        """Rows of the campaign, or of all of them."""
        return and_(True) if self.campaign_id is None else column == self.campaign_id

    def href(self, path: str, **filters: str) -> str:
        """The list of what was counted, narrowed to the same union and days."""
        return href_within(path, self, **filters, union=str(self.union.id))


@dataclass(frozen=True, slots=True)
class Counted:
    """A number, and of a share what was divided by what. No value: there was nothing to divide by, it does not apply.
    `href`: the list of what was counted."""

    value: Decimal | None
    over: int | None = None
    under: int | None = None
    href: str = ""


def share(over: int, under: int, href: str = "") -> Counted:
    """So many of so many, in percent; of none it does not apply, which is neither 0 nor 100."""
    return Counted(Decimal(over * 100) / Decimal(under) if under else None, over, under, href)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A number that may be scored: what it is called, and in words what it counts."""

    key: str
    name: str
    meaning: str
    source: OutcomeSource
    measure: Measure
    count: Callable[[Session, Asked], Counted]

    def __post_init__(self) -> None:
        if not isinstance(self.source, OutcomeSource):
            raise TypeError(f"{self.key}: {self.source!r} is no outcome of the work")


def all_indicators() -> dict[str, Indicator]:
    """Every indicator that a slice declares, by its key."""
    return {each.key: each for each in declared().indicators}
