"""Reads of assignments and of those who were asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.assignments.dispatch.choosing.statements import conditions_for, is_copied, named_by, rule_of
from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.assignments.dispatch.permissions import MAY_READ, MAY_SEND
from server.assignments.dispatch.rules import owing
from server.assignments.forms.queries import find_frozen
from server.assignments.forms.schemas import Definition
from server.core.errors import NotFound
from server.unions.actor import SCOPE_COLUMNS, Actor, RoleAt, in_scope
from server.unions.roles import CONSOLE, Level
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS, RANK

LATEST = 50
"""Of what the page of a kind begins with."""


def sending_roles(actor: Actor) -> tuple[RoleAt, ...]:
    """The roles in whose union's name the actor may send things down."""
    return tuple(role_at for role_at in actor.roles if role_at.role in MAY_SEND)


def sends_for(actor: Actor, union_id: UUID) -> bool:
    """Whether the actor sends in the name of that union."""
    return any(role_at.union_id == union_id for role_at in sending_roles(actor))


# --- assignments ------------------------------------------------------------------------------------------------------


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """Assignments that unions of the actor's subtrees sent; drafts to their own sender alone."""
    own = [role_at.union_id for role_at in sending_roles(actor)]
    return and_(
        or_(in_scope(actor, Assignment, MAY_READ), Assignment.sender_id.in_(own)),
        or_(Assignment.status != AssignmentStatus.DRAFT, Assignment.sender_id.in_(own)),
    )


def get_assignment(session: Session, assignment_id: UUID, actor: Actor | None, *, lock: bool = False) -> Assignment:
    """An assignment, for its sender's reviewers and those above the sender. Raises NotFound for others."""
    statement = select(Assignment).where(Assignment.id == assignment_id).execution_options(populate_existing=lock)
    if actor is not None:
        statement = statement.where(is_visible(actor))
    found = session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFound
    return found


def may_open(session: Session, assignment_id: UUID, actor: Actor) -> bool:
    """Whether the actor sees an assignment itself, as its sender or from above; whoever is asked sees their row."""
    wanted = select(Assignment.id).where(Assignment.id == assignment_id, is_visible(actor))
    return session.scalar(wanted) is not None


def list_originals(session: Session, assignment: Assignment) -> list[Assignment]:
    """What an assignment passes on, the nearest first: empty for one that begins it all."""
    originals: list[Assignment] = []
    current = assignment
    while current.id != current.root_id:
        above = session.scalar(
            select(Assignment)
            .join(Recipient, Recipient.assignment_id == Assignment.id)
            .where(Recipient.passed_on_id == current.id)
        )
        if above is None:
            break
        originals.append(above)
        current = above
    return originals


def find_source(session: Session, assignment_id: UUID) -> Recipient | None:
    """The row by which a union was asked for what it passes on by that assignment."""
    wanted = select(Recipient).where(Recipient.passed_on_id == assignment_id)
    return session.scalar(wanted.execution_options(populate_existing=True))


def hold_source(session: Session, assignment_id: UUID) -> None:
    """Hold the row that a draft passes on, or the one that it replaces does. It is held before the draft: whoever
    withdraws the row holds it first, too."""
    replaced = select(Assignment.replaces_id).where(Assignment.id == assignment_id).scalar_subquery()
    session.execute(
        select(Recipient.id)
        .where(or_(Recipient.passed_on_id == assignment_id, Recipient.passed_on_id == replaced))
        .with_for_update()
    ).all()


def find_replacement(session: Session, assignment: Assignment) -> Assignment | None:
    """What was sent in place of an assignment."""
    return session.scalar(
        select(Assignment).where(
            Assignment.replaces_id == assignment.id, Assignment.status != AssignmentStatus.DRAFT
        )
    )  # fmt: skip


def list_latest(session: Session, kind: str, those: ColumnElement[bool]) -> Sequence[Assignment]:
    """The latest of a kind that were sent, LATEST at most; the list of assignments has all of them."""
    sent = Assignment.kind == kind, Assignment.status != AssignmentStatus.DRAFT
    return session.scalars(select(Assignment).where(*sent, those).order_by(Assignment.id.desc()).limit(LATEST)).all()


def asks_within(actor: Actor) -> ColumnElement[bool]:
    """Whether an assignment, or what passes it on, asks unions of the actor's subtrees."""
    asked = select(Recipient.id).where(Recipient.root_id == Assignment.root_id, in_scope(actor, Recipient, CONSOLE))
    return asked.exists()


