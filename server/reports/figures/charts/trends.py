"""The trend of a period: by day while days can be told apart, else by month. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta

from server.reports.figures.cuts.periods import Period, Span, span_of, steps_of
from server.reports.figures.schemas import Step

MOST_DAYS = 62
MOST_MONTHS = 60
Days = Mapping[date, Mapping[str, int]]


def steps_of_trend(days: Days, span: Span, today: date) -> list[Step]:
    """From the first day of the period, or the first of which anything is counted, to its last or today."""
    counted = sorted(day for day, measures in days.items() if measures["submitted"] or measures["closings"])
    if not counted:
        return []
    first = span.since or counted[0]
    last = max(min(span.until or today, today), counted[-1])
    if (last - first).days < MOST_DAYS:
        each = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [_step(days, day, day, f"{day.month}/{day.day}") for day in each]
    months: list[Step] = []
    on = last
    while len(months) < MOST_MONTHS and on >= first.replace(day=1):
        month = span_of(Period.MONTH, on)
        since, until = max(month.since or first, first), min(month.until or last, last)
        months.append(_step(days, since, until, f"{since.year}/{since.month}"))
        on = (steps_of(Period.MONTH, on) or (first, first))[0]
    return months[::-1]


def _step(days: Days, since: date, until: date, name: str) -> Step:
    found = [measures for day, measures in days.items() if since <= day <= until]
    return Step(since, until, name, sum(each["submitted"] for each in found), sum(each["closings"] for each in found))
