"""Lists of the console. A slice declares its list once; the kit reads the page, counts, keeps filters and exports.

`read_page` gives a `ListPage` for console/list.html, which a slice extends by the cells of its rows. Filters stand in
the address, so that a link shows the same thing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, cast
from urllib.parse import parse_qsl

from flask import abort, redirect
from sqlalchemy import ColumnElement, CompoundSelect, Select, Table
from sqlalchemy.orm import Session

from server.core import clock
from server.core.sheets import SheetColumn
from server.core.web.unit_of_work import session
from server.kit import keyset
from server.kit.filters import (
    CampaignFilter,
    Control,
    DatedFilter,
    F,
    campaign_name,
    of_campaign,
    read_filters,
    within_days,
)
from server.kit.keyset import ByDay, Key, Order, Part
from server.kit.pages import ListPage, R, SavedView, TabView
from server.kit.plain_pages import PlainPage, build_counts, count_plain, is_plain, read_plain
from server.kit.saved_filters.queries import list_filters
from server.kit.scope import Scope
from server.unions.actor import Actor, current_actor
from server.unions.campaigns.choosing.choice import ALL, with_campaign

PAGE_SIZE = 50

Scopes = Sequence[Scope] | None


# --- what a slice declares --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request(Generic[F]):
    """Who asks for what of a list, and when."""

    session: Session
    actor: Actor
    filters: F
    now: datetime
    is_sheet: bool = False  # rows are for a sheet, maybe outside of any request: no links to pictures
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # what the list reads once for all


@dataclass(frozen=True, slots=True, eq=False)
class Tab:
    """One view of a list. `pieces` are disjoint, each answered from one index; `where` narrows all of them: it takes
    the present moment, or the parameter that stands for it."""

    value: str
    text: str
    pieces: tuple[Part, ...] = ((),)
    where: Callable[[Any], Part] = lambda _now: ()
    order: Order | None = None  # the list's, unless it has one of its own
    is_counted: bool = True
    is_alert: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ByNumber:
    """A number that is typed into the search (`q`) opens the one row that has it, whatever narrows the list; rows must
    have an `href`. `read` gives what the text may mean, nothing if it is no number; `tab` is the one that shows all."""

    read: Callable[[str], Sequence[Any]]
    tab: str = ""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Listing(Generic[F, R]):
    """A list, declared.

    `scopes` gives the subtrees to show, None for a list that knows no tree, or for everything; `subtree` gives the
    parts of one where they are not simply the rows whose scope column holds it; `bounds` narrows within a scope column.
    `narrow` gives the conditions of the filters other than tab and union; `visible` leaves out rows that the actor must
    not see and no condition can tell: the kit reads on until the page is full. `describe` turns rows into what template
    and sheet show, by a fixed number of statements.

    `campaign` is the column of the campaign that a row belongs to; the filters are then a CampaignFilter.

    For lists of a million rows, which must have a column `id`: `by_day` gives the index of the days that the filters
    narrow to, if the list is not sorted by them; `is_sampled` lets counts of what is narrowed look at the
    first rows of each tab only; `search` gives the ids that a full-text index finds, None for as many as there are,
    or None when nothing is searched for; `words` gives the conditions of what is searched for where they are not just
    to be among those ids: they then serve the counts alone.
    """

    name: str
    title: str
    path: str
    filters: type[F]
    table: Table
    source: Select[Any]
    order: Order
    scopes: Callable[[Request[F]], Scopes] | None
    narrow: Callable[[Request[F]], list[ColumnElement[bool]]]
    campaign: ColumnElement[Any] | None = None
    controls: Callable[[Request[F]], Sequence[Control]]
    describe: Callable[[Request[F], Sequence[Any]], Sequence[R]]
    sheet: Sequence[SheetColumn[R]] = ()
    sheet_of: Callable[[Request[F]], Sequence[SheetColumn[R]]] | None = None  # where its columns depend on the filters
    ledger: str = ""  # what the sheet is called that is handed in
    ledger_of: Callable[[Request[F]], str] | None = None  # where that depends on the filters
    order_texts: tuple[str, str] = ("新的在前", "旧的在前")  # what the order is called, and the reverse
    tabs: Sequence[Tab] = (Tab("", "全部"),)
    tab_name: str = "status"  # the filter that chooses the tab
    place_names: Sequence[str] = ()  # filters that say where one is: clearing leaves them
    tab_text: Callable[[Tab, F], str] = lambda tab, _: tab.text
    bounds: Mapping[str, Part] | None = None
    subtree: Callable[[str, Any], Sequence[Part]] | None = None
    is_disjoint: bool = True
    visible: Callable[[Request[F], Sequence[Any]], Sequence[Any]] | None = None
    by_number: ByNumber | None = None
    lacks: Mapping[str, str] = field(default_factory=dict)  # search, days or union: why one cannot narrow by it
    by_day: Callable[[F], ByDay | None] | None = None
    is_sampled: bool = False
    search: Callable[[Request[F], int | None], Select[Any] | None] | None = None
    words: Callable[[Request[F]], list[ColumnElement[bool]]] | None = None
    sought: Select[Any] | None = None  # the source while `q` is searched for: from those who are found to the rows
    is_lasting: bool = True  # not put together for a request: statements that were built for it are kept

    def columns(self, asked: Request[F]) -> Sequence[SheetColumn[R]]:
        """Of the sheet."""
        return self.sheet if self.sheet_of is None else self.sheet_of(asked)

    def ledger_name(self, asked: Request[F]) -> str:
        """What the sheet is called."""
        return self.ledger_of(asked) if self.ledger_of is not None else self.ledger or f"{self.title}台账"

    def href(self, query: str) -> str:
        """The list with these filters."""
        return f"{self.path}?{query}" if query else self.path

    def tab_of(self, filters: F) -> Tab:
        """The tab that the filters choose; the first where there is only one."""
        chosen = getattr(filters, self.tab_name, "")
        return next((tab for tab in self.tabs if tab.value == chosen), self.tabs[0])

    def order_of(self, filters: F) -> Order:
        """The order of the chosen tab, turned round if asked."""
        order = self.tab_of(filters).order or self.order
        return order.reversed if filters.reverse else order

    def within(self, column: str, union_id: Any) -> Sequence[Part]:
        """The parts of one subtree."""
        if self.subtree is not None:
            return self.subtree(column, union_id)
        return ((self.table.c[column] == union_id, *(self.bounds or {}).get(column, ())),)

    def without_filters(self, filters: F) -> F:
        """The same tab at the same place, without anything else."""
        kept = {self.tab_name, "campaign", *self.place_names} & self.filters.model_fields.keys()
        return self.filters.model_validate({name: getattr(filters, name) for name in kept})


# --- the page ---------------------------------------------------------------------------------------------------------


def show_list(listing: Listing[F, R]) -> ListPage[F, R]:
    """The page that the present request asks for. Where a number was typed that one row has, the request ends with a
    redirection to it."""
    asked = Request(session(), current_actor(), read_filters(listing.filters), clock.now())
    if (href := _find_numbered(listing, asked)) is not None:
        abort(redirect(href, code=303))
    return read_page(listing, asked)


def _find_numbered(listing: Listing[F, R], asked: Request[F]) -> str | None:
    typed = getattr(asked.filters, "q", "")
    if listing.by_number is None or not listing.by_number.read(typed):
        return None
    tab = {listing.tab_name: listing.by_number.tab} if listing.by_number.tab else {}
    wanted = listing.filters.model_validate({**tab, "q": typed})
    open_to = replace(asked, filters=wanted)
    statement = rows_statement(listing, open_to, scopes_for(listing, open_to), conditions_of(listing, open_to), limit=2)
    rows = asked.session.execute(statement).all()
    if len(rows) != 1:
        return None
    back = asked.filters.model_copy(update={"q": ""})  # what the page of the row leads back to
    [row] = listing.describe(replace(asked, filters=back), rows)
    return cast(str, cast(Any, row).href)


def read_page(listing: Listing[F, R], asked: Request[F]) -> ListPage[F, R]:
    """A page. Raises NotFound for a union outside of the actor's scope, Invalid for a foreign cursor."""
    filters, scopes = asked.filters, scopes_for(listing, asked)
    listing, conditions = read_along(listing, asked, scopes)
    rows, previous, following = _read_rows(listing, asked, scopes, conditions)
    counts, current = _count(listing, asked, scopes, conditions), listing.tab_of(filters).value
    if rows and current in counts and previous is None and following is None:
        counts[current] = str(len(rows))  # all of them are here
    query, clear, controls = filters.to_query(), listing.without_filters(filters), listing.controls(asked)
    return ListPage(
        name=listing.name,
        title=listing.title,
        path=listing.path,
        filters=filters,
        query=query,
        rows=listing.describe(asked, rows),
        tabs=[_tab(listing, tab, filters, counts) for tab in listing.tabs] if len(listing.tabs) > 1 else (),
        controls=controls,
        kept_fields=[(name, value) for name, value in parse_qsl(query) if name not in {each.name for each in controls}],
        saved=_saved(listing, asked, filters.to_kept_query()),
        total=counts.get(current),
        is_filtered=filters.to_query(reverse=False) != clear.to_query(),
        campaign_name=campaign_name(asked.session, asked.actor, filters),
        campaigns_href=with_campaign(listing.href(query), ALL),
        is_keepable=filters.to_kept_query(reverse=False) != clear.to_kept_query(),
        clear_href=listing.href(clear.to_query()),
        order_text=listing.order_texts[filters.reverse],
        reverse_href=listing.href(filters.to_query(reverse=not filters.reverse)),
        previous_href=previous,
        next_href=following,
        first_href=listing.href(query) if filters.after or filters.before else None,
        sheet_href=f"{listing.path}/ledger.xlsx{'?' if query else ''}{query}" if listing.sheet else None,
    )


