"""What figures are cut by: the flags of enterprises that the notice cares for, and a period."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement

from server.core.web.schemas import In
from server.unions.tree.lookup.flags import Flag, flagged


class Period(StrEnum):
    """How far back submissions are counted, by the day they arrived."""

    ALL = "all"  # the whole campaign
    MONTH = "month"  # the last 30 days
    WEEK = "week"


PERIOD_TEXTS = {Period.ALL: "整个活动", Period.MONTH: "最近 30 天", Period.WEEK: "最近 7 天"}
DAYS = {Period.MONTH: 30, Period.WEEK: 7}


class Cut(In):
    """As in the address of the page. The flags add up: all of those set must hold."""

    high_risk: bool = False
    chemical: bool = False
    private_small: bool = False
    period: Period = Period.ALL

    @property
    def flags(self) -> list[Flag]:
        """Those that are set."""
        return [flag for flag in Flag if getattr(self, flag)]

    @property
    def key(self) -> str:
        """The cut as a short text, for the table of snapshots."""
        flags = "".join("01"[flag in self.flags] for flag in Flag)
        return f"{flags}:{self.period}"

    @classmethod
    def of_key(cls, key: str) -> "Cut":
        """The cut behind a key. Raises ValueError for one that was not made by `key`."""
        flags, period = key.split(":")
        are_set = {flag.value: mark == "1" for flag, mark in zip(Flag, flags, strict=True)}
        return cls(**are_set, period=Period(period))

    def conditions(self) -> list[ColumnElement[bool]]:
        """On the enterprise of a submission. Places that belong to no enterprise fit no flag."""
        return [flagged(flag) for flag in self.flags]

    def since(self, now: datetime) -> datetime | None:
        """From when on submissions are counted, None for all of the campaign's."""
        return now - timedelta(days=DAYS[self.period]) if self.period in DAYS else None


class FiguresQuery(Cut):
    """The page's address: which subtree of which campaign, cut how. No union: the first of one's own; no campaign: the
    current one."""

    union: UUID | None = None
    campaign: UUID | None = None

    @property
    def cut(self) -> Cut:
        """The cut alone."""
        return Cut(**self.model_dump(exclude={"union", "campaign"}))
