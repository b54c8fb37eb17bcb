"""Objections of units to their scores, and the answers. One that is upheld gives the item another value, and the whole
run is scored anew by a job: ranks may change."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.notifications.inbox.actions import deliver
from server.oversight.assessment.messages import objection_answered, objection_raised
from server.oversight.assessment.models import AssessedUnit, Assessment, AssessmentStatus, Objection, Stage
from server.oversight.assessment.queries import assesses_for, is_own, scheme_of
from server.oversight.assessment.running.marking import hold_unit, new_mark, read_value
from server.oversight.assessment.running.rescoring import ask_to_rescore
from server.oversight.assessment.schemas import AnswerIn, ObjectionIn
from server.oversight.assessment.schemes.editing import item_of
from server.unions.actor import Actor

OPEN_TO = (AssessmentStatus.OBJECTIONS, AssessmentStatus.PUBLISHED)


def may_object(run: Assessment, unit: AssessedUnit, actor: Actor, now: datetime) -> bool:
    """Whether the actor may object for the unit now."""
    until = run.published_until if run.status is AssessmentStatus.PUBLISHED else run.objections_until
    return is_own(actor, unit) and run.status in OPEN_TO and until is not None and day_of(now) <= until


def object_to(session: Session, unit_id: UUID, body: ObjectionIn, *, actor: Actor, now: datetime) -> Objection:
    """Say what a unit does not agree with. Raises Forbidden for others, Conflict too early or too late."""
    unit, run = hold_unit(session, unit_id, actor)
    if not is_own(actor, unit):
        raise Forbidden("由被考核的单位提出。")
    if not may_object(run, unit, actor, now):
        raise Conflict("现在不是提异议的时候。", code="not_now")
    item_of(scheme_of(session, run), body.item)
    objection = Objection(
        id=ids.new_id(), unit_id=unit.id, item=body.item, words=body.words, raised_by_id=actor.person_id, raised_at=now
    )
    session.add(objection)
    session.flush()
    _record(session, "assessment.objected", objection, actor, now)
    deliver(session, objection_raised(session, run, unit, objection), now=now)
    return objection


def answer_objection(
    session: Session, objection_id: UUID, body: AnswerIn, *, actor: Actor, now: datetime
) -> Objection:  # fmt: skip
    """Uphold it with the value that is right, or not, with the reason. Raises Conflict if it was answered."""
    unit_id = session.scalar(select(Objection.unit_id).where(Objection.id == objection_id))
    if unit_id is None:
        raise NotFound
    unit, run = hold_unit(session, unit_id, actor)
    objection = session.get_one(Objection, objection_id, with_for_update=True, populate_existing=True)
    if not assesses_for(actor, run):
        raise Forbidden("由开展考核的工会答复。")
    if is_own(actor, unit) or actor.is_own(objection.raised_by_id):
        raise Forbidden("这是您自己单位提的，请别的同事答复。", code="own_unit")
    if objection.answered_at is not None or run.status not in OPEN_TO:
        raise Conflict("这条异议已经答复了，请刷新后再看。", code="answered_already")
    if body.is_upheld:
        item = item_of(scheme_of(session, run), objection.item)
        try:
            value = read_value(item, body.value)
        except Invalid as error:
            raise Invalid("采纳的，请写明改成多少。", fields={"value": error.message}) from error
        session.add(
            new_mark(unit, item.key, Stage.OBJECTION, value, body.answer, is_applicable=True, actor=actor, now=now)
        )
        unit.version += 1
    objection.is_upheld, objection.answer = body.is_upheld, body.answer
    objection.answered_by_id, objection.answered_at = actor.person_id, now
    session.flush()
    if body.is_upheld:
        ask_to_rescore(session, run, now)
    _record(session, "assessment.answered", objection, actor, now)
    deliver(session, objection_answered(session, run, unit, objection), now=now)
    return objection


def _record(session: Session, action: str, objection: Objection, actor: Actor, now: datetime) -> None:
    detail = {"unit": str(objection.unit_id), "is_upheld": objection.is_upheld}
    record(
        session, action, subject_type="assessment_objection", subject_id=objection.id, actor_id=actor.person_id,
        at=now, detail=detail,
    )  # fmt: skip
