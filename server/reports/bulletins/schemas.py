"""What the pages of reports are asked for and post."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from server.core.web.schemas import Day, In, Line, Prose
from server.reports.bulletins.models import BulletinKind
from server.reports.figures.cuts.cut import Cut
from server.reports.figures.cuts.periods import Period, steps_of
from server.unions.campaigns.choosing.choice import Asked

MOST_DAYS = 366


class BulletinQuery(In):
    """What to report on. Without days: last month; a bulletin takes the last seven days."""

    kind: BulletinKind = BulletinKind.MONTHLY
    union: UUID | None = None
    campaign: Asked = None
    on: Day | None = None
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, values: Any) -> Any:
        return {key: value for key, value in values.items() if value != ""} if isinstance(values, Mapping) else values

    def cut(self, today: date) -> Cut:
        """The days that are reported on."""
        if self.kind is BulletinKind.MONTHLY:
            last_month = (steps_of(Period.MONTH, today) or (today, today))[0]
            return Cut(period=Period.MONTH, on=self.on or last_month)
        until = self.until or today
        since = self.since or until - timedelta(days=6)
        return Cut(period=Period.RANGE, since=max(since, until - timedelta(days=MOST_DAYS)), until=until)


class BulletinIn(BulletinQuery):
    """A report to issue, or to look at before."""

    title: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    text: Annotated[Prose, StringConstraints(min_length=1, max_length=10_000)]
    is_preview: Annotated[bool, Field(default=False)]
