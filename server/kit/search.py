"""Finding anything: one search over the kinds of things that slices declare in `searches` of their slice.py.

A kind is a list: words are looked for as the list looks for them, among what the permission of its page lets somebody
see, and “all of them” leads to the list with the same words. A number opens what has it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from sqlalchemy.orm import Session

from server.core.text import fold
from server.core.web.access import holders_of
from server.kit.filters import CampaignFilter, F
from server.kit.keyset import count_text
from server.kit.listing import Listing, Request
from server.kit.pages import R
from server.kit.panels import Line
from server.kit.rows import first_rows
from server.unions.actor import Actor
from server.unions.campaigns.choosing.choice import ALL

LEAST = 2
"""Characters below which words are not looked for: one finds everything and nothing."""
SHOWN = 5
CAP = 50
"""Where counting hits stops: who gets so many adds a word."""

Note = Callable[[Session], None]
"""Writes down who looked for what, in a transaction of its own."""


@dataclass(frozen=True, kw_only=True)
class Searchable(Generic[F, R]):
    """A kind of thing to be found, declared.

    `filters` are those of the list that look for the words, None where the words cannot mean such a thing; `line` says
    a row. `numbered` gives the address of the one thing that has the number which was typed. Where looking somebody up
    is itself on record, `noted` tells of the rows that were shown, and `guard` limits how often.
    """

    listing: Listing[F, R]
    title: str
    position: int
    permission: str
    filters: Callable[[str], F | None]
    line: Callable[[R], Line]
    numbered: Callable[[Session, Actor, str], str | None] | None = None
    noted: Callable[[Request[F], Sequence[R]], Note | None] | None = None
    guard: Callable[[F], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of a kind: the first lines, how many there are ("12", "99+"), and the list of all."""

    title: str
    lines: Sequence[Line]
    count: str
    href: str

    @property
    def has_more(self) -> bool:
        return self.count != str(len(self.lines))


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found, kind by kind, and what is to be noted of it."""

    kinds: Sequence[Hits]
    notes: Sequence[Note]


def is_enough(words: str) -> bool:
    """Whether there is enough to look for."""
    return len(fold(words)) >= LEAST


def find_anything(
    kinds: Iterable[Searchable[Any, Any]], session: Session, actor: Actor, words: str, now: datetime
) -> Found:
    """The first hits of every kind that the actor may see, each by the roles that carry its own permission: of what
    these do not reach there is neither a hit nor a count. One statement a kind, and those that describe its rows."""
    found, notes = [], []
    for kind, allowed in _open_to(actor, kinds):
        filters = kind.filters(words)
        if filters is None:
            continue
        if isinstance(filters, CampaignFilter):  # whichever campaign is looked at
            filters = filters.model_copy(update={"campaign": ALL})
        asked = Request(session, allowed, filters, now)
        kind.guard(filters)
        rows, total = first_rows(kind.listing, asked, SHOWN, CAP)
        if kind.noted is not None and (note := kind.noted(asked, rows)) is not None:
            notes.append(note)
        if rows:
            href = kind.listing.href(filters.to_query())
            found.append(Hits(kind.title, [kind.line(row) for row in rows], count_text(total, CAP), href))
    return Found(found, notes)


def find_numbered(
    kinds: Iterable[Searchable[Any, Any]], session: Session, actor: Actor, words: str
) -> tuple[str, str] | None:
    """The kind and the address of what has the number that was typed, if the actor may see it."""
    for kind, allowed in _open_to(actor, kinds):
        if kind.numbered is not None and (href := kind.numbered(session, allowed, words)) is not None:
            return kind.title, href
    return None


def _open_to(actor: Actor, kinds: Iterable[Searchable[Any, Any]]) -> Iterable[tuple[Searchable[Any, Any], Actor]]:
    """The kinds that the actor may see at all, in their order, each with the roles that let them."""
    for kind in sorted(kinds, key=lambda each: each.position):
        allowed = actor.carrying(holders_of(kind.permission))
        if allowed.roles:
            yield kind, allowed
