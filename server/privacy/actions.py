"""Writes that people make about their data: asking for a copy, asking to be forgotten, thinking better of it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict
from server.core.jobs.actions import enqueue
from server.privacy.models import DataExport, Erasure, ExportState
from server.privacy.queries import find_refusal
from server.unions.actor import Actor
from server.unions.people.models import Person

GRACE = timedelta(days=7)
EXPORT_JOB, ERASE_JOB = "privacy.make_export", "privacy.erase_person"


def request_export(session: Session, *, actor: Actor, now: datetime) -> tuple[DataExport, bool]:
    """Have a copy made; True if it is new. One that is being made or still holds is returned again."""
    _take_turns(session, actor.person_id)
    known = session.scalar(select(DataExport).where(DataExport.person_id == actor.person_id))
    if known is not None and (known.expires_at is None or known.expires_at > now):
        return known, False
    if known is not None:
        session.execute(delete(DataExport).where(DataExport.id == known.id))
    export = DataExport(id=ids.new_id(), person_id=actor.person_id, state=ExportState.MAKING, requested_at=now)
    session.add(export)
    session.flush()
    enqueue(session, EXPORT_JOB, export_id=export.id)
    _record(session, "own_data.export_requested", actor.person_id, now)
    return export, True


def request_erasure(session: Session, *, actor: Actor, now: datetime) -> tuple[Erasure, bool]:
    """Have the account deleted after the days of grace; True if it is new. Raises Conflict with why it cannot be."""
    _take_turns(session, actor.person_id)
    known = session.scalar(select(Erasure).where(Erasure.person_id == actor.person_id))
    if known is not None:
        return known, False
    refusal = find_refusal(session, actor.person_id)
    if refusal is not None:
        raise Conflict(refusal, code="cannot_erase")
    erasure = Erasure(id=ids.new_id(), person_id=actor.person_id, requested_at=now, due_at=now + GRACE)
    session.add(erasure)
    session.flush()
    enqueue(session, ERASE_JOB, run_at=erasure.due_at, erasure_id=erasure.id)
    _record(session, "own_data.erasure_requested", actor.person_id, now)
    return erasure, True


def cancel_erasure(session: Session, *, actor: Actor, now: datetime) -> None:
    """Stay after all. Nothing happens if nothing was asked for."""
    _take_turns(session, actor.person_id)
    gone = session.execute(
        delete(Erasure).where(Erasure.person_id == actor.person_id, Erasure.done_at.is_(None)).returning(Erasure.id)
    ).one_or_none()
    if gone is not None:
        _record(session, "own_data.erasure_cancelled", actor.person_id, now)


def _take_turns(session: Session, person_id: UUID) -> None:
    """Two phones of one person, one after the other."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def _record(session: Session, action: str, person_id: UUID, now: datetime) -> None:
    record(session, action, subject_type="person", subject_id=person_id, actor_id=person_id, at=now)
