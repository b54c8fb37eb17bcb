"""Reads of people."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.unions.people.models import Person, RoleAssignment, WechatIdentity, WechatUnion
from server.unions.people.ports import UNREAD
from server.unions.people.rules import mask_phone
from server.unions.people.schemas import EnterpriseRef, Me
from server.unions.roles import REVIEWERS
from server.unions.tree.queries import find_area_text, get_union


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


def describe_me(session: Session, person: Person) -> Me:
    """A person as they see themselves."""
    enterprise = None
    if person.enterprise_id is not None:
        union = get_union(session, person.enterprise_id)
        enterprise = EnterpriseRef(id=union.id, name=union.name, area=find_area_text(session, union))
    return Me(
        id=person.id,
        name=person.name,
        phone=mask_phone(person.phone),
        enterprise=enterprise,
        unread=sum(count_unread(session, person.id) for count_unread in UNREAD.answers),
    )
