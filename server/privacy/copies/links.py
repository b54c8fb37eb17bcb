"""Signed links to copies of one's data."""

import base64
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from server.core.settings import Settings

PURPOSE = "data-export/1"


def export_key(export_id: UUID) -> str:
    """Where the archive is kept."""
    return f"exports/{export_id}.zip"


def export_link(settings: Settings, export_id: UUID, ends: datetime) -> str:
    """A link that hands the archive out until `ends`."""
    end = int(ends.timestamp())
    return f"/exports/{export_id}?e={end}&s={_signature(settings, export_id, end)}"


def is_valid(settings: Settings, export_id: UUID, end: int, signature: str, now: datetime) -> bool:
    """Whether we made this link and it still holds."""
    genuine = hmac.compare_digest(_signature(settings, export_id, end).encode(), signature.encode("utf-8", "replace"))
    return genuine and now.timestamp() < end


def _signature(settings: Settings, export_id: UUID, end: int) -> str:
    secret = settings.secret_key.get_secret_value().encode()
    digest = hmac.digest(secret, f"{PURPOSE}|{export_id}|{end}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:18]).decode()
