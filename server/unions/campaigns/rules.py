"""When a campaign takes something new. Pure."""

from datetime import date

VIDEO_SECONDS = 15  # that a video of a report may last


def closed_text(ends_on: date, today: date, *, is_archived: bool) -> str:
    """Why nothing new can be sent to it, as a chip says it; empty while something can."""
    if is_archived:
        return "已归档"
    return "已结束" if ends_on < today else ""
