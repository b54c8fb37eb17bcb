"""Messages on the next page that carry more than words: a way to take back what they tell of, or to what they mean."""

from collections.abc import Mapping
from typing import cast

from flask import flash


def flash_undo(text: str, undo: str, fields: Mapping[str, str] | None = None, category: str = "message") -> None:
    """Say what was done, with a button (and the key Z) that posts `fields` to the address `undo`."""
    message = {"text": text, "undo": undo, "fields": dict(fields or {})}
    flash(cast(str, message), category)  # a mapping; the console's layout shows its parts


def flash_link(text: str, href: str, label: str = "查看", category: str = "message") -> None:
    """Say something, with a link to what is meant."""
    flash(cast(str, {"text": text, "href": href, "href_label": label}), category)
