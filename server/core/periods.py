"""The rule for every period that somebody types: both its days, in their order, and no year that nobody can mean."""

from datetime import date

from server.core import clock

PLANNED_AHEAD = 5
"""Years, after the present one, for which people make plans. What counts something that happened ends this year."""


def refuse_period(first: date, last: date, *, years_ahead: int | None = PLANNED_AHEAD) -> str | None:
    """Why these cannot be the days of a period, in words; None if they can. `years_ahead` None: it may stay open."""
    if last < first:
        return "结束日期不能早于开始日期"
    if years_ahead is None:
        return None
    year = clock.day_of(clock.now()).year + years_ahead
    return f"结束日期最晚到 {year} 年底，请检查年份" if last.year > year else None


def require_period(first: date, last: date, *, years_ahead: int | None = PLANNED_AHEAD) -> None:
    """The same within a shape. Raises ValueError."""
    if (words := refuse_period(first, last, years_ahead=years_ahead)) is not None:
        raise ValueError(words)
