"""The whitelist: from which status which move leads where, and who may make it. What is not listed cannot happen.

With a kind of submission reviewers make those moves that it has a form for (`schemas.form_of`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.review.submissions.models import Move, Status
from server.unions.roles import REVIEWERS, WORKERS, Role


class Party(StrEnum):
    """On whose behalf a move is made."""

    REPORTER = "reporter"
    REVIEWER = "reviewer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Transition:
    """One edge. `before` None: there is no submission yet. `roles` may make it, on behalf of `who`."""

    before: Status | None
    move: Move
    after: Status
    who: Party
    roles: frozenset[Role]


def _reviewers(before: Status, move: Move, after: Status, roles: frozenset[Role] = REVIEWERS) -> Transition:
    return Transition(before, move, after, Party.REVIEWER, roles)


def _reporter(before: Status | None, move: Move, after: Status) -> Transition:
    return Transition(before, move, after, Party.REPORTER, WORKERS)


BELOW_CITY = REVIEWERS - {Role.CITY_REVIEWER}
ABOVE_ENTERPRISE = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
DECIDED = (Status.ACCEPTED, Status.DECLINED, Status.DUPLICATE)
ORPHANED = (Status.DUPLICATE, Status.RETURNED)
"""What waits for something that may end without it: the report it was merged into, whoever was asked."""
ARRIVED = tuple(status for status in Status if status is not Status.INCOMPLETE)

TRANSITIONS: tuple[Transition, ...] = (
    _reporter(None, Move.CREATE, Status.INCOMPLETE),
    Transition(Status.INCOMPLETE, Move.SUBMIT, Status.QUEUED, Party.SYSTEM, frozenset()),
    _reporter(Status.INCOMPLETE, Move.WITHDRAW, Status.WITHDRAWN),
    _reporter(Status.QUEUED, Move.WITHDRAW, Status.WITHDRAWN),
    _reporter(Status.RETURNED, Move.WITHDRAW, Status.WITHDRAWN),
    _reporter(Status.RETURNED, Move.ANSWER, Status.QUEUED),
    _reviewers(Status.QUEUED, Move.CLAIM, Status.QUEUED),
    _reviewers(Status.QUEUED, Move.RELEASE, Status.QUEUED),
    _reviewers(Status.QUEUED, Move.ACCEPT, Status.ACCEPTED),
    _reviewers(Status.QUEUED, Move.ACCEPT_IN_PART, Status.ACCEPTED),
    _reviewers(Status.QUEUED, Move.DECLINE, Status.DECLINED),
    _reviewers(Status.QUEUED, Move.RETURN, Status.RETURNED),
    _reviewers(Status.QUEUED, Move.MARK_DUPLICATE, Status.DUPLICATE),
    _reviewers(Status.QUEUED, Move.PASS_UP, Status.QUEUED, BELOW_CITY),
    _reviewers(Status.QUEUED, Move.PASS_DOWN, Status.QUEUED, ABOVE_ENTERPRISE),
    _reviewers(Status.QUEUED, Move.REOPEN, Status.QUEUED),  # whoever passed it on takes that back
    _reviewers(Status.RETURNED, Move.REOPEN, Status.QUEUED),
    *(_reviewers(status, Move.REOPEN, Status.QUEUED) for status in DECIDED),
    *(_reviewers(status, Move.NOTE, status) for status in ARRIVED),
    *(  # what was taken back stays unopened
        _reviewers(status, Move.DISCLOSE, status, frozenset({Role.CITY_REVIEWER}))
        for status in ARRIVED
        if status is not Status.WITHDRAWN
    ),
    *(Transition(status, Move.REQUEUE, Status.QUEUED, Party.SYSTEM, frozenset()) for status in ORPHANED),
    Transition(Status.DUPLICATE, Move.RELINK, Status.DUPLICATE, Party.SYSTEM, frozenset()),
)

EDGES: Mapping[tuple[Status | None, Move], Transition] = {(edge.before, edge.move): edge for edge in TRANSITIONS}

REVIEWER_MOVES: tuple[Move, ...] = tuple(
    move for move in Move if any(edge.move is move and edge.who is Party.REVIEWER for edge in TRANSITIONS)
)
DECISIONS = frozenset({Move.ACCEPT, Move.ACCEPT_IN_PART, Move.DECLINE, Move.MARK_DUPLICATE, Move.RETURN})
"""What reopening undoes."""
PASSES = frozenset({Move.PASS_UP, Move.PASS_DOWN})
