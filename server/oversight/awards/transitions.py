"""Which moves a batch allows in which state, and who makes them: the whitelist, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.oversight.awards.models import BatchMove, BatchStatus

S, M = BatchStatus, BatchMove


class Party(StrEnum):
    """Who makes a move."""

    OWNER = "owner"  # a reviewer of the union whose batch it is
    NOMINATOR = "nominator"  # a reviewer within its subtree
    JUROR = "juror"
    WORKER = "worker"
    SYSTEM = "system"  # what follows from another move


@dataclass(frozen=True, slots=True)
class Edge:
    """A move's party and the state it leads to."""

    party: Party
    after: BatchStatus


EDGES: Mapping[tuple[BatchStatus, BatchMove], Edge] = {
    (S.DRAFT, M.NOMINATE): Edge(Party.NOMINATOR, S.DRAFT),
    (S.DRAFT, M.COMPUTE): Edge(Party.OWNER, S.COMPUTED),
    (S.DRAFT, M.CANCEL): Edge(Party.OWNER, S.CANCELLED),
    (S.COMPUTED, M.COMPUTE): Edge(Party.OWNER, S.COMPUTED),
    (S.COMPUTED, M.STRIKE): Edge(Party.OWNER, S.COMPUTED),
    (S.COMPUTED, M.OPEN_SCORING): Edge(Party.OWNER, S.SCORING),
    (S.COMPUTED, M.PUBLISH): Edge(Party.OWNER, S.PUBLISHED),
    (S.COMPUTED, M.CANCEL): Edge(Party.OWNER, S.CANCELLED),
    (S.SCORING, M.ADD_JUROR): Edge(Party.OWNER, S.SCORING),
    (S.SCORING, M.SCORE): Edge(Party.JUROR, S.SCORING),
    (S.SCORING, M.STRIKE): Edge(Party.OWNER, S.SCORING),
    (S.SCORING, M.PUBLISH): Edge(Party.OWNER, S.PUBLISHED),
    (S.SCORING, M.CANCEL): Edge(Party.OWNER, S.CANCELLED),
    (S.PUBLISHED, M.OBJECT): Edge(Party.WORKER, S.PUBLISHED),
    (S.PUBLISHED, M.ANSWER): Edge(Party.OWNER, S.PUBLISHED),
    (S.PUBLISHED, M.REMOVE): Edge(Party.OWNER, S.PUBLISHED),
    (S.PUBLISHED, M.MOVE_UP): Edge(Party.SYSTEM, S.PUBLISHED),
    (S.PUBLISHED, M.FINALISE): Edge(Party.OWNER, S.FINAL),
    (S.FINAL, M.PAY): Edge(Party.OWNER, S.FINAL),  # the last payment leads to PAID
    (S.FINAL, M.RECEIVE): Edge(Party.WORKER, S.FINAL),
    (S.PAID, M.RECEIVE): Edge(Party.WORKER, S.PAID),
}
