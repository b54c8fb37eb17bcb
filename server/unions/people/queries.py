"""Reads of people."""

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, bindparam, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from server.core.errors import NotFound
from server.core.prepared import Prepared
from server.core.text import fold
from server.unions.accounts.models import Account
from server.unions.actor import Actor, in_scope
from server.unions.people.models import (
    OtherWorkplace,
    Person,
    PersonNameGram,
    RoleAssignment,
    WechatIdentity,
    WechatUnion,
)
from server.unions.people.ports import OPEN_TASKS, UNREAD
from server.unions.people.rules import Post, mask_phone
from server.unions.people.schemas import EnterpriseRef, Me
from server.unions.roles import CONSOLE, REVIEWERS, Role
from server.unions.tree.models import Union
from server.unions.tree.queries import area_text, find_area_texts, said_name
from server.unions.tree.rules import is_small


def get_person(session: Session, person_id: UUID) -> Person:
    """The person with that id. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("没有找到这个人。", code="person_not_found")
    return person


def find_person_by_wechat(session: Session, app_id: str, openid: str) -> Person | None:
    """The person whom this WeChat application knows by `openid`."""
    return session.scalar(
        select(Person)
        .join(WechatIdentity, WechatIdentity.person_id == Person.id)
        .where(WechatIdentity.app_id == app_id, WechatIdentity.openid == openid)
    )


def find_person_by_unionid(session: Session, unionid: str) -> Person | None:
    """The person whom WeChat knows by `unionid`, in whichever application of ours they were first seen with it."""
    return session.scalar(
        select(Person).join(WechatUnion, WechatUnion.person_id == Person.id).where(WechatUnion.unionid == unionid)
    )


COMMON = 6_000
"""Names from which on a list is walked and each of them read, see review/search."""


def named(text: str) -> Select[Any]:
    """The ids of the people whose name holds `text` anywhere, however it is spelled; nobody's where nothing is left.

    Found by its first and last two characters in the index of name parts, never by reading the names of all.
    """
    key = fold(text)
    parts = ["".join(pair) for pair in pairwise(key)] or [key]
    found = select(PersonNameGram.person_id).where(PersonNameGram.gram == parts[0] if key else false())
    if len(parts) > 1:
        last, person = aliased(PersonNameGram), aliased(Person)
        found = (
            found.join(last, (last.person_id == PersonNameGram.person_id) & (last.gram == parts[-1]))
            .join(person, person.id == PersonNameGram.person_id)
            .where(person.name_key.contains(key, autoescape=True))
        )
    return found


def is_common(session: Session, text: str) -> bool:
    """Whether so many names hold `text` that whoever looks for it comes upon a page of them sooner than on all."""
    key = fold(text)
    if not key:
        return False
    some = select(PersonNameGram.person_id).where(PersonNameGram.gram == key[:2]).limit(COMMON + 1)
    return session.scalar(select(func.count()).select_from(some.subquery())) == COMMON + 1


def is_named(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """The same of one row, for names that are common."""
    return column.contains(fold(text), autoescape=True)


def list_reviewers(session: Session, union_id: UUID, *, but: UUID | None = None) -> list[UUID]:
    """The active people who review at the union itself, without `but`."""
    reviewers = (
        select(RoleAssignment.person_id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.union_id == union_id,
            RoleAssignment.role.in_(REVIEWERS),
            Person.is_active.is_(True),
        )
        .distinct()
    )
    return [person_id for person_id in session.scalars(reviewers) if person_id != but]


def reviewers_of(session: Session, union_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The active people who review at each of the unions itself. One statement."""
    rows = session.execute(
        select(RoleAssignment.union_id, RoleAssignment.person_id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.union_id.in_(union_ids),
            RoleAssignment.role.in_(REVIEWERS),
            Person.is_active.is_(True),
        )
        .distinct()
    )
    found: dict[UUID, list[UUID]] = {}
    for union_id, person_id in rows:
        found.setdefault(union_id, []).append(person_id)
    return found


def enterprise_ref(session: Session, union: Union) -> EnterpriseRef:
    """An enterprise as its people see it."""
    return enterprise_refs(session, [union])[0]


def enterprise_refs(session: Session, unions: Sequence[Union]) -> list[EnterpriseRef]:
    """Enterprises as their people see them."""
    areas = find_area_texts(session, unions)
    return [
        EnterpriseRef(id=each.id, name=each.name, area=areas[each.id], is_small=is_small(each.headcount, each.size))
        for each in unions
    ]


def list_other_workplaces(
    session: Session, person_id: UUID, within: ColumnElement[bool] | None = None
) -> Sequence[Union]:
    """Where somebody says that they work too, by name; `within`: only of these unions."""
    found = _OTHER_WORKPLACES if within is None else _OTHER_WORKPLACES.where(within)
    return session.scalars(found, {"asker_id": person_id}).all()


_OTHER_WORKPLACES = (
    select(Union)
    .join(OtherWorkplace, OtherWorkplace.enterprise_id == Union.id)
    .where(OtherWorkplace.person_id == bindparam("asker_id"), Union.is_active.is_(True))
    .order_by(Union.name, Union.id)
)


def describe_me(session: Session, person: Person) -> Me:
    """A person as they see themselves."""
    session.flush()
    return describe_own(session, person.id)


def describe_own(session: Session, person_id: UUID) -> Me:
    """What a phone asks first: who one is, where one belongs, how much waits. Raises NotFound."""
    rows = _OWN.execute(session.connection(), {"asker_id": person_id})
    if not rows:
        raise NotFound("没有找到这个人。", code="person_not_found")
    [(name, phone, enterprise_id, at, headcount, size, district, town, works_elsewhere)] = rows
    enterprise = None
    if enterprise_id is not None:
        area = area_text(district, town)
        enterprise = EnterpriseRef(id=enterprise_id, name=at, area=area, is_small=is_small(headcount, size))
    return Me(
        id=person_id,
        name=name,
        phone=mask_phone(phone),
        enterprise=enterprise,
        also_at=enterprise_refs(session, list_other_workplaces(session, person_id)) if works_elsewhere else [],
        unread=sum(count_unread(session, person_id) for count_unread in UNREAD.answers),
        open_tasks=next((count_tasks(session, person_id) for count_tasks in OPEN_TASKS.answers), None),
    )


_PEOPLE, _UNIONS = cast(Table, Person.__table__), cast(Table, Union.__table__)
_ELSEWHERE = cast(Table, OtherWorkplace.__table__).c
_DISTRICTS, _TOWNS = _UNIONS.alias("districts"), _UNIONS.alias("towns")
_OWN = Prepared(
    select(
        _PEOPLE.c.name,
        _PEOPLE.c.phone,
        _UNIONS.c.id,
        _UNIONS.c.name,
        _UNIONS.c.headcount,
        _UNIONS.c.size,
        said_name(_DISTRICTS.c),
        said_name(_TOWNS.c),
        exists().where(_ELSEWHERE.person_id == _PEOPLE.c.id),
    )
    .select_from(
        _PEOPLE.outerjoin(_UNIONS, _UNIONS.c.id == _PEOPLE.c.enterprise_id)
        .outerjoin(_DISTRICTS, _DISTRICTS.c.id == _UNIONS.c.district_id)
        .outerjoin(_TOWNS, _TOWNS.c.id == _UNIONS.c.town_id)
    )
    .where(_PEOPLE.c.id == bindparam("asker_id"))
)


# --- for the console, within the caller's scope -----------------------------------------------------------------------


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
