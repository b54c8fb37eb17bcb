"""What is left of a fault's words before they are kept. Pure."""

import re
from datetime import timedelta

KEPT = timedelta(days=30)
MOST = 500
"""Different faults that are kept at once: whoever sends made-up ones fills no disk."""
_QUERIES = re.compile(r"[?#][^\s:)]*")
_DIGITS = re.compile(r"\d{4,}|[0-9a-f]{8,}", re.IGNORECASE)
_WORDS = re.compile(r"[^\x20-\x7e\n]+")


def without_people(text: str, most: int) -> str:
    """The text without what people write: no word that is not a program's (ASCII), no number, nothing after a `?` or a
    `#` of an address."""
    return _DIGITS.sub("0", _WORDS.sub("…", _QUERIES.sub("", text)))[:most].strip()
