"""Complaining."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of
from server.core.errors import Conflict
from server.kit.published import Published
from server.kit.scope import ancestors_of
from server.kit.workflow import StepData, begin
from server.publicity.complaints.models import Complainant, Complaint, ComplaintStatus
from server.publicity.complaints.schemas import ComplaintIn
from server.publicity.complaints.workflow import COMPLAINTS, published_as
from server.unions.actor import Actor
from server.unions.tree.models import Union


def complain(
    session: Session, subject: str, subject_id: UUID, form: ComplaintIn, *, actor: Actor, now: datetime
) -> Published:
    """Say what is wrong with something that the actor sees. Safe to repeat. Raises NotFound for what they do not see,
    Conflict `decided` if the union has decided already on what they said."""
    published = published_as(subject)
    union_id = published.answering_union(session, subject_id, actor)
    _queue_up(session, union_id)
    complainant = _find_complainant(session, subject, subject_id, actor)
    if complainant is None:
        complaint = _find_open(session, subject, subject_id) or _begin(session, subject, subject_id, union_id, now)
        complainant = Complainant(
            id=ids.new_id_of_day(now), complaint_id=complaint.id, person_id=actor.person_id, made_on=day_of(now)
        )
        session.add(complainant)
    complainant.reason, complainant.words = form.reason, form.words
    session.flush()
    return published


def _queue_up(session: Session, union_id: UUID) -> None:
    """One complaint at a time per union: two at once would open two cases of one thing."""
    session.execute(select(Union.id).where(Union.id == union_id).with_for_update(key_share=True))


def _find_complainant(session: Session, subject: str, subject_id: UUID, actor: Actor) -> Complainant | None:
    """The actor, if they complain already. Once it is decided that it stays, it is not said again and again."""
    row = session.execute(
        select(Complainant, Complaint.status)
        .join(Complaint, Complaint.id == Complainant.complaint_id)
        .where(
            Complaint.subject == subject, Complaint.subject_id == subject_id, Complainant.person_id == actor.person_id,
            Complaint.status != ComplaintStatus.TAKEN_DOWN,
        )
        .order_by(Complaint.status == ComplaintStatus.KEPT)
    ).first()  # fmt: skip
    if row is not None and row.status is ComplaintStatus.KEPT:
        raise Conflict("你举报过，工会已经答复了，答复在“消息”里。", code="decided")
    return row.Complainant if row is not None else None


def _find_open(session: Session, subject: str, subject_id: UUID) -> Complaint | None:
    about = (Complaint.subject == subject, Complaint.subject_id == subject_id)
    return session.scalar(select(Complaint).where(*about, Complaint.status == ComplaintStatus.OPEN).with_for_update())


def _begin(session: Session, subject: str, subject_id: UUID, union_id: UUID, now: datetime) -> Complaint:
    """By nobody: the log does not tell who complains."""
    complaint = Complaint(
        id=ids.new_id_of_day(now), subject=subject, subject_id=subject_id, union_id=union_id,
        status=ComplaintStatus.OPEN, version=1, made_on=day_of(now),
        **ancestors_of(session.get_one(Union, union_id)),
    )  # fmt: skip
    return begin(COMPLAINTS, session, complaint, actor=None, now=now, said=StepData())
