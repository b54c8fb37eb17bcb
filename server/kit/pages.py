"""What the page of a list is given, see listing.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from server.kit.filters import Control, F

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class TabView:
    """A tab to switch to. `count` is "12" or "999+"; None where it is not counted."""

    value: str
    text: str
    count: str | None
    href: str
    is_current: bool
    is_alert: bool = False


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter that was kept under a name."""

    id: UUID
    name: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ListPage(Generic[F, R]):
    """A page of a list. Addresses are None where there is nowhere to go; `total` where it is not counted."""

    name: str
    title: str
    path: str
    filters: F
    query: str
    rows: Sequence[R]
    tabs: Sequence[TabView]
    controls: Sequence[Control]
    kept_fields: Sequence[tuple[str, str]]  # what the filter row leaves as it is: tab, order
    saved: Sequence[SavedView]
    total: str | None
    is_filtered: bool
    campaign_name: str  # of the one that the list is narrowed to; empty where it shows all
    campaigns_href: str  # the same over all campaigns
    is_keepable: bool  # there is something to keep under a name
    clear_href: str
    order_text: str
    reverse_href: str
    previous_href: str | None
    next_href: str | None
    first_href: str | None
    sheet_href: str | None

    @property
    def has_more(self) -> bool:
        """Whether the list holds more than this page."""
        return self.previous_href is not None or self.next_href is not None
