"""What figures are cut by: the flags of enterprises that the notice cares for, and a period."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement

from server.core.web.schemas import In
from server.unions.tree.models import Union
from server.unions.tree.rules import NON_PUBLIC, NOT_LARGE


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
    def key(self) -> str:
        """The cut as a short text, for the table of snapshots."""
        flags = "".join("01"[flag] for flag in (self.high_risk, self.chemical, self.private_small))
        return f"{flags}:{self.period}"

    @classmethod
    def of_key(cls, key: str) -> "Cut":
        """The cut behind a key. Raises ValueError for one that was not made by `key`."""
        flags, period = key.split(":")
        high_risk, chemical, private_small = (flag == "1" for flag in flags)
        return cls(high_risk=high_risk, chemical=chemical, private_small=private_small, period=Period(period))

    def conditions(self) -> list[ColumnElement[bool]]:
        """On the enterprise of a submission. Places that belong to no enterprise fit no flag."""
        wanted: list[ColumnElement[bool]] = []
        if self.high_risk:
            wanted.append(Union.is_high_risk.is_(True))
        if self.chemical:
            wanted.append(Union.is_chemical.is_(True))
        if self.private_small:
            wanted += [Union.ownership.in_(NON_PUBLIC), Union.size.in_(NOT_LARGE)]
        return wanted

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
