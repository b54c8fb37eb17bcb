"""Up which steps an overdue item climbs, and when. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.kit.deadlines.calendar.working_days import due_after
from server.unions.roles import Level
from server.unions.tree.rules import ANCESTOR_COLUMNS, RANK


@dataclass(frozen=True, slots=True)
class Branch:
    """A union and those above it: `ids` from the city down, None where the tree skips a level."""

    level: Level
    ids: tuple[UUID | None, ...]


def unions_above(branch: Branch) -> list[UUID]:
    """Who hears of it, nearest first. Nobody stands above the city, so of its own it hears itself."""
    own = min(RANK[branch.level], len(ANCESTOR_COLUMNS))
    above = [union_id for union_id in reversed(branch.ids[:own]) if union_id is not None]
    return above or [union_id for union_id in branch.ids[:1] if union_id is not None]


def next_union(above: Sequence[UUID], climbed_to: UUID | None, ranks: Sequence[UUID | None]) -> UUID | None:
    """The first of `above` that stands higher than `climbed_to`; None at the top.

    `ranks` is the branch from the city down: passed up meanwhile, an item goes on from there and never down again.
    """
    if climbed_to is None:
        return above[0] if above else None
    order = [each for each in ranks if each is not None]
    if climbed_to not in order:
        return above[0] if above else None
    return next((each for each in above if order.index(each) < order.index(climbed_to)), None)


def step_at(due_at: datetime, step: int, working_days: int) -> datetime:
    """When step `step` (from 1) is due: the first at the deadline, each further one `working_days` later."""
    return due_at if step == 1 else due_after(due_at, working_days * (step - 1))
