"""Words of certificates."""

from datetime import datetime

from server.core.clock import in_shanghai

NAMELESS = "参赛职工"
"""Who has not told their name."""


def day_words(moment: datetime) -> str:
    """2026 年 11 月 24 日."""
    day = in_shanghai(moment)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
