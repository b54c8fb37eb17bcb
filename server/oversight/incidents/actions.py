"""Noting down, and striking what was noted by mistake. Whom it is about does not do it: a union above does."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.kit.scope import ancestors_of
from server.oversight.incidents.models import Incident
from server.oversight.incidents.permissions import MAY_NOTE, MAY_READ
from server.oversight.incidents.schemas import IncidentIn, StrikeIn
from server.unions.actor import Actor, in_scope
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope
from server.unions.tree.rules import OWN_COLUMN, RANK


def note_incident(session: Session, form: IncidentIn, *, actor: Actor, now: datetime) -> Incident:
    """Note a fact of a union below. Raises NotFound out of scope, Forbidden for one's own union, Invalid for a day to
    come, Conflict for one that is known."""
    union = get_union_in_scope(session, form.union, actor)
    if union.level is Level.TEAM:
        raise NotFound
    _refuse_own(union, actor)
    if form.happened_on > day_of(now):
        raise Invalid(fields={"happened_on": "不能晚于今天"})
    said = form.model_dump(exclude={"union"})
    incident = Incident(
        id=ids.new_id(), union_id=union.id, noted_by_id=actor.person_id, noted_at=now, **said, **ancestors_of(union)
    )
    try:
        with session.begin_nested():
            session.add(incident)
            session.flush()
    except IntegrityError as error:  # uq_incidents_once
        raise Conflict("这一条已经登记过了。", code="known_already") from error
    _record(session, "incident.noted", incident, actor, now, {"incident_kind": incident.kind, "union": union.name})
    return incident


def strike_incident(session: Session, incident_id: UUID, form: StrikeIn, *, actor: Actor, now: datetime) -> None:
    """It was a mistake. Raises NotFound, Forbidden as `note_incident`, Conflict if it was struck."""
    incident = session.scalar(
        select(Incident).where(Incident.id == incident_id, in_scope(actor, Incident, MAY_READ)).with_for_update()
    )
    if incident is None:
        raise NotFound
    _refuse_own(session.get_one(Union, incident.union_id), actor)
    if incident.struck_at is not None:
        raise Conflict("这一条已经作废了，请刷新后再看。", code="struck_already")
    incident.struck_by_id, incident.struck_at, incident.struck_reason = actor.person_id, now, form.reason
    session.flush()
    _record(session, "incident.struck", incident, actor, now, {"reason": form.reason})


def _refuse_own(union: Union, actor: Actor) -> None:
    """Whoever is assessed by it does not write it."""
    above = [
        role for role in actor.roles
        if role.role in MAY_NOTE and RANK[role.level] < RANK[union.level]
        and getattr(union, OWN_COLUMN[role.level]) == role.union_id
    ]  # fmt: skip
    if not above:
        raise Forbidden("由上级工会登记。", code="own_unit")


def _record(
    session: Session, action: str, incident: Incident, actor: Actor, now: datetime, detail: dict[str, object]
) -> None:  # fmt: skip
    record(
        session, action, subject_type="incident", subject_id=incident.id, actor_id=actor.person_id, at=now,
        detail=detail,
    )  # fmt: skip
