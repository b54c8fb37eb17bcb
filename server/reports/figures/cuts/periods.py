"""Periods of figures: from one day to another, the one before and after, and the same of last year. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from server.core.clock import day_in_words


class Period(StrEnum):
    """As in the address of the page."""

    ALL = "all"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    DAYS_30 = "days30"
    DAYS_7 = "days7"
    RANGE = "range"


PERIOD_TEXTS = {
    Period.ALL: "全部时间",
    Period.YEAR: "按年",
    Period.QUARTER: "按季度",
    Period.MONTH: "按月",
    Period.DAYS_30: "最近 30 天",
    Period.DAYS_7: "最近 7 天",
    Period.RANGE: "从某天到某天",
}
MONTHS = {Period.YEAR: 12, Period.QUARTER: 3, Period.MONTH: 1}
DAYS = {Period.DAYS_30: 30, Period.DAYS_7: 7}


@dataclass(frozen=True, slots=True)
class Span:
    """Some days, the first and the last included; None: from the beginning, or without end. `name` is what people
    call them."""

    since: date | None
    until: date | None
    name: str

    @property
    def days(self) -> int | None:
        """How many there are; None: without end."""
        return (self.until - self.since).days + 1 if self.since is not None and self.until is not None else None


def span_of(period: Period, on: date, *, since: date | None = None, until: date | None = None) -> Span:
    """The days of a period: the month, quarter or year that holds `on`, the days up to it, or from `since` to
    `until`."""
    if period in MONTHS:
        first = _first(period, on)
        return Span(first, _shift(first, MONTHS[period]) - timedelta(days=1), _name(period, first))
    if period in DAYS:
        return Span(on - timedelta(days=DAYS[period] - 1), on, PERIOD_TEXTS[period])
    if period is Period.RANGE and (since or until):
        first_day, last_day = (until, since) if since and until and since > until else (since, until)
        return Span(first_day, last_day, _range_name(first_day, last_day))
    return Span(None, None, PERIOD_TEXTS[Period.ALL])


def steps_of(period: Period, on: date) -> tuple[date, date] | None:
    """A day of the period before and of the one after; None where there are no such."""
    if period not in MONTHS:
        return None
    first = _first(period, on)
    return _shift(first, -MONTHS[period]), _shift(first, MONTHS[period])


def a_year_before(span: Span, today: date) -> Span | None:
    """The same days of last year, as far as they have passed this year; None for what has no beginning. Whole months
    have whole months beside them: a February the 29th of the leap year too."""
    if span.since is None:
        return None
    until = min(span.until or today, today)
    if until < span.since:
        until = span.until or span.since
    is_whole = span.since.day == 1 and until.day == monthrange(until.year, until.month)[1]
    return Span(_last_year(span.since), _last_day(_last_year(until)) if is_whole else _last_year(until), "去年同期")


def _first(period: Period, on: date) -> date:
    months = MONTHS[period]
    return date(on.year, (on.month - 1) // months * months + 1, 1)


def _shift(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _last_year(day: date) -> date:
    year = day.year - 1
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def _last_day(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _name(period: Period, first: date) -> str:
    if period is Period.YEAR:
        return f"{first.year}年"
    if period is Period.QUARTER:
        return f"{first.year}年第{'一二三四'[(first.month - 1) // 3]}季度"
    return f"{first.year}年{first.month}月"


def _range_name(since: date | None, until: date | None) -> str:
    if since is None or until is None:
        return f"{day_in_words(since)}以来" if since else f"{day_in_words(until)}以前" if until else ""
    return day_in_words(since) if since == until else f"{day_in_words(since)}至{day_in_words(until)}"


BACK = {Period.YEAR: 6, Period.QUARTER: 12, Period.MONTH: 24}
"""How many of a period are offered."""


def spans_back(period: Period, today: date, chosen: date) -> list[tuple[Span, bool]]:
    """The latest months, quarters or years and the chosen one, newest first, with whether it is the chosen one."""
    if period not in MONTHS:
        return []
    current = _first(period, chosen)
    firsts = {_shift(_first(period, today), -MONTHS[period] * number) for number in range(BACK[period])} | {current}
    return [(span_of(period, first), first == current) for first in sorted(firsts, reverse=True)]
