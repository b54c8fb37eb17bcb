"""What stands on the pages of a union and of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.slice import declared
from server.core.web.access import find_actor
from server.kit.panels import ShownPanel, read_panels
from server.unions.actor import Actor
from server.unions.people.models import Person, RoleAssignment
from server.unions.people.queries import get_person_in_scope
from server.unions.people.rules import mask_phone
from server.unions.roles import REVIEWERS
from server.unions.tree.models import Union
from server.unions.tree.queries import find_area_text, get_union, get_union_in_scope
from server.unions.tree.rules import LEVEL_NAMES

REVIEWERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to turn to: a reviewer of the union, or whoever is responsible for safety there. Numbers are masked."""

    name: str
    what: str
    phone: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class UnionPage:
    """A union, whom to turn to, and the panels that its viewer may see."""

    id: UUID
    name: str
    level_name: str
    area: str
    industry: str
    headcount: int | None
    address: str
    is_active: bool
    contacts: Sequence[Contact]
    panels: Sequence[ShownPanel]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person, and the panels that their viewer may see."""

    id: UUID
    name: str
    enterprise_id: UUID | None
    enterprise_name: str
    panels: Sequence[ShownPanel]


def describe_union(session: Session, union_id: UUID, actor: Actor, now: datetime) -> UnionPage:
    """Raises NotFound outside of the actor's scope."""
    union = get_union_in_scope(session, union_id, actor)
    return UnionPage(
        id=union.id,
        name=union.name,
        level_name=LEVEL_NAMES[union.level],
        area=find_area_text(session, union),
        industry=union.industry or "",
        headcount=union.headcount,
        address=union.address or "",
        is_active=union.is_active,
        contacts=_contacts(session, union),
        panels=read_panels(declared().union_panels, session, _whole_actor(), union, now),
    )


def describe_person(session: Session, person_id: UUID, actor: Actor, now: datetime) -> PersonPage:
    """Raises NotFound outside of the actor's scope."""
    person = get_person_in_scope(session, person_id, actor)
    enterprise = get_union(session, person.enterprise_id) if person.enterprise_id else None
    return PersonPage(
        id=person.id,
        name=person.name or "未填姓名",
        enterprise_id=person.enterprise_id,
        enterprise_name=enterprise.name if enterprise else "",
        panels=read_panels(declared().person_panels, session, _whole_actor(), person, now),
    )


def _whole_actor() -> Actor:
    """The caller with all of their roles: each panel takes those that carry its own permission."""
    return cast(Actor, find_actor())


def _contacts(session: Session, union: Union) -> list[Contact]:
    reviewers = session.execute(
        select(Person.id, Person.name, Person.phone)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(RoleAssignment.union_id == union.id, RoleAssignment.role.in_(REVIEWERS), Person.is_active.is_(True))
        .order_by(Person.id)
        .limit(REVIEWERS_SHOWN)
    ).all()
    contacts = [
        Contact(each.name or "未填姓名", "审核员", mask_phone(each.phone) or "", f"/console/people/{each.id}")
        for each in reviewers
    ]
    if union.safety_officer_name:
        contacts.insert(
            0, Contact(union.safety_officer_name, "安全负责人", mask_phone(union.safety_officer_phone) or "")
        )
    return contacts
