"""Page cursors: the key of the last row, opaque to the client, checked on the way back in."""

import base64
import json
from datetime import UTC, date, datetime
from uuid import UUID

from server.core.errors import Invalid


def encode(*key: date | UUID | str | int | None) -> str:
    """A URL-safe text for the sort key of the last row of a page."""
    plain = [
        part.isoformat() if isinstance(part, date) else str(part) if isinstance(part, UUID) else part for part in key
    ]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str, *kinds: type) -> tuple[object, ...]:
    """The sort key behind `cursor`, its parts turned into `kinds`. Raises Invalid for anything not made by `encode`."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(parts, list) or len(parts) != len(kinds):
            raise ValueError("shape")
        return tuple(_parse(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Invalid("翻页位置无效，请从第一页重新开始。", code="bad_cursor") from error


def _parse(part: object, kind: type) -> object:
    if kind is datetime:
        moment = datetime.fromisoformat(str(part))
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not 2000 <= moment.year < 3000:  # neither database nor time zones take the ends of the calendar
            raise ValueError("moment")
        return moment
    if kind is date:
        return date.fromisoformat(str(part))
    if kind is UUID:
        return UUID(str(part))
    if not isinstance(part, kind) or isinstance(part, bool):
        raise ValueError("kind")
    if isinstance(part, str) and b"\x00" in part.encode():  # encode() refuses lone surrogates
        raise ValueError("text")
    if isinstance(part, int) and abs(part) >= 1 << 31:
        raise ValueError("number")
    return part
