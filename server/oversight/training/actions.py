"""Writes of training that are no moves: planning, inviting, records of people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, Invalid
from server.kit.numbers.actions import take_number
from server.kit.scope import ancestors_of
from server.kit.workflow import StepData, begin
from server.oversight.training import queries
from server.oversight.training.models import (
    SessionStatus,
    SpecialPermit,
    TrainingCard,
    TrainingInvitation,
    TrainingSession,
)
from server.oversight.training.schemas import CardIn, PermitIn, SessionIn
from server.oversight.training.workflow import SESSIONS, fill, require_leader
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.queries import get_union, get_union_in_scope

LETTER = "P"
MOST_INVITED = 300


def plan_session(
    session: Session, organiser_id: UUID, form: SessionIn, *, actor: Actor, now: datetime
) -> TrainingSession:
    """Plan a session of one of the actor's own unions; its own people are asked to come. Raises Forbidden."""
    if queries.leads_for(actor, organiser_id) is None:
        raise Forbidden("您不能以这个工会的名义举办培训。", code="not_the_organiser")
    union = get_union(session, organiser_id)
    row = TrainingSession(
        id=ids.new_id(), status=SessionStatus.PLANNED, version=1, organiser_id=union.id, planned_by_id=actor.person_id,
        created_at=now, updated_at=now, **ancestors_of(union),
    )  # fmt: skip
    fill(row, form)
    row.number = take_number(session, LETTER, now)
    begin(SESSIONS, session, row, actor=actor, now=now, said=StepData(data={"kind": row.kind}))
    if union.level is Level.ENTERPRISE:
        session.add(TrainingInvitation(session_id=row.id, union_id=union.id, starts_at=row.starts_at))
    session.flush()
    return row


def invite(session: Session, session_id: UUID, union_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Ask a union of the actor's subtrees to come, and all below it. Asking twice changes nothing."""
    row = _changing(session, session_id, actor)
    union = get_union_in_scope(session, union_id, actor)
    if union.level is Level.TEAM:
        raise Invalid("请选择企业或者上级工会。", fields={"union": "请选择企业或者上级工会"})
    if session.get(TrainingInvitation, (row.id, union.id)) is not None:
        return
    if len(queries.invited(session, row.id)) >= MOST_INVITED:
        raise Conflict(f"最多请 {MOST_INVITED} 个单位。请多的时候，选它们的上级工会。", code="too_many")
    session.add(TrainingInvitation(session_id=row.id, union_id=union.id, starts_at=row.starts_at))
    session.flush()
    _note(session, "training.invited", row, union, actor, now)


def take_back(session: Session, session_id: UUID, union_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Ask a union no more."""
    row = _changing(session, session_id, actor)
    union = get_union(session, union_id)
    those = delete(TrainingInvitation).where(
        TrainingInvitation.session_id == row.id, TrainingInvitation.union_id == union.id
    )
    if session.execute(those.returning(TrainingInvitation.union_id)).first() is not None:
        _note(session, "training.uninvited", row, union, actor, now)


def _changing(session: Session, session_id: UUID, actor: Actor) -> TrainingSession:
    row = queries.get_session(session, session_id, actor, lock=True)
    require_leader(row, actor)
    if row.status not in (SessionStatus.PLANNED, SessionStatus.NOTIFIED, SessionStatus.RUNNING):
        raise Conflict("培训已经结束，不能再改邀请的单位。", code="not_now")
    return row


def _note(session: Session, action: str, row: TrainingSession, union: object, actor: Actor, now: datetime) -> None:
    record(
        session, action, subject_type="training", subject_id=row.id, actor_id=actor.person_id, at=now,
        detail={"union_id": str(getattr(union, "id", ""))},
    )  # fmt: skip


# --- records of people ------------------------------------------------------------------------------------------------


def note_look(session: Session, person_id: UUID, *, actor: Actor, now: datetime, form: str = "page") -> None:
    """Put on record that somebody opened another's record."""
    record(
        session, "training.record_viewed", subject_type="person", subject_id=person_id, actor_id=actor.person_id,
        at=now, detail={"form": form},
    )  # fmt: skip


def save_card(session: Session, person_id: UUID, form: CardIn, *, actor: Actor, now: datetime) -> None:
    """Keep what a record says beside where they were; an ID number that is left empty stays. Raises NotFound,
    Conflict."""
    person = queries.get_trainee(session, person_id, actor)
    card = session.get(TrainingCard, person.id, with_for_update=True, populate_existing=True)
    if (card.version if card is not None else 0) != form.version:
        raise Conflict
    if card is None:
        card = TrainingCard(person_id=person.id, version=0)
        session.add(card)
    card.version += 1
    card.sex, card.employment = form.sex or None, form.employment or None
    card.entered_on, card.post = form.entered_on or None, form.post
    card.id_number = form.id_number.upper() or card.id_number
    card.updated_by_id, card.updated_at = actor.person_id, now
    session.flush()
    record(
        session, "training.card_saved", subject_type="person", subject_id=person.id, actor_id=actor.person_id, at=now
    )


def add_permit(session: Session, person_id: UUID, form: PermitIn, *, actor: Actor, now: datetime) -> None:
    """Note a special-operation certificate. Raises NotFound, Conflict for one that is there, Invalid."""
    person = queries.get_trainee(session, person_id, actor)
    if form.review_on and form.review_on <= form.issued_on:
        raise Invalid(fields={"review_on": "复审日期要在领证之后"})
    known = {(each.kind, each.number) for each in queries.list_permits(session, person.id)}
    if (form.kind, form.number) in known:
        raise Conflict("这本证已经登记了。", code="known_already")
    permit = SpecialPermit(
        id=ids.new_id(), person_id=person.id, kind=form.kind, number=form.number, issued_on=form.issued_on,
        review_on=form.review_on or None, recorded_by_id=actor.person_id, recorded_at=now,
    )  # fmt: skip
    session.add(permit)
    session.flush()
    record(
        session, "training.permit_added", subject_type="person", subject_id=person.id, actor_id=actor.person_id, at=now
    )
