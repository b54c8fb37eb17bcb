"""Which moves a draw allows in which state, and who makes them: the whitelist, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.rewards.draws.models import DrawMove, DrawStatus

S, M = DrawStatus, DrawMove


class Party(StrEnum):
    """Who makes a move."""

    OWNER = "owner"  # a reviewer of the union whose draw it is
    SECOND = "second"  # another one than who entered the value
    CLOCK = "clock"  # the system at the close; an owner may hurry it


@dataclass(frozen=True, slots=True)
class Edge:
    """A move's party and the state it leads to."""

    party: Party
    after: DrawStatus


EDGES: Mapping[tuple[DrawStatus, DrawMove], Edge] = {
    (S.COMMITTED, M.CANCEL): Edge(Party.OWNER, S.CANCELLED),
    (S.COMMITTED, M.FREEZE): Edge(Party.CLOCK, S.FROZEN),
    (S.FROZEN, M.DECLARE_MISSING): Edge(Party.OWNER, S.FROZEN),  # by two; the action counts them
    (S.FROZEN, M.ENTER_VALUE): Edge(Party.OWNER, S.VALUED),
    (S.VALUED, M.REJECT_VALUE): Edge(Party.OWNER, S.FROZEN),
    (S.VALUED, M.CONFIRM_VALUE): Edge(Party.SECOND, S.DRAWN),
}
"""A draw that is frozen can only go on: nobody calls it off because of who would win."""
