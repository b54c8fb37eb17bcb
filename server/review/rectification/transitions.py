"""The whitelist: from which status which move leads where, and whose it is. What is not listed cannot happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.unions.roles import REVIEWERS, WORKERS, Role


class Party(StrEnum):
    """On whose behalf a move is made."""

    ADDRESSEE = "addressee"  # who is to put it right: the reviewers of that very union
    ABOVE = "above"  # a union above the addressee
    CHECKER = "checker"  # whoever may recheck: the addressee's union or one above, but another person
    UNION = "union"  # any union whose scope holds it
    REPORTER = "reporter"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Transition:
    """One edge. `before` None: there is no rectification yet. `roles` may make it on behalf of `party`."""

    before: Status | None
    move: Move
    after: Status
    party: Party
    roles: frozenset[Role]


ABOVE_ENTERPRISE = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
ROLES: Mapping[Party, frozenset[Role]] = {
    Party.ADDRESSEE: REVIEWERS,
    Party.ABOVE: ABOVE_ENTERPRISE,
    Party.CHECKER: REVIEWERS,
    Party.UNION: REVIEWERS,
    Party.REPORTER: WORKERS,
    Party.SYSTEM: frozenset(),
}
RUNNING = tuple(status for status in Status if status not in (Status.CLOSED, Status.VOIDED))
DUE = (Status.OPEN, Status.ACCEPTED)
"""The deadline runs: it stands still while the enterprise disputes or waits for the recheck."""


def _edge(before: Status | None, move: Move, after: Status, party: Party) -> Transition:
    return Transition(before, move, after, party, ROLES[party])


TRANSITIONS: tuple[Transition, ...] = (
    _edge(None, Move.OPEN, Status.OPEN, Party.SYSTEM),
    _edge(Status.OPEN, Move.ACCEPT, Status.ACCEPTED, Party.ADDRESSEE),
    _edge(Status.OPEN, Move.DISPUTE, Status.DISPUTED, Party.ADDRESSEE),
    _edge(Status.DISPUTED, Move.UPHOLD, Status.ACCEPTED, Party.ABOVE),  # so an objection is made once
    _edge(Status.DISPUTED, Move.DROP, Status.VOIDED, Party.ABOVE),
    *(_edge(status, Move.ASK_EXTENSION, status, Party.ADDRESSEE) for status in DUE),
    *(_edge(status, Move.GRANT_EXTENSION, status, Party.ABOVE) for status in DUE),
    *(_edge(status, Move.REFUSE_EXTENSION, status, Party.ABOVE) for status in DUE),
    *(_edge(status, Move.SUBMIT, Status.SUBMITTED, Party.ADDRESSEE) for status in DUE),
    *(_edge(Status.SUBMITTED, Move.SEND_BACK, Status.ACCEPTED, who) for who in (Party.CHECKER, Party.REPORTER)),
    *(_edge(Status.SUBMITTED, Move.CLOSE, Status.CLOSED, who) for who in (Party.CHECKER, Party.REPORTER)),
    _edge(Status.SUBMITTED, Move.NOTE, Status.SUBMITTED, Party.REPORTER),  # right, says who reported it
    _edge(Status.CLOSED, Move.REOPEN, Status.ACCEPTED, Party.REPORTER),
    *(_edge(status, Move.NOTE, status, Party.UNION) for status in Status),
    *(_edge(status, Move.VOID, Status.VOIDED, Party.SYSTEM) for status in (*DUE, Status.DISPUTED)),
)

EDGES: Mapping[tuple[Status | None, Move, Party], Transition] = {
    (edge.before, edge.move, edge.party): edge for edge in TRANSITIONS
}

CONSOLE_PARTIES: Mapping[Move, Party] = {
    Move.ACCEPT: Party.ADDRESSEE,
    Move.DISPUTE: Party.ADDRESSEE,
    Move.ASK_EXTENSION: Party.ADDRESSEE,
    Move.SUBMIT: Party.ADDRESSEE,
    Move.UPHOLD: Party.ABOVE,
    Move.DROP: Party.ABOVE,
    Move.GRANT_EXTENSION: Party.ABOVE,
    Move.REFUSE_EXTENSION: Party.ABOVE,
    Move.CLOSE: Party.CHECKER,
    Move.SEND_BACK: Party.CHECKER,
    Move.NOTE: Party.UNION,
}
"""The moves made at the console, and on whose behalf."""
