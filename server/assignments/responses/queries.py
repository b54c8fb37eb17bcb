"""Reads of tasks: what a union was asked as it sees it, its answer, the answers that came in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from server.assignments.dispatch.kinds.registry import AssignmentKind, kind_of
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.assignments.dispatch.queries import find_replacement, form_for, get_recipient
from server.assignments.dispatch.rules import ENDED
from server.assignments.dispatch.texts import STATUS_NAMES
from server.assignments.forms.schemas import Definition
from server.assignments.responses.answering.naming import find_named
from server.assignments.responses.models import Outcome, Response, ResponseVersion
from server.assignments.responses.permissions import MAY_ANSWER
from server.core.errors import NotFound
from server.core.slice import RowsOf
from server.kit.scope import Names, union_names
from server.unions.actor import Actor
from server.unions.people.models import Person
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS


def answers_for(actor: Actor, row: Recipient) -> bool:
    """Whether the actor reviews at the union that was asked, itself."""
    return row.union_id in own_unions(actor)


def own_unions(actor: Actor) -> list[UUID]:
    """The unions for which the actor answers."""
    return actor.union_ids(MAY_ANSWER)


def status_text(row: Any, asked: AssignmentStatus) -> str:
    """How a recipient stands, as its union reads it: what was neither signed nor answered may have ended meanwhile."""
    if row.is_copy:
        return "抄送"
    is_open = row.status in (RecipientStatus.SENT, RecipientStatus.RECEIVED, RecipientStatus.BEGUN)
    return "已结束" if is_open and asked in ENDED else STATUS_NAMES[row.status]


def is_late(row: Recipient, asked_by: datetime | None = None) -> bool:
    """Whether the first answer came after the date: corrections that are asked for make nobody late. `asked_by`: the
    date of whoever reads it, if they asked for it and another passed it on after that."""
    came = row.first_submitted_at
    return came is not None and any(day is not None and came > day for day in (row.due_at, asked_by))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a union was asked, and how far it is with it. `draft` None: nobody began, or it is not theirs to see.
    `start`: what the answer then starts from."""

    row: Recipient
    assignment: Assignment
    kind: AssignmentKind
    form: Definition | None
    draft: Response | None
    named_id: UUID | None
    versions: Sequence[ResponseVersion]
    start: Mapping[str, Any] = field(default_factory=dict)
    names: Names = field(default_factory=dict)
    people: dict[UUID, str] = field(default_factory=dict)

    @property
    def last(self) -> ResponseVersion | None:
        """What was sent last."""
        return self.versions[-1] if self.versions else None

    @property
    def returned(self) -> ResponseVersion | None:
        """What was sent back and is to be corrected now."""
        is_open = self.row.status is RecipientStatus.RETURNED
        return self.last if is_open and self.last is not None and self.last.outcome is Outcome.RETURNED else None

    @property
    def before(self) -> ResponseVersion | None:
        """What was sent last, while another is written: after it was returned, or to correct what was accepted."""
        return self.last if self.row.status in (RecipientStatus.RETURNED, RecipientStatus.BEGUN) else None

    @property
    def remarks(self) -> dict[str, str]:
        """What is to be corrected, by path."""
        return dict(self.returned.remarks) if self.returned is not None else {}

    @property
    def sender(self) -> str:
        return self.names[self.assignment.sender_id].name

    @property
    def unit(self) -> str:
        return self.names[self.row.union_id].name

    @property
    def status_text(self) -> str:
        return status_text(self.row, self.assignment.status)

    @property
    def is_late(self) -> bool:
        """Whether the first answer came after the date."""
        return is_late(self.row)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the day has passed and nothing has come yet."""
        row = self.row
        return row.due_at is not None and row.due_at < now and row.first_submitted_at is None

    def by(self, person_id: UUID | None) -> str:
        """The name of somebody who did something, empty for nobody."""
        return self.people.get(person_id, "") if person_id is not None else ""


@dataclass(frozen=True, slots=True)
class Replacing:
    """What stands in place of a task."""

    recipient_id: UUID
    title: str


def get_task(session: Session, recipient_id: UUID, actor: Actor) -> Task:
    """A task of the actor's own unions, with the draft. Raises NotFound for any other."""
    row = get_recipient(session, recipient_id, actor)
    if not answers_for(actor, row):
        raise NotFound
    found = _describe(session, row, session.get(Response, row.id))
    return found if found.draft is not None else replace(found, start=found.kind.start_answer(session, row))


