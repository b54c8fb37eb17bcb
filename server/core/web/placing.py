"""Where a page belongs in the menu if its address does not tell: one address serves assignments of every kind."""

from typing import cast

from flask import g


def place_below(path: str) -> None:
    """The page of the present request belongs to the entry of the menu that `path` is at or below."""
    g.menu_path = path


def placed_below() -> str | None:
    """Where it was placed; None where its own address tells."""
    return cast(str | None, g.get("menu_path"))
