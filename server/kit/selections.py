"""One decision on several rows of a list: picked by their boxes, all that the page shows, or all that the list holds.
No script is needed.

A box stands for a row as the page showed it, `id:version` where rows have versions. What the whole list holds is read
anew, by the filters in the address and what the actor may see.

Each is decided by itself: what is refused keeps nothing and is told with the reason, the others stand.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from server.core import clock
from server.core.errors import AppError, Invalid
from server.core.web.forms import form_values
from server.core.web.unit_of_work import session
from server.kit.filters import F, read_filters
from server.kit.listing import Listing, Request, conditions_of, rows_statement, scopes_for, visible_rows
from server.kit.pages import R
from server.unions.actor import current_actor

MOST = 200
PICKED, SHOWN, WHOLE_PAGE, WHOLE_LIST = "picked", "shown", "whole_page", "whole_list"
FIELDS = (PICKED, SHOWN, WHOLE_PAGE, WHOLE_LIST)


@dataclass(frozen=True, slots=True)
class Picked:
    """A row that was picked, and the version of it that the page showed; 0 where rows have none."""

    id: UUID
    version: int

    def spell(self) -> str:
        """As boxes have it."""
        return f"{self.id}:{self.version}"


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows to decide on, in the order of their ids; `is_cut`: the page or the list has more than can be taken at
    once."""

    rows: Sequence[Picked]
    is_cut: bool = False

    def say(self, words: str) -> str:
        """The words about what was done, and that there is more."""
        more = f"一次最多 {len(self.rows)} 条，这是排在最前面的，其余的请再选一次。" if self.is_cut else ""
        return words + more


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of those that went through, as `decide` returned it, and why others did not."""

    made: Sequence[Any]
    refusals: Sequence[str]

    @property
    def done(self) -> int:
        """How many went through."""
        return len(self.made)

    def say(self, done: str) -> str:
        """已审核通过 3 道。没有处理 2：自己写的题目要请别人审核。（2）"""
        reasons = "；".join(f"{words.rstrip('。')}（{count}）" for words, count in Counter(self.refusals).items())
        return done.format(self.done) + (f"没有处理 {len(self.refusals)}：{reasons}。" if reasons else "")


def picked_of(
    read_whole: Callable[[int], Sequence[Picked]] | None = None, *, also: str = "", most: int = MOST
) -> Selection:
    """The rows that were picked; boxes that serve two purposes have the name `also`. `read_whole` gives up to so many
    of all that the list holds, where a page offers these.

    Of a whole page or list the first `most` are taken. Raises Invalid for none, and for more boxes than that.
    """
    values = form_values()
    if read_whole is not None and values.get(WHOLE_LIST):
        found = read_whole(most + 1)
        if not found:
            raise Invalid("列表里没有可以处理的了，请刷新页面。", code="nothing_picked")
        return Selection(sorted(found[:most], key=lambda each: each.id), len(found) > most)
    if values.get(WHOLE_PAGE):
        shown = values.getlist(SHOWN)
        return Selection(read_picked(shown[:most], most), len(shown) > most)
    return Selection(read_picked(values.getlist(PICKED) + values.getlist(also), most))


def picked_rows(also: str = "") -> list[Picked]:
    """As `picked_of`, for a page that offers no more than itself. Raises Invalid for a page of more than MOST too."""
    selection = picked_of(also=also)
    if selection.is_cut:
        raise Invalid(f"一次最多处理 {MOST} 条，请少选几条。", code="too_many_picked")
    return list(selection.rows)


def picked_of_list(listing: Listing[F, R], *where: ColumnElement[bool], also: str = "", most: int = MOST) -> Selection:
    """As `picked_of`, the whole list being that of the filters in the address of the present request, of which `where`
    leaves what can be decided on."""
    asked = Request(session(), current_actor(), read_filters(listing.filters), clock.now())
    return picked_of(lambda limit: first_of_list(listing, asked, *where, limit=limit), also=also, most=most)


def first_of_list(listing: Listing[F, R], asked: Request[F], *where: ColumnElement[bool], limit: int) -> list[Picked]:
    """The first rows of all that the filters show, whichever page is looked at."""
    whole = replace(asked, filters=asked.filters.model_copy(update={"after": None, "before": None}))
    conditions = [*conditions_of(listing, whole), *where]
    statement = rows_statement(listing, whole, scopes_for(listing, whole), conditions, limit=limit)
    rows = visible_rows(listing, whole, asked.session.execute(statement).all())
    return [Picked(row.id, getattr(row, "version", 0)) for row in rows]


def read_picked(chosen: Sequence[str], most: int = MOST) -> list[Picked]:
    """What boxes stand for, each once, in the order of the ids. Raises Invalid for none, and for too many."""
    try:
        found = sorted({_read(each) for each in chosen[: most + 1]}, key=lambda each: each.id)
    except ValueError as error:
        raise Invalid("请重新打开这一页再选。") from error
    if not found:
        raise Invalid("请先勾选要处理的。", code="nothing_picked")
    if len(found) > most:
        raise Invalid(f"一次最多处理 {most} 条，请少选几条。", code="too_many_picked")
    return found


def _read(text: str) -> Picked:
    row_id, _, version = text.partition(":")
    return Picked(UUID(row_id), int(version or 0))


def decide_each(within: Session, rows: Sequence[Picked], decide: Callable[[Picked], object]) -> Decided:
    """Call `decide` with each row behind a savepoint of its own."""
    made, refusals = [], []
    for row in rows:
        try:
            with within.begin_nested():
                result = decide(row)
            made.append(result)
        except AppError as error:
            refusals.append(next(iter(error.fields.values()), error.message))
    return Decided(made, refusals)