def get_answer(session: Session, recipient_id: UUID, actor: Actor) -> Task:
    """What a union was asked and what it sent up, for whoever may see that: drafts are the union's own."""
    row = get_recipient(session, recipient_id, actor)
    return _describe(session, row, None)


def _describe(session: Session, row: Recipient, draft: Response | None) -> Task:
    assignment = session.get_one(Assignment, row.assignment_id)
    versions = list_versions(session, row.id)
    named_id = find_named(session, row)
    people = {row.received_by_id, named_id, draft.edited_by_id if draft is not None else None}
    people |= {each.submitted_by_id for each in versions} | {each.decided_by_id for each in versions}
    return Task(
        row=row, assignment=assignment, kind=kind_of(assignment.kind), form=form_for(session, assignment, row),
        draft=draft, named_id=named_id, versions=versions,
        names=union_names(session, {assignment.sender_id, row.union_id}),
        people=_names_of(session, {each for each in people if each is not None}),
    )  # fmt: skip


def _names_of(session: Session, people: Collection[UUID]) -> dict[UUID, str]:
    if not people:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return {row.id: row.name or "" for row in rows}


def find_replacing(session: Session, task: Task) -> Replacing | None:
    """What the union is asked in place of a task that was replaced; None if it is asked nothing any more."""
    if task.assignment.status is not AssignmentStatus.REPLACED:
        return None
    new = find_replacement(session, task.assignment)
    if new is None:
        return None
    row_id = session.scalar(
        select(Recipient.id).where(Recipient.assignment_id == new.id, Recipient.union_id == task.row.union_id)
    )
    return Replacing(row_id, new.title) if row_id is not None else None


def list_versions(session: Session, recipient_id: UUID) -> Sequence[ResponseVersion]:
    """Every answer that a recipient sent, the first one first."""
    return session.scalars(
        select(ResponseVersion).where(ResponseVersion.recipient_id == recipient_id).order_by(ResponseVersion.number)
    ).all()


def get_version(session: Session, recipient_id: UUID, number: int) -> ResponseVersion:
    """That answer of the recipient."""
    those = ResponseVersion.recipient_id == recipient_id, ResponseVersion.number == number
    return session.scalars(select(ResponseVersion).where(*those)).one()


def find_version(session: Session, recipient_id: UUID, key: UUID) -> ResponseVersion | None:
    """The answer of the recipient that was sent with that key."""
    found = session.get(ResponseVersion, key)
    return found if found is not None and found.recipient_id == recipient_id else None


def answers_of(session: Session, recipient_ids: Collection[UUID]) -> dict[UUID, ResponseVersion]:
    """What each of these recipients sent last; those who sent nothing are no key. One statement."""
    if not recipient_ids:
        return {}
    rows = session.scalars(
        select(ResponseVersion).where(ResponseVersion.recipient_id.in_(recipient_ids), is_last(ResponseVersion))
    )
    return {row.recipient_id: row for row in rows}


def is_last(version: type[ResponseVersion]) -> ColumnElement[bool]:
    """Whether a version is the last of its recipient."""
    later = aliased(ResponseVersion)
    newer = select(later.id).where(later.recipient_id == version.recipient_id, later.number > version.number)
    return ~newer.exists()


def may_name(recipient_id: InstrumentedAttribute[UUID]) -> RowsOf:
    """Answers in which somebody may be named: those of their enterprise and of the unions above it."""
    home = aliased(Union)

    def rows(person_id: UUID) -> ColumnElement[bool]:
        enterprise_id = select(Person.enterprise_id).where(Person.id == person_id).scalar_subquery()
        above = (
            Recipient.union_id == select(getattr(home, column)).where(home.id == enterprise_id).scalar_subquery()
            for column in ANCESTOR_COLUMNS
        )
        return recipient_id.in_(select(Recipient.id).where(or_(*above)))

    return rows