def get_sent(session: Session, assignment_id: UUID, actor: Actor, kinds: Collection[str]) -> Assignment:
    """One of these kinds that was sent: for its sender, those above it, and those whom it asks, with all above them.
    Raises NotFound."""
    sent = Assignment.id == assignment_id, Assignment.kind.in_(kinds), Assignment.status != AssignmentStatus.DRAFT
    found = session.scalar(select(Assignment).where(*sent, or_(is_visible(actor), asks_within(actor))))
    if found is None:
        raise NotFound
    return found


def get_open(session: Session, assignment_id: UUID, actor: Actor, kind: str) -> Assignment:
    """One of a kind: for its sender and those above, and for those to whose own unions it came, or the root of it,
    passed on as it may be. Raises NotFound."""
    came = exists().where(
        Recipient.root_id == Assignment.root_id,
        Recipient.union_id.in_(actor.union_ids()),
        Recipient.status != RecipientStatus.WITHDRAWN,
    )
    seen = or_(is_visible(actor), and_(Assignment.status != AssignmentStatus.DRAFT, came))
    found = session.scalar(select(Assignment).where(Assignment.id == assignment_id, Assignment.kind == kind, seen))
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Overseen:
    """An assignment whose sums and answers the actor may read. `between`: their posts at unions between the sender and
    those whom it asks, who read of their own subtrees alone; none for its sender and those above, who read all."""

    assignment: Assignment
    between: tuple[RoleAt, ...] = ()

    def narrow(self) -> list[ColumnElement[bool]]:
        """Of the rows below its sender, those that the actor may read."""
        below = [_lies_below(post) for post in self.between]
        return [or_(*below)] if below else []


def get_overseen(session: Session, assignment_id: UUID, actor: Actor) -> Overseen:
    """An assignment to add up: for its sender, those above, and those between it and unions that it, or what passes it
    on, asks for a reply. Raises NotFound for others: nobody counts who has read what wants no reply."""
    found = session.scalar(select(Assignment).where(Assignment.id == assignment_id, is_visible(actor)))
    if found is not None:
        return Overseen(found)
    found = session.scalar(
        select(Assignment).where(
            Assignment.id == assignment_id, Assignment.status != AssignmentStatus.DRAFT, Assignment.wants_reply
        )
    )  # fmt: skip
    between = _posts_between(session, found, actor) if found is not None else ()
    if found is None or not between:
        raise NotFound
    return Overseen(found, between)


def _posts_between(session: Session, assignment: Assignment, actor: Actor) -> tuple[RoleAt, ...]:
    """The actor's posts at unions below the sender, below which others are asked."""
    sender = session.get_one(Union, assignment.sender_id)
    return tuple(
        post
        for post in actor.roles
        if post.role in MAY_READ
        and RANK[post.level] > RANK[sender.level]
        and getattr(session.get_one(Union, post.union_id), SCOPE_COLUMNS[sender.level]) == sender.id
        and session.scalar(select(_asked_below(post, assignment.root_id)))
    )