# --- statements -------------------------------------------------------------------------------------------------------


def read_along(
    listing: Listing[F, R], asked: Request[F], scopes: Scopes
) -> tuple[Listing[F, R], list[ColumnElement[bool]]]:
    """The list as it is read with these filters, from what is sought or by days where an index leads there, and what
    else narrows it: days that bound the index are not asked of each row again, of them alone nothing is sampled."""
    filters = asked.filters
    if listing.sought is not None and getattr(filters, "q", None):
        listing = replace(listing, source=listing.sought, is_lasting=False)
    index = listing.by_day(filters) if listing.by_day is not None and isinstance(filters, DatedFilter) else None
    bounds = within_days(index.columns[0], cast(DatedFilter, filters)) if index is not None else []
    if index is None or not bounds or not index.serves(None if scopes is None else {each.column for each in scopes}):
        return listing, conditions_of(listing, asked)
    order = index.order
    tabs = [
        replace(tab, pieces=index.pieces_of(tab.pieces, bounds), order=order(tab.order or listing.order))
        for tab in listing.tabs
    ]
    along = replace(listing, order=order(listing.order), tabs=tabs, is_lasting=False)
    on_any_day = replace(asked, filters=filters.model_copy(update={"since": None, "until": None}))
    return along, conditions_of(along, on_any_day)


