"""The console's navigation: the pages that slices declare. An entry shows when the caller may open its page: the page's
own permission decides, so that there is nothing to keep in step."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException

from server.core.slice import MenuEntry, Section, declared, entry_at
from server.core.web.access import PUBLIC, find_actor, holders_of, permission_of
from server.core.web.placing import placed_below
from server.unions.actor import Actor, Placed


@dataclass(frozen=True, slots=True)
class Entry:
    """A link in the navigation. `path` also marks the entry as current for every page below it."""

    label: str
    icon: str
    path: str
    current: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Entries of one job, under its name. The others are folded, for a screen does not hold them all. Compared by
    identity: they are found once."""

    label: str
    entries: tuple[Entry, ...]
    is_open: bool = False


def can(permission: str, over: Placed | None = None) -> bool:
    """Whether the caller holds `permission` somewhere; with a row of the tree, at a union whose subtree holds it."""
    if permission == PUBLIC:
        return True
    actor = cast(Actor | None, find_actor())
    if actor is None:
        return False
    holders = holders_of(permission)
    return bool(holders & actor.role_names) if over is None else actor.holds_over(over, holders)


def navigation() -> tuple[Group, ...]:
    """The sections the caller may see, with the current entry marked. Found once for each entry and set of roles."""
    current, actor = current_entry(), cast(Actor | None, find_actor())
    here = current.path if current is not None else ""
    known: dict[Any, tuple[Group, ...]] = current_app.extensions.setdefault("navigation", {})
    key = (here, actor.role_names if actor is not None else None, id(declared()))
    if key not in known:
        known[key] = _groups(here)
    return known[key]


def _groups(here: str) -> tuple[Group, ...]:
    visible = [entry for entry in declared().menu if _may_open(entry.path)]
    return tuple(
        _group(section, list(entries), here) for section, entries in groupby(visible, key=attrgetter("section"))
    )


def _group(section: Section, entries: Sequence[MenuEntry], here: str) -> Group:
    links = tuple(Entry(at.label, at.icon, at.path, current=at.path == here) for at in entries)
    return Group(section, links, is_open=section is Section.TO_DO or any(link.current for link in links))


def _may_open(path: str) -> bool:
    permission = _page_permission(current_app, path)
    return permission is not None and can(permission)


def is_open_to_reader(address: str | None) -> bool:
    """Whether there is a page at an address, and the caller holds its permission: what counts is drawn for readers who
    may not all see the rows behind it."""
    permission = _find_permission(current_app, urlsplit(address).path) if address else None
    return permission is not None and can(permission)


def _page_permission(app: Flask, path: str) -> str | None:
    """The permission of the page at `path`, None if there is no such page. Looked up once: every page asks it of every
    entry, and none of them changes while the service runs."""
    known: dict[str, str | None] = app.extensions.setdefault("permissions of pages", {})
    if path not in known:
        known[path] = _find_permission(app, path)
    return known[path]


def _find_permission(app: Flask, path: str) -> str | None:
    try:
        endpoint, _ = app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return None
    return permission_of(app, endpoint)


def current_entry() -> MenuEntry | None:
    """The entry of the page that the request is at or below, or that it placed itself below."""
    return entry_at(placed_below() or request.path)
