"""Reads of people for the console, within the caller's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.unions.accounts.models import Account
from server.unions.actor import Actor, in_scope
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import CONSOLE, Role
from server.unions.tree.models import Union


@dataclass(frozen=True, slots=True)
class Post:
    """A role that a person holds, and the union it is held at."""

    id: UUID
    role: Role
    union: Union


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
