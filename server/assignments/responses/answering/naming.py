"""Who answers for a union: whoever it named, as long as they review there; else each of its reviewers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Recipient
from server.assignments.dispatch.rules import answerers
from server.unions.people.models import Person
from server.unions.people.queries import list_reviewers

NAMELESS = "未填姓名"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may be named."""

    id: UUID
    name: str


def find_named(session: Session, row: Recipient) -> UUID | None:
    """Who alone answers. Asked each time, so that somebody who left their post, or was stopped, holds nothing up."""
    if row.named_id is None or row.named_id not in list_reviewers(session, row.union_id):
        return None
    return row.named_id


def list_answerers(session: Session, row: Recipient) -> Sequence[UUID]:
    """Everybody who may answer."""
    return answerers(row.named_id, list_reviewers(session, row.union_id))


def list_colleagues(session: Session, row: Recipient) -> Sequence[Colleague]:
    """The reviewers of the union that was asked, by name."""
    people = list_reviewers(session, row.union_id)
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)).order_by(Person.name, Person.id))
    return [Colleague(each.id, each.name or NAMELESS) for each in rows]