def conditions_of(listing: Listing[F, R], asked: Request[F]) -> list[ColumnElement[bool]]:
    """What narrows the list, beside its tab and its subtrees."""
    if listing.words is not None:
        return narrow(listing, asked) + listing.words(asked)
    found = listing.search(asked, None) if listing.search is not None else None
    return narrow(listing, asked) + ([listing.table.c.id.in_(found)] if found is not None else [])


def narrow(listing: Listing[F, R], asked: Request[F]) -> list[ColumnElement[bool]]:
    """The conditions of the filters other than tab, union and search."""
    if listing.campaign is None or not isinstance(asked.filters, CampaignFilter):
        return listing.narrow(asked)
    return [*of_campaign(listing.campaign, asked.filters), *listing.narrow(asked)]


def rows_statement(
    listing: Listing[F, R], asked: Request[F], scopes: Scopes, conditions: Part, *, limit: int,
    key: Key | None = None, back: bool = False,
) -> Select[Any]:  # fmt: skip
    """Up to `limit` rows of the chosen tab after `key`, before it when `back`."""
    tab, order = listing.tab_of(asked.filters), listing.order_of(asked.filters)
    source = listing.source.where(*tab.where(asked.now), *conditions)
    parts = keyset.parts_of(parts_within(listing, scopes), tab.pieces)
    return keyset.page_statement(source, parts, order, limit=limit, key=key, back=back, is_disjoint=listing.is_disjoint)


def counts_statement(
    listing: Listing[F, R], scopes: Scopes, conditions: Part, now: datetime
) -> tuple[Select[Any], dict[str, object]]:
    """A statement and its parameters. One row: how many rows each counted tab holds, as `tab_0` and so on."""
    parameters = {f"union_{number}": scope.union_id for number, scope in enumerate(scopes or ())}
    columns = tuple(scope.column for scope in scopes) if scopes is not None else None
    build = _kept_counts if listing.is_lasting and not conditions else build_counts
    return build(listing, columns, tuple(conditions)), {**parameters, "now": now}


_kept_counts = lru_cache(maxsize=256)(build_counts)
"""Built once for each choice of scope columns: building it takes longer than asking it."""


def _count(listing: Listing[F, R], asked: Request[F], scopes: Scopes, conditions: Part) -> dict[str, str]:
    """What to show beside each counted tab, by its value."""
    counted = {f"tab_{number}": tab.value for number, tab in enumerate(listing.tabs) if tab.is_counted}
    if not counted:
        return {}
    if listing.is_sampled and conditions and scopes != []:
        counts = asked.session.execute(_sampled_counts(listing, asked, scopes, conditions))
        return {row.tab: keyset.sample_text(row.hits, row.seen) for row in counts}
    if is_plain(listing, scopes, conditions):
        numbers = count_plain(asked.session, listing, scopes or (), asked.now)
        return dict(zip(counted.values(), map(keyset.count_text, numbers), strict=True))
    row = asked.session.execute(*counts_statement(listing, scopes, conditions, asked.now)).one()
    return {value: keyset.count_text(getattr(row, label)) for label, value in counted.items()}


