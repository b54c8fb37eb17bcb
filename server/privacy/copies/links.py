"""Signed links to copies of one's data."""

from datetime import datetime
from uuid import UUID

from server.core.settings import Settings
from server.core.web.signatures import is_genuine, sign

PURPOSE = "data-export/1"


def export_key(export_id: UUID) -> str:
    """Where the archive is kept."""
    return f"exports/{export_id}.zip"


def export_link(settings: Settings, export_id: UUID, ends: datetime) -> str:
    """A link that hands the archive out until `ends`."""
    end = int(ends.timestamp())
    return f"/exports/{export_id}?e={end}&s={sign(settings, PURPOSE, export_id, end)}"


def is_valid(settings: Settings, export_id: UUID, end: int, signature: str, now: datetime) -> bool:
    """Whether we made this link and it still holds."""
    return is_genuine(settings, signature, PURPOSE, export_id, end) and now.timestamp() < end
