"""Panels of the pages that put together what is known of a union, or of a person, across slices.

A slice declares its panels in `slice.py`; whoever opens the page sees those that their permissions carry. A panel of a
union is usually a list narrowed to it: figures that lead into the tabs of the list, and its first rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.web.access import holders_of
from server.kit import keyset
from server.kit.filters import F
from server.kit.listing import Listing, Request, Scopes, conditions_of, counts_statement, scopes_for
from server.kit.pages import R
from server.kit.rows import first_rows
from server.unions.actor import Actor
from server.unions.people.models import Person
from server.unions.tree.models import Union

LINES = 5
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and where the rows behind it are listed; `href` is empty where no list shows just them."""

    label: str
    count: str
    href: str = ""
    is_alert: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a panel. `note` stands under it, `chip` is the look of `status`; `due_at` only while a deadline runs."""

    text: str
    href: str = ""
    note: str = ""
    status: str = ""
    chip: str = "plain"
    at: datetime | None = None
    day_only: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """What a slice knows. `href` opens all of it; `nothing` is said where there are neither figures nor lines."""

    figures: Sequence[Figure] = ()
    lines: Sequence[Line] = ()
    href: str = ""
    nothing: str = "还没有。"


@dataclass(frozen=True, kw_only=True)
class PanelOf(Generic[S]):
    """A panel, declared. `read` gets an actor with the roles that carry `permission` alone, and raises NotFound where
    these do not reach the subject."""

    title: str
    position: int
    permission: str
    read: Callable[[Session, Actor, S, datetime], Panel]


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """A panel that its viewer may see."""

    title: str
    panel: Panel


UnionPanel = PanelOf[Union]
PersonPanel = PanelOf[Person]


def read_panels(
    panels: Sequence[PanelOf[S]], session: Session, actor: Actor, subject: S, now: datetime
) -> list[ShownPanel]:
    """The panels that the actor may see, in their order."""
    shown = []
    for each in sorted(panels, key=lambda panel: panel.position):
        allowed = actor.carrying(holders_of(each.permission))
        if not allowed.roles:
            continue
        try:
            shown.append(ShownPanel(each.title, each.read(session, allowed, subject, now)))
        except NotFound:
            continue
    return shown


def panel_of_list(
    listing: Listing[F, R],
    line: Callable[[R], Line],
    *,
    tabs: Sequence[str] = (),
    shown: Mapping[str, Any],
    filters: Mapping[str, Any] | None = None,
    counted_in: Callable[[Request[F]], Scopes] | None = None,
) -> Callable[[Session, Actor, Union, datetime], Panel]:
    """How to read a panel that is `listing` narrowed to a union: the counts of `tabs`, the first rows of the filters
    `shown`. `filters` narrow both. The list must have a filter `union`. `counted_in`: where all rows of the tabs lie,
    if that is less than where the list looks."""

    counted = replace(
        listing,
        tabs=[tab for tab in listing.tabs if tab.value in tabs and tab.is_counted],
        scopes=counted_in or listing.scopes,
    )

    def read(session: Session, actor: Actor, union: Union, now: datetime) -> Panel:
        common = {**(filters or {}), "union": union.id}
        asked = Request(session, actor, listing.filters.model_validate(common), now)
        first = Request(session, actor, listing.filters.model_validate({**common, **shown}), now)
        rows, _ = first_rows(listing, first, LINES, LINES)
        return Panel(
            figures=_figures(counted, asked),
            lines=[line(row) for row in rows],
            href=listing.href(first.filters.to_query()),
        )

    return read


def _figures(listing: Listing[F, R], asked: Request[F]) -> list[Figure]:
    if not listing.tabs:
        return []
    scopes = scopes_for(listing, asked)
    counts = asked.session.execute(*counts_statement(listing, scopes, conditions_of(listing, asked), asked.now)).one()
    return [
        Figure(
            tab.text,
            keyset.count_text(getattr(counts, f"tab_{number}")),
            listing.href(asked.filters.to_query(**{listing.tab_name: tab.value})),
            tab.is_alert,
        )
        for number, tab in enumerate(listing.tabs)
    ]
