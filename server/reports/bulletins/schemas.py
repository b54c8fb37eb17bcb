"""What the pages of reports are asked for and post."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from server.core.clock import day_in_words
from server.core.web.schemas import Day, In, Line, Prose
from server.reports.bulletins.models import Bulletin, BulletinKind
from server.reports.figures.cuts.cut import Cut
from server.reports.figures.cuts.periods import Period, steps_of
from server.unions.campaigns.choosing.choice import ALL, Asked

MOST_DAYS = 366
TITLE_LENGTH = 100


class BulletinQuery(In):
    """What to report on. Without days: last month; a bulletin takes the last seven days. `corrects`: a report whose
    union, days and campaign it has, see `same_as`."""

    kind: BulletinKind = BulletinKind.MONTHLY
    union: UUID | None = None
    campaign: Asked = None
    on: Day | None = None
    since: Day | None = None
    until: Day | None = None
    corrects: UUID | None = None

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
        return Cut(period=Period.RANGE, since=self.since or until - timedelta(days=6), until=until)

    def refusal(self, today: date) -> dict[str, str]:
        """Why nothing can be issued on those days, by field: what is not over is no month, and what was never counted
        cannot be reported."""
        span = self.cut(today).span(today)
        if span.since is None or span.until is None:
            return {"since": "请选择起止日期。"}
        if self.kind is BulletinKind.MONTHLY and span.until >= today:
            return {"on": _say_not_over(span.name, span.since, span.until, today)}
        if span.until > today:
            return {"until": "还没有到这一天，最晚选今天。"}
        days = (span.until - span.since).days + 1
        if days > MOST_DAYS and self.corrects is None:
            return {"since": f"简报最多写 {MOST_DAYS} 天，这里选了 {days} 天；请选短一些，更长的在“统计”里看。"}
        return {}

    def same_as(self, issued: Bulletin) -> Self:
        """The same days of the same union and campaign, for what corrects an issued one."""
        same = {"kind": issued.kind, "union": issued.union_id, "campaign": issued.campaign_id or ALL}
        return self.model_copy(update={**same, "on": issued.since, "since": issued.since, "until": issued.until})


def _say_not_over(month: str, since: date, until: date, today: date) -> str:
    if since > today:
        return f"{month}还没有到，不能写月报。"
    after = day_in_words(until + timedelta(days=1))
    return f"{month}还没有结束，{after}起才能写月报；要看到今天为止的，请写简报。"


class BulletinIn(BulletinQuery):
    """A report to issue, or to look at before."""

    title: Annotated[Line, StringConstraints(min_length=1, max_length=TITLE_LENGTH)]
    text: Annotated[Prose, StringConstraints(min_length=1, max_length=10_000)]
    reason: Annotated[Prose, StringConstraints(max_length=500)] = ""
    is_preview: Annotated[bool, Field(default=False)]
