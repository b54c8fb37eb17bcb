"""Reads of people for the console, within the caller's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.text import fold
from server.core.web import cursors
from server.unions.accounts.actions import normalise_username
from server.unions.accounts.models import Account
from server.unions.actor import Actor, in_scope
from server.unions.people.models import Person, PhoneSource, RoleAssignment
from server.unions.people.permissions import PERMISSIONS
from server.unions.people.rules import mask_phone
from server.unions.people.schemas import PersonFilter
from server.unions.roles import CONSOLE, ROLE_LEVEL, Role
from server.unions.tree.models import Union
from server.unions.tree.rules import OWN_COLUMN

PAGE = 50


@dataclass(frozen=True, slots=True)
class Post:
    """A role that a person holds, and the union it is held at."""

    id: UUID
    role: Role
    union: Union


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list. The phone number is masked; `is_typed`: they wrote it themselves, nobody has checked it."""

    id: UUID
    name: str | None
    phone: str | None
    is_typed: bool
    enterprise: str | None
    username: str | None
    is_active: bool
    posts: Sequence[Post]


@dataclass(frozen=True, slots=True)
class PersonRows:
    """A page of people, the newest first."""

    items: list[PersonRow]
    next: str | None


def people_in_scope(actor: Actor, roles: frozenset[Role] = CONSOLE) -> ColumnElement[bool]:
    """People of the subtrees where the actor holds one of `roles`: bound there, or holding a role there.

    To an administrator everybody, those who are bound nowhere too.
    """
    if Role.ADMIN in roles and actor.holds(Role.ADMIN):
        return true()
    return _people_of(in_scope(actor, Union, roles))


def _people_of(unions: ColumnElement[bool]) -> ColumnElement[bool]:
    holders = select(RoleAssignment.person_id).join(Union, Union.id == RoleAssignment.union_id).where(unions)
    return or_(Person.enterprise_id.in_(select(Union.id).where(unions)), Person.id.in_(holders))


def is_in_scope(session: Session, person_id: UUID, actor: Actor, roles: frozenset[Role]) -> bool:
    """Whether the actor may know of the person by one of `roles`."""
    return session.scalar(select(Person.id).where(Person.id == person_id, people_in_scope(actor, roles))) is not None


def get_person_in_scope(session: Session, person_id: UUID, actor: Actor, roles: frozenset[Role] = CONSOLE) -> Person:
    """The person with that id if the actor may know of them by one of `roles`. Raises NotFound otherwise."""
    person = session.scalar(select(Person).where(Person.id == person_id, people_in_scope(actor, roles)))
    if person is None:
        raise NotFound("没有找到这个人，或者不在您的管理范围内。", code="person_not_found")
    return person


def list_people(session: Session, actor: Actor, wanted: PersonFilter, union: Union | None) -> PersonRows:
    """People in the actor's scope, the newest first; by a whole number where the actor may read numbers."""
    conditions = [people_in_scope(actor), *_conditions(wanted, actor)]
    if union is not None:
        inside = (
            getattr(Union, OWN_COLUMN[union.level]) == union.id if union.level in OWN_COLUMN else Union.id == union.id
        )
        conditions.append(_people_of(inside))
    if wanted.after:
        (last_id,) = cursors.decode(wanted.after, UUID)
        conditions.append(Person.id < last_id)
    found = session.execute(
        select(Person, Union.name, Account.username)
        .outerjoin(Union, Union.id == Person.enterprise_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(*conditions)
        .order_by(Person.id.desc())
        .limit(PAGE + 1)
    ).all()
    shown = found[:PAGE]
    posts = list_posts(session, [person.id for person, _, _ in shown])
    rows = [
        PersonRow(
            person.id,
            person.name,
            mask_phone(person.phone),
            person.phone is not None and person.phone_source is PhoneSource.TYPED,
            enterprise,
            username,
            person.is_active,
            posts.get(person.id, []),
        )
        for person, enterprise, username in shown
    ]
    return PersonRows(rows, cursors.encode(rows[-1].id) if len(found) > PAGE else None)


def _conditions(wanted: PersonFilter, actor: Actor) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Person.is_active.is_(not wanted.inactive)]
    if wanted.q:
        named = select(Account.person_id).where(Account.username == normalise_username(wanted.q))
        found = [Person.name_key.contains(fold(wanted.q), autoescape=True), Person.id.in_(named)]
        if wanted.number is not None:
            found.append((Person.phone == wanted.number) & people_in_scope(actor, PERMISSIONS["person.read_private"]))
        conditions.append(or_(*found))
    if wanted.role is not None:
        if wanted.role is Role.WORKER:
            conditions.append(Person.enterprise_id.is_not(None))
        else:
            conditions.append(Person.id.in_(select(RoleAssignment.person_id).where(RoleAssignment.role == wanted.role)))
    return conditions


def list_posts(session: Session, people: Sequence[UUID]) -> dict[UUID, list[Post]]:
    """The roles of several people, by person."""
    posts: dict[UUID, list[Post]] = {}
    rows = session.execute(
        select(RoleAssignment.person_id, RoleAssignment.id, RoleAssignment.role, Union)
        .join(Union, Union.id == RoleAssignment.union_id)
        .where(RoleAssignment.person_id.in_(people))
        .order_by(RoleAssignment.granted_at)
    )
    for person_id, post_id, role, union in rows:
        posts.setdefault(person_id, []).append(Post(post_id, role, union))
    return posts


def count_other_admins(session: Session, person_id: UUID) -> int:
    """Administrators besides `person_id` who can sign in. Their role rows stay locked for the transaction."""
    locked = session.scalars(
        select(RoleAssignment).where(RoleAssignment.role == Role.ADMIN).order_by(RoleAssignment.id).with_for_update()
    ).all()
    others = {row.person_id for row in locked} - {person_id}
    return (
        session.scalar(
            select(func.count())
            .select_from(Person)
            .join(Account, Account.person_id == Person.id)
            .where(Person.id.in_(others), Person.is_active.is_(True))
        )
        or 0
    )


def search_posts_unions(session: Session, actor: Actor, role: Role, q: str) -> list[Union]:
    """Unions in the actor's scope at which `role` can be held, by name; the first fifty."""
    conditions: list[ColumnElement[bool]] = [
        Union.level == ROLE_LEVEL[role],
        Union.is_active.is_(True),
        in_scope(actor, Union, CONSOLE),
    ]
    if q:
        conditions.append(Union.name_key.contains(fold(q), autoescape=True))
    return list(
        session.scalars(select(Union).where(*conditions).order_by(func.length(Union.name), Union.name).limit(50))
    )
