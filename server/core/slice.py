"""What a slice says of itself, once: the `SLICE` in its slice.py.

The composition roots install all of them. Whatever needs something of every slice (the navigation, the audit page)
reads it here, so that there is no central list to keep in step.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.core.db import Base, counted
from server.core.events import Event
from server.core.messages import MessageWriter


class Section(StrEnum):
    """The parts of the console's navigation, in their order."""

    TO_DO = "待办"
    OVERSIGHT = "督促与奖励"
    QUIZ = "知识闯关"
    PEOPLE = "组织"
    SETTINGS = "设置"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A link in the navigation. Entries of a section stand by `position`; whoever may open the page sees the entry.
    `handbook`: the heading in docs/handbook.zh.md under which its pages are explained; `hint`: what somebody who sees
    the page for the first time is told there; `also`: other addresses at and below which pages belong to the entry."""

    section: Section
    position: int
    label: str
    icon: str
    path: str
    handbook: str = ""
    hint: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditWords:
    """What the slice's rows in the audit log are called in Chinese: actions, kinds of subject, keys of the detail, the
    statuses of a kind of subject; and `values` of a key ("role") or of a key of one kind of subject ("letter.kind")."""

    actions: Mapping[str, str] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)


ERASED_NAME = "已注销"
"""Stands where the name of somebody stood who was forgotten."""

STRUCK = "××"
"""Stands where the name or a number of somebody who was forgotten stood in what people wrote; no longer than it."""

TODO_CAP = 100
"""Where counting what waits stops: nobody acts differently on 100 and 1,000."""


def count_todos(session: Session, waiting: Select[Any]) -> int:
    """How many rows a statement finds, TODO_CAP at most."""
    return session.scalar(counted(waiting, TODO_CAP)) or 0


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits for reviewers: counted beside its page in the navigation, on the home page, in the digest.

    `words` has a place for the number ("{} 份……"); `count(session, actor, now)` gives it, TODO_CAP at most, by one
    statement along an index. What waits are rows of `table`: while it is empty nobody counts. `path` is the list
    narrowed to just those (`?status=…`): the number and the list agree, best by counting with the list
    (server.kit.todos). It is what the actor's own unions have to move; `is_below`: what the levels below have in hand,
    which the home page says apart, and neither badge nor digest. `is_part`: the one before counts it too, so the badge
    leaves it out.
    """

    name: str
    path: str
    words: str
    count: Callable[[Session, Any, datetime], int]
    table: FromClause
    is_below: bool = False
    is_part: bool = False


