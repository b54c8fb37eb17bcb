"""One decision on several rows of a page: picked by their boxes, or all that the page shows. No script is needed.

A box stands for a row as the page showed it, `id:version` where rows have versions.

Each is decided by itself: what is refused keeps nothing and is told with the reason, the others stand.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import AppError, Invalid
from server.core.web.forms import form_values

MOST = 200
PICKED, SHOWN, WHOLE_PAGE = "picked", "shown", "whole_page"
FIELDS = (PICKED, SHOWN, WHOLE_PAGE)


@dataclass(frozen=True, slots=True)
class Picked:
    """A row that was picked, and the version of it that the page showed; 0 where rows have none."""

    id: UUID
    version: int

    def spell(self) -> str:
        """As boxes have it."""
        return f"{self.id}:{self.version}"


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


def picked_rows(also: str = "") -> list[Picked]:
    """The rows that were picked, in the order of their ids; boxes that serve two purposes have the name `also`.

    Raises Invalid for none, and for too many.
    """
    values = form_values()
    return read_picked(
        values.getlist(SHOWN) if values.get(WHOLE_PAGE) else values.getlist(PICKED) + values.getlist(also)
    )


def read_picked(chosen: Sequence[str]) -> list[Picked]:
    """What boxes stand for, each once, in the order of the ids. Raises Invalid as `picked_rows`."""
    try:
        found = sorted({_read(each) for each in chosen[: MOST + 1]}, key=lambda each: each.id)
    except ValueError as error:
        raise Invalid("请重新打开这一页再选。") from error
    if not found:
        raise Invalid("请先勾选要处理的。", code="nothing_picked")
    if len(found) > MOST:
        raise Invalid(f"一次最多处理 {MOST} 条。", code="too_many_picked")
    return found


def _read(text: str) -> Picked:
    row_id, _, version = text.partition(":")
    return Picked(UUID(row_id), int(version or 0))


def decide_each(session: Session, rows: Sequence[Picked], decide: Callable[[Picked], object]) -> Decided:
    """Call `decide` with each row behind a savepoint of its own."""
    made, refusals = [], []
    for row in rows:
        try:
            with session.begin_nested():
                result = decide(row)
            made.append(result)
        except AppError as error:
            refusals.append(next(iter(error.fields.values()), error.message))
    return Decided(made, refusals)