def _asked_below(post: RoleAt, root_id: UUID | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether unions below that of a post are asked by a root, itself left out."""
    rows = select(Recipient.id).where(
        Recipient.root_id == root_id,
        _lies_below(post),
        Recipient.union_id != post.union_id,
        Recipient.is_copy.is_(False),
        Recipient.status != RecipientStatus.WITHDRAWN,
    )
    return rows.exists()


def _lies_below(post: RoleAt) -> ColumnElement[bool]:
    lies: ColumnElement[bool] = getattr(Recipient, SCOPE_COLUMNS[post.level]) == post.union_id
    return lies


def is_overseen(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Whether an assignment was sent from above past a union of the actor's, to others below it, for a reply."""
    past = [
        and_(Assignment.sender_id.in_(unions_above(session, [post.union_id])), _asked_below(post, Assignment.root_id))
        for post in actor.roles
        if post.role in MAY_READ
    ]
    return and_(Assignment.status != AssignmentStatus.DRAFT, Assignment.wants_reply, or_(false(), *past))


def unions_above(session: Session, union_ids: Collection[UUID]) -> list[UUID]:
    """The unions above these, without themselves."""
    columns = (getattr(Union, each) for each in ANCESTOR_COLUMNS)
    rows = session.execute(select(*columns).where(Union.id.in_(union_ids)))
    return sorted({each for row in rows for each in row if each is not None} - set(union_ids))


# --- recipients -------------------------------------------------------------------------------------------------------


def is_recipient_visible(actor: Actor) -> ColumnElement[bool]:
    """Rows of the actor's subtrees, and of what unions of these sent, wherever its recipients lie by now."""
    sent = select(Assignment.id).where(Assignment.id == Recipient.assignment_id, is_visible(actor))
    return or_(in_scope(actor, Recipient, CONSOLE), sent.exists())


def get_recipient(session: Session, recipient_id: UUID, actor: Actor | None, *, lock: bool = False) -> Recipient:
    """A row, for the union's own reviewers, those above it, and the sender with those above. Raises NotFound."""
    statement = select(Recipient).where(Recipient.id == recipient_id).execution_options(populate_existing=lock)
    if actor is not None:
        statement = statement.where(is_recipient_visible(actor))
    found = session.scalar(statement.with_for_update(of=Recipient) if lock else statement)
    if found is None:
        raise NotFound
    return found


def names_of_recipients(session: Session, recipient_ids: Collection[UUID]) -> dict[UUID, str]:
    """What the unions are called that were asked, by the id of their row."""
    rows = session.execute(
        select(Recipient.id, Union.name)
        .join(Union, Union.id == Recipient.union_id)
        .where(Recipient.id.in_(recipient_ids))
    )
    return {row.id: row.name for row in rows}


def form_for(session: Session, assignment: Assignment, recipient: Recipient) -> Definition | None:
    """What a recipient is asked: the frozen form, the part of it that the kind says concerns them."""
    definition = find_frozen(session, assignment.form_version_id)
    return kind_of(assignment.kind).narrow(session, assignment, recipient, definition) if definition else None


def is_missing(assignment: Assignment) -> ColumnElement[bool]:
    """Whether a recipient still owes what the assignment asks."""
    states = owing(wants_receipt=assignment.wants_receipt, wants_reply=assignment.wants_reply)
    return and_(Recipient.status.in_(states), Recipient.is_copy.is_(False)) if states else false()


def count_by_status(session: Session, assignment_id: UUID) -> Mapping[RecipientStatus, int]:
    """How many unions that were asked are in which state; copies are not counted."""
    rows = session.execute(
        select(Recipient.status, func.count())
        .where(Recipient.assignment_id == assignment_id, Recipient.is_copy.is_(False))
        .group_by(Recipient.status)
    )
    counted: dict[RecipientStatus, int] = {row[0]: row[1] for row in rows.all()}
    return {status: counted.get(status, 0) for status in RecipientStatus}


def count_unsigned(session: Session, assignment_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many unions have not signed for each of these."""
    rows = session.execute(
        select(Recipient.assignment_id, func.count())
        .where(
            Recipient.assignment_id.in_(assignment_ids), Recipient.status == RecipientStatus.SENT,
            Recipient.is_copy.is_(False),
        )
        .group_by(Recipient.assignment_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


# --- before sending ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """How many unions a draft would go to: by level, and copies."""

    by_level: Mapping[Level, int]
    copies: int

    @property
    def asked(self) -> int:
        return sum(self.by_level.values())

    @property
    def total(self) -> int:
        return self.asked + self.copies


def count_recipients(session: Session, draft: Assignment) -> Counted:
    """How many unions a draft would go to if it were sent now."""
    copied = is_copied(session, rule_of(draft)).label("copied")
    rows = session.execute(
        select(Union.level, copied, func.count()).where(*conditions_for(session, draft)).group_by(Union.level, copied)
    ).all()
    by_level = {level: sum(row[2] for row in rows if row.level is level and not row.copied) for level in Level}
    return Counted({level: count for level, count in by_level.items() if count}, sum(r[2] for r in rows if r.copied))


def list_left_out(session: Session, draft: Assignment, limit: int = 20) -> Sequence[str]:
    """Names of unions that the rule names and that got the same root already, for those who pass something on."""
    sender = session.get_one(Union, draft.sender_id)
    got_it = select(Recipient.union_id).where(
        Recipient.root_id == draft.root_id, Recipient.status != RecipientStatus.WITHDRAWN
    )
    named = named_by(session, rule_of(draft), sender)
    return session.scalars(select(Union.name).where(*named, Union.id.in_(got_it)).limit(limit)).all()