RowsOf = Callable[[UUID], ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """The file behind a row about a person, for the copy that they get: `name` in it, `key` where it lies. Of rows that
    are `there` alone: the others have none that can be opened."""

    there: ColumnElement[bool]
    name: Callable[[Any], str]
    key: Callable[[Any], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalRows:
    """Rows about a person: what of them is handed out, and what becomes of them when the person is forgotten.

    They stay, as others rely on them, unless `is_removed`; `blanked` columns are written over, and the person's name
    and numbers are struck out where they stand in the words of `struck` ones.
    """

    model: type[Base]
    rows: RowsOf  # the person's, by their id
    title: str = ""  # in the copy that people get; without one they are not handed out
    hidden: frozenset[str] = frozenset()  # columns that the copy leaves out
    is_counted: bool = False  # told as a number on the page of one's own data
    is_removed: bool = False
    blanked: Mapping[str, Any] = field(default_factory=dict)
    struck: tuple[str, ...] = ()
    stored: StoredFile | None = None


def owned_by(column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]) -> RowsOf:
    """The rows that name the person in `column`."""
    return lambda person_id: column == person_id


Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecountedDeadline:
    """A stored end of some working days, which may be counted anew when the calendar of its year is announced.

    It runs where `is_running`. The columns of `also` lie in the same row and move by the same rule.
    """

    column: Moment
    title: str  # what the audit log calls it
    is_running: ColumnElement[bool]
    subject_type: str  # of the audit log, with the column of the subject's id
    subject_id: InstrumentedAttribute[UUID]
    also: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyUse:
    """A move that ready replies are kept for: what it is called, and those that a union starts with, by title."""

    label: str
    starts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice's one declaration."""

    menu: tuple[MenuEntry, ...] = ()
    audit: AuditWords = field(default_factory=AuditWords)
    todos: tuple[Todo, ...] = ()
    personal: tuple[PersonalRows, ...] = ()
    deadlines: tuple[RecountedDeadline, ...] = ()
    workflows: tuple[Any, ...] = ()  # of server.kit.workflow, which stands above this module
    lists: tuple[Any, ...] = ()  # of server.kit.listing, likewise; each may have a ledger to download
    exports: Mapping[str, str] = field(default_factory=dict)  # other files to download: endpoint to what it is called
    documents: tuple[Any, ...] = ()  # of server.kit.documents, likewise
    assignments: tuple[Any, ...] = ()  # kinds of server.assignments.dispatch, likewise: what unions send down
    files: tuple[Any, ...] = ()  # of server.kit.files, likewise: which of its rows may have files
    indicators: tuple[Any, ...] = ()  # of server.kit.indicators, likewise: what schemes of assessment may count
    paper_sets: tuple[Any, ...] = ()  # of server.kit.exports.papers, likewise: papers of many rows as one file
    books: tuple[Any, ...] = ()  # of server.kit.exports.books, likewise: workbooks about one thing
    union_panels: tuple[Any, ...] = ()  # of server.kit.panels, likewise
    shared_items: tuple[Any, ...] = ()  # of server.kit.teamwork, likewise: colleagues give them each other
    person_panels: tuple[Any, ...] = ()
    published: tuple[Any, ...] = ()  # of server.kit.published, likewise: what others see of it and may complain about
    searches: tuple[Any, ...] = ()  # of server.kit.search, likewise: what the one search finds
    reply_uses: Mapping[str, ReplyUse] = field(default_factory=dict)  # by the name of the move
    events: tuple[type[Event], ...] = ()  # what the slice announces; somebody must listen
    messages: Mapping[type[Event], MessageWriter] = field(default_factory=dict)  # what the inbox tells of events


Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class Declarations:
    """What all slices declare, put together."""

    menu: tuple[MenuEntry, ...] = ()
    entries: Mapping[str, MenuEntry] = field(default_factory=dict)  # of the menu, by each path that leads to them
    audit: AuditWords = field(default_factory=AuditWords)
    todos: tuple[Todo, ...] = ()
    personal: tuple[PersonalRows, ...] = ()
    deadlines: tuple[RecountedDeadline, ...] = ()
    workflows: tuple[Any, ...] = ()
    lists: tuple[Any, ...] = ()
    exports: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[Any, ...] = ()
    assignments: tuple[Any, ...] = ()
    files: tuple[Any, ...] = ()
    indicators: tuple[Any, ...] = ()
    paper_sets: tuple[Any, ...] = ()
    books: tuple[Any, ...] = ()
    union_panels: tuple[Any, ...] = ()
    person_panels: tuple[Any, ...] = ()
    shared_items: tuple[Any, ...] = ()
    published: tuple[Any, ...] = ()
    searches: tuple[Any, ...] = ()
    reply_uses: Mapping[str, ReplyUse] = field(default_factory=dict)
    messages: Mapping[type[Event], tuple[MessageWriter, ...]] = field(default_factory=dict)
    events: frozenset[type[Event]] = frozenset()


def combine(slices: Iterable[Slice]) -> Declarations:
    """Raises ValueError where two slices declare the same page or the same word of the log."""
    known = tuple(slices)
    order = list(Section)
    menu = sorted((entry for one in known for entry in one.menu), key=lambda at: (order.index(at.section), at.position))
    _merge("menu", [{entry.path: entry.label} for entry in menu])
    _merge("list", [{each.name: each.name} for one in known for each in one.lists])
    _merge("document", [{each.name: each.name} for one in known for each in one.documents])
    _merge("assignment", [{each.name: each.name} for one in known for each in one.assignments])
    _merge("assignment letter", [{each.letter: each.name} for one in known for each in one.assignments])
    _merge("files", [{each.subject: each.subject} for one in known for each in one.files])
    _merge("indicator", [{each.key: each.name} for one in known for each in one.indicators])
    _merge("book", [{each.name: each.name} for one in known for each in (*one.lists, *one.books)])
    _merge("published", [{each.subject: each.subject} for one in known for each in one.published])
    _merge("paper set", [{each.name: each.name} for one in known for each in one.paper_sets])
    return Declarations(
        menu=tuple(menu),
        entries={at: entry for entry in menu for at in (entry.path, *entry.also)},
        audit=AuditWords(
            actions=_merge("audit action", [one.audit.actions for one in known]),
            subjects=_merge("audit subject", [one.audit.subjects for one in known]),
            details=_merge("audit detail", [one.audit.details for one in known]),
            statuses=_merge("audit status", [one.audit.statuses for one in known]),
            values=_merge("audit value", [one.audit.values for one in known]),
        ),
        todos=tuple(todo for one in known for todo in one.todos),
        personal=tuple(rows for one in known for rows in one.personal),
        deadlines=tuple(deadline for one in known for deadline in one.deadlines),
        workflows=tuple(workflow for one in known for workflow in one.workflows),
        lists=tuple(each for one in known for each in one.lists),
        exports=_merge("export", [one.exports for one in known]),
        documents=tuple(each for one in known for each in one.documents),
        assignments=tuple(each for one in known for each in one.assignments),
        files=tuple(each for one in known for each in one.files),
        indicators=tuple(each for one in known for each in one.indicators),
        paper_sets=tuple(each for one in known for each in one.paper_sets),
        books=tuple(each for one in known for each in one.books),
        union_panels=tuple(each for one in known for each in one.union_panels),
        person_panels=tuple(each for one in known for each in one.person_panels),
        shared_items=tuple(each for one in known for each in one.shared_items),
        published=tuple(each for one in known for each in one.published),
        searches=tuple(each for one in known for each in one.searches),
        reply_uses=_merge("reply use", [one.reply_uses for one in known]),
        messages=_by_event(one.messages for one in known),
        events=frozenset(_merge("event", [{each.name: each for each in one.events} for one in known]).values()),
    )


def _merge(what: str, parts: Iterable[Mapping[str, Word]]) -> Mapping[str, Word]:
    merged: dict[str, Word] = {}
    for part in parts:
        if twice := merged.keys() & part.keys():
            raise ValueError(f"{what} declared twice: {sorted(twice)}")
        merged.update(part)
    return MappingProxyType(merged)


def _by_event(parts: Iterable[Mapping[type[Event], MessageWriter]]) -> Mapping[type[Event], tuple[MessageWriter, ...]]:
    """Several slices may have something to tell of an event, each to others."""
    writers: dict[type[Event], tuple[MessageWriter, ...]] = {}
    for part in parts:
        for kind, writer in part.items():
            writers[kind] = (*writers.get(kind, ()), writer)
    return MappingProxyType(writers)


_installed = Declarations()


def install(slices: Iterable[Slice]) -> None:
    """Make the slices' declarations known to this process."""
    global _installed
    _installed = combine(slices)


def declared() -> Declarations:
    """What the slices of this process declare; nothing before a composition root has installed them."""
    return _installed


def entry_at(path: str) -> MenuEntry | None:
    """The entry of the navigation with the longest path that a page is at or below; the home page is its own alone."""
    entries, at = _installed.entries, path
    while at:
        if (found := entries.get(at)) is not None:
            return found
        at = at.rpartition("/")[0]
    return None
