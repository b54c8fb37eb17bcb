"""The one source of the current time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)


def in_shanghai(moment: datetime) -> datetime:
    """The same instant as people in the campaign's time zone read it."""
    return moment.astimezone(SHANGHAI)


def day_in_words(day: date) -> str:
    """A day with its year, for what others read later: 2026年11月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(day: date) -> str:
    """A day without its year, for messages and plans: 11月3日."""
    return f"{day.month}月{day.day}日"


def short_days(first: date, last: date) -> str:
    """From a day to another, without the year: 11月3日至11月5日, 11月3日."""
    return short_day(first) if first == last else f"{short_day(first)}至{short_day(last)}"


def day_of(moment: datetime) -> date:
    """Its day, as people in the campaign's time zone count."""
    return in_shanghai(moment).date()
