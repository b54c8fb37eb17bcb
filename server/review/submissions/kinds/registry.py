"""The registry of kinds of submission: what a kind is, said once by the activity that takes it.

Review sits below the activities and never imports them. Each of them declares its `KIND` in its kind.py, and whoever
needs something of a kind asks here: nothing below or beside an activity names one.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from server.review.submissions.kinds.content import Content
from server.review.submissions.kinds.follow_up import FollowUp
from server.review.submissions.models import Kind, Move, Status
from server.review.submissions.schemas import MoveIn

ContentReader = Callable[[Session, UUID], Content]

ContentsReader = Callable[[Session, Collection[UUID]], Mapping[UUID, Content]]
"""What many submissions say, in one statement; those that are none of its kind are left out."""

FollowUpReader = Callable[[Session, Collection[UUID]], Mapping[UUID, FollowUp]]
"""Given ids of accepted submissions, the follow-ups of those that have one; a constant number of statements."""


@dataclass(frozen=True, slots=True)
class MoveLabel:
    """How a move is offered. `done` is said after it was made; `leaves`: then it is off the reviewer's desk."""

    label: str
    key: str
    done: str
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    is_primary: bool = False
    leaves: bool = False
    can_undo: bool = False
    title: str = ""  # of its panel, where the label does not say enough


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """What people read about submissions of a kind. Statuses and steps that are not listed are called as usual."""

    name: str
    reporter: str
    sent: str  # what the reporter did
    accept: str  # what a union does with it
    received: str  # said after its excerpt when all of it has arrived
    known: str  # said of one that somebody else sent before
    same: str  # what it and the other one are
    thanks: str
    promise: str  # what comes of one that was accepted
    statuses: Mapping[Status, str] = field(default_factory=dict)
    steps: Mapping[Move, str] = field(default_factory=dict)
    is_titled: bool = False  # the first line of its description is a title
    is_marked: bool = False  # lists say its name beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionKind:
    """A kind of submission: its content, words, forms and what follows from accepting one."""

    kind: Kind
    number_letter: str  # what its numbers end with
    words: KindWords
    read_content: ContentReader
    read_contents: ContentsReader
    read_follow_ups: FollowUpReader
    forms: Mapping[Move, type[MoveIn]]  # of accepting, and of moves that other kinds have not
    labels: Mapping[Move, MoveLabel]
    is_graded: bool = False  # accepting one gives it a grade
    is_rectified: bool = False  # accepting one opens a rectification
    is_followable: bool = False  # others are told of it before they send the same, and may follow it


_kinds: dict[Kind, SubmissionKind] = {}


def install_kinds(kinds: Iterable[SubmissionKind]) -> None:
    """Make known the kinds that the activities declare. Raises ValueError unless each is declared once."""
    declared = tuple(kinds)
    found = {each.kind: each for each in declared}
    if len(declared) != len(found) or set(found) != set(Kind):
        raise ValueError(f"kinds of submission are not declared once each: {sorted(each.kind for each in declared)}")
    _kinds.clear()
    _kinds.update((kind, found[kind]) for kind in Kind)


def kind_of(kind: Kind) -> SubmissionKind:
    """What is declared of the kind."""
    return _kinds[kind]


def all_kinds() -> tuple[SubmissionKind, ...]:
    """Every kind, in the order of the lists in which people choose one."""
    return tuple(_kinds.values())


class Listed(Protocol):
    """What has to be known of a submission to ask its kind about it."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> Kind: ...


def ids_by_kind(rows: Iterable[Listed | Row[*tuple[Any, ...]]]) -> dict[Kind, list[UUID]]:
    """The ids of these submissions, by kind."""
    found: dict[Kind, list[UUID]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row.id)
    return found


def read_content(session: Session, kind: Kind, submission_id: UUID) -> Content:
    """What the submission says."""
    return kind_of(kind).read_content(session, submission_id)


def read_contents(session: Session, submission_ids: Mapping[Kind, Collection[UUID]]) -> dict[UUID, Content]:
    """What submissions say, asked once per kind."""
    found: dict[UUID, Content] = {}
    for kind, wanted in submission_ids.items():
        if wanted:
            found.update(kind_of(kind).read_contents(session, wanted))
    return found


def read_follow_ups(session: Session, submission_ids: Mapping[Kind, Collection[UUID]]) -> dict[UUID, FollowUp]:
    """The follow-ups of accepted submissions, asked once per kind."""
    found: dict[UUID, FollowUp] = {}
    for kind, wanted in submission_ids.items():
        if wanted:
            found.update(kind_of(kind).read_follow_ups(session, wanted))
    return found
