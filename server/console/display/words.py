"""How the console says times and names. Pure, apart from the clock that callers pass."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.core.clock import day_in_words, day_of, in_shanghai
from server.kit.deadlines.calendar.working_days import days_left

WEEKDAYS = "一二三四五六日"
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in words. `tone` is late, soon or calm."""

    text: str
    tone: str
    exact: str


def local_time(moment: datetime | None, now: datetime) -> str:
    """今天 16:05, 昨天 09:30, 11月3日 16:05, 2025年11月3日 16:05; an em dash for no time at all."""
    if moment is None:
        return "—"
    then, today = in_shanghai(moment), in_shanghai(now)
    days = (today.date() - then.date()).days
    clock = f"{then:%H:%M}"
    if days in (0, 1):
        return f"{'今天' if days == 0 else '昨天'} {clock}"
    day = f"{then.month}月{then.day}日"
    return f"{day} {clock}" if then.year == today.year else f"{then.year}年{day} {clock}"


def local_day(moment: datetime, now: datetime) -> str:
    """今天, 昨天, 11月3日, 2025年11月3日."""
    then, today = in_shanghai(moment), in_shanghai(now)
    days = (today.date() - then.date()).days
    if days in (0, 1):
        return "今天" if days == 0 else "昨天"
    day = f"{then.month}月{then.day}日"
    return day if then.year == today.year else f"{then.year}年{day}"


def exact_time(moment: datetime | None) -> str:
    """2026年11月3日（周二）16:05:09, for a title or a log."""
    if moment is None:
        return ""
    then = in_shanghai(moment)
    return f"{then.year}年{then.month}月{then.day}日（周{WEEKDAYS[then.weekday()]}）{then:%H:%M:%S}"


def short_id(text: str) -> str:
    """An id that nobody reads out, by its end; anything else as it is."""
    return f"编号末尾 {text[-6:]}" if AN_ID.fullmatch(text) else text


def full_day(moment: datetime | None) -> str:
    """2026年11月3日, for what others read later."""
    return day_in_words(day_of(moment)) if moment is not None else ""


def ago(moment: datetime, now: datetime) -> str:
    """刚刚, 5 分钟前, 3 小时前, 2 天前."""
    gone = now - moment
    if gone < timedelta(minutes=1):
        return "刚刚"
    if gone < timedelta(hours=1):
        return f"{gone // timedelta(minutes=1)} 分钟前"
    if gone < timedelta(days=1):
        return f"{gone // timedelta(hours=1)} 小时前"
    return f"{gone.days} 天前"


def due_in_words(due_at: datetime | None, now: datetime) -> Due | None:
    """What a deadline means now: late by how much, due today, tomorrow or in how many working days, by which deadlines
    are counted everywhere."""
    if due_at is None:
        return None
    exact = exact_time(due_at)
    day, today = in_shanghai(due_at).date(), in_shanghai(now).date()
    if due_at < now:
        if day == today:
            return Due(f"逾期 {max((now - due_at) // timedelta(hours=1), 1)} 小时", "late", exact)
        days = days_left(due_at, now)
        return Due(f"逾期 {days} 个工作日" if days else "已逾期", "late", exact)
    if day == today:
        return Due(f"今天 {in_shanghai(due_at):%H:%M} 前", "soon", exact)
    days = days_left(now, due_at)
    tone = "soon" if days <= 1 else "calm"
    return Due("明天到期" if day - today == timedelta(days=1) else f"还有 {days} 个工作日", tone, exact)


def file_size(size: int) -> str:
    """3.4 MB, 812 KB."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size // 1000, 1)} KB"