def _sampled_counts(listing: Listing[F, R], asked: Request[F], scopes: Scopes, conditions: Part) -> CompoundSelect[Any]:
    """What is searched for is counted among what was found, anything else among the first rows of each tab."""
    within, now = parts_within(listing, scopes), asked.now
    tabs = [tab for tab in listing.tabs if tab.is_counted]
    found = listing.search(asked, keyset.SAMPLE) if listing.search is not None else None
    if found is not None:
        places = {tab.value: (keyset.parts_of(within, tab.pieces), tab.where(now)) for tab in tabs}
        return keyset.counts_among(listing.source.where(*narrow(listing, asked)), found, places)
    pieces = {tab.value: keyset.parts_of(within, tab.pieces) for tab in tabs}
    parts = {
        tab.value: ([(*part, *tab.where(now)) for part in pieces[tab.value]], tab.order or listing.order)
        for tab in tabs
    }
    return keyset.sampled_counts(listing.source, conditions, parts, is_disjoint=listing.is_disjoint)


def scopes_for(listing: Listing[F, R], asked: Request[F]) -> Scopes:
    """The subtrees to show, None for everything."""
    return None if listing.scopes is None else listing.scopes(asked)


def parts_within(listing: Listing[F, R], scopes: Scopes) -> list[Part]:
    """What the subtrees are put together from."""
    if scopes is None:
        return [()]
    return [part for scope in scopes for part in listing.within(scope.column, scope.union_id)]


def visible_rows(listing: Listing[F, R], asked: Request[F], rows: Sequence[Any]) -> Sequence[Any]:
    """The rows without those that the actor must not see."""
    return rows if listing.visible is None else listing.visible(asked, rows)


def _read_rows(
    listing: Listing[F, R], asked: Request[F], scopes: Scopes, conditions: Part
) -> tuple[Sequence[Any], str | None, str | None]:
    """The rows of the page, and the addresses of the pages before and after it."""
    filters, order = asked.filters, listing.order_of(asked.filters)
    back, cursor = filters.before is not None, filters.before or filters.after
    key = order.parse(cursor) if cursor is not None else None
    found: list[Any] = []
    last = key
    while len(found) <= PAGE_SIZE:  # a page with gaps would tell how much was left out
        rows = _read_part(listing, asked, scopes, conditions, last, back=back)
        found += visible_rows(listing, asked, rows)
        if len(rows) <= PAGE_SIZE:
            break
        last = order.key_of(rows[-1])
    turn = keyset.turn_page(found, order, PAGE_SIZE, key=key, back=back)
    previous = listing.href(filters.to_query(before=turn.before)) if turn.before else None
    following = listing.href(filters.to_query(after=turn.after)) if turn.after else None
    return turn.rows, previous, following


def _read_part(
    listing: Listing[F, R], asked: Request[F], scopes: Scopes, conditions: Part, key: Key | None, *, back: bool
) -> Sequence[Any]:
    if not is_plain(listing, scopes, conditions):
        statement = rows_statement(listing, asked, scopes, conditions, limit=PAGE_SIZE + 1, key=key, back=back)
        return asked.session.execute(statement).all()
    tab, order = listing.tab_of(asked.filters), listing.order_of(asked.filters)
    columns = tuple(scope.column for scope in scopes or ())
    page = PlainPage(listing, tab, order, columns, key is not None, back, PAGE_SIZE + 1)
    return read_plain(asked.session, page, scopes or (), key, asked.now)


# --- parts of the page ------------------------------------------------------------------------------------------------


def _tab(listing: Listing[F, R], tab: Tab, filters: F, counts: Mapping[str, str]) -> TabView:
    """Switching tabs keeps the filters."""
    is_default = tab.value == listing.filters.model_fields[listing.tab_name].default
    href = listing.href(filters.to_query(**{listing.tab_name: None if is_default else tab.value}))
    text, is_current = listing.tab_text(tab, filters), tab is listing.tab_of(filters)
    return TabView(tab.value, text, counts.get(tab.value), href, is_current, tab.is_alert)


def _saved(listing: Listing[F, R], asked: Request[F], query: str) -> list[SavedView]:
    kept = list_filters(asked.session, asked.actor.person_id, listing.name)
    return [SavedView(filter_id, name, listing.href(each), each == query) for filter_id, name, each in kept]
