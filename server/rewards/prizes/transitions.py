"""Which moves a win allows in which state, and who makes them: the whitelist, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.rewards.prizes.models import PoolMove, WinStatus

S, M = WinStatus, PoolMove


class Party(StrEnum):
    """Who makes a move."""

    OWNER = "owner"  # a reviewer of the union whose pool it is
    WINNER = "winner"
    SYSTEM = "system"  # what follows from another move, or from the time


@dataclass(frozen=True, slots=True)
class Edge:
    """A move's party and the state it leads to."""

    party: Party
    after: WinStatus


EDGES: Mapping[tuple[WinStatus, PoolMove], Edge] = {
    (S.RESERVE, M.PROMOTE): Edge(Party.SYSTEM, S.OFFERED),
    (S.RESERVE, M.SKIP): Edge(Party.SYSTEM, S.SKIPPED),
    (S.OFFERED, M.ACCEPT): Edge(Party.WINNER, S.ACCEPTED),
    (S.OFFERED, M.REFUSE): Edge(Party.WINNER, S.REFUSED),
    (S.OFFERED, M.EXPIRE): Edge(Party.SYSTEM, S.EXPIRED),
    (S.OFFERED, M.REVOKE): Edge(Party.OWNER, S.REVOKED),
    (S.ACCEPTED, M.REFUSE): Edge(Party.WINNER, S.REFUSED),
    (S.ACCEPTED, M.REVOKE): Edge(Party.OWNER, S.REVOKED),
    (S.ACCEPTED, M.HAND_OVER): Edge(Party.OWNER, S.HANDED_OVER),
}
HOLDING = (S.OFFERED, S.ACCEPTED, S.HANDED_OVER)
"""Wins that take a prize out of the stock."""
