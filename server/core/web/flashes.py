"""Messages on the next page that carry a way to take back what they tell of."""

from collections.abc import Mapping
from typing import cast

from flask import flash


def flash_undo(text: str, undo: str, fields: Mapping[str, str] | None = None, category: str = "message") -> None:
    """Say what was done, with a button (and the key Z) that posts `fields` to the address `undo`."""
    message = {"text": text, "undo": undo, "fields": dict(fields or {})}
    flash(cast(str, message), category)  # a mapping; the console's layout shows its parts
