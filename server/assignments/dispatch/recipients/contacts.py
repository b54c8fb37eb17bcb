"""Whom to call at a union that owes something: the safety officer of an enterprise, else somebody who reviews there."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import REVIEWERS
from server.unions.tree.models import Union


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call, with the whole number: whoever shows it puts that on record."""

    name: str
    post: str
    phone: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.phone)))


def contacts_of(session: Session, union_ids: Collection[UUID]) -> dict[UUID, Contact]:
    """Whom to call at each of these unions; unions without anybody are left out. Two statements, none for no union."""
    if not union_ids:
        return {}
    reviewers = session.execute(
        select(RoleAssignment.union_id, Person.name, Person.phone)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.union_id.in_(union_ids), RoleAssignment.role.in_(REVIEWERS), Person.is_active.is_(True),
            Person.phone.is_not(None),
        )
        .order_by(RoleAssignment.granted_at.desc(), Person.id)
    )  # fmt: skip
    found = {row.union_id: Contact(row.name or "未填姓名", "审核员", row.phone) for row in reviewers}
    officers = session.execute(
        select(Union.id, Union.safety_officer_name, Union.safety_officer_phone).where(
            Union.id.in_(union_ids), Union.safety_officer_phone.is_not(None), Union.safety_officer_phone != ""
        )
    )
    for union_id, name, phone in officers:
        found[union_id] = Contact(name or "未填姓名", "安全负责人", phone or "")
    return found
