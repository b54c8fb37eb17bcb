"""The plan of a visit as the console's page posts it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from server.assignments.forms.models import FormRecord
from server.assignments.forms.queries import in_reach
from server.oversight.visits.models import Visit
from server.oversight.visits.permissions import MAY_LEAD
from server.oversight.visits.queries import list_members
from server.unions.actor import Actor
from server.unions.people.models import Person
from server.unions.people.queries import list_reviewers

SIMPLE = ("mode", "occasion", "planned_from", "planned_to", "basis", "team_name")
MOST_FORMS = 100


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may go."""

    id: UUID
    name: str


def list_colleagues(session: Session, actor: Actor, visit: Visit | None = None) -> Sequence[Colleague]:
    """The reviewers of the actor's own unions, and who is of the team already."""
    wanted: set[UUID] = set()
    for union_id in {each.union_id for each in actor.roles if each.role in MAY_LEAD}:
        wanted |= set(list_reviewers(session, union_id))
    if visit is not None:
        wanted |= {each.person_id for each in list_members(session, visit.id) if each.person_id is not None}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)).order_by(Person.name, Person.id))
    return [Colleague(row.id, row.name or "") for row in rows]


def list_forms(session: Session, actor: Actor) -> Sequence[tuple[str, str]]:
    """Forms that may be the checklist, the latest first: value and words of a select."""
    those = (
        select(FormRecord.id, FormRecord.title)
        .where(in_reach(actor), FormRecord.is_active.is_(True), FormRecord.field_count > 0)
        .order_by(FormRecord.id.desc())
        .limit(MOST_FORMS)
    )
    return [("", "不用检查表"), *((str(row.id), row.title) for row in session.execute(those))]


def read_plan(posted: MultiDict[str, str]) -> dict[str, Any]:
    """What was posted, as `schemas.PlanIn` takes it but for the form."""
    chosen, leader = posted.getlist("people"), posted.get("leader", "")
    if leader and leader not in chosen:
        chosen = [leader, *chosen]
    team: list[dict[str, Any]] = [{"person_id": each, "is_leader": each == leader} for each in chosen]
    team += [{"words": line.strip()} for line in posted.get("others", "").split("\n") if line.strip()]
    return {**{name: posted.get(name, "") for name in SIMPLE}, "team": team}


def shown_plan(session: Session, visit: Visit) -> Mapping[str, Any]:
    """A plan as it is kept, as the page shows it."""
    members = list_members(session, visit.id)
    return {
        **{name: getattr(visit, name) for name in SIMPLE},
        "people": [str(each.person_id) for each in members if each.person_id is not None],
        "leader": next((str(each.person_id) for each in members if each.is_leader), ""),
        "others": "\n".join(each.words for each in members if each.person_id is None),
    }
