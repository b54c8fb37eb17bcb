"""Handing a finding to the authority (移送): of a major hazard, or where the enterprise does not put it right. A union
asks it to deal with the matter by law (工会法 第二十四条); the rectification goes on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import day_of, in_shanghai
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.kit.documents.actions import issue_document, next_number
from server.kit.documents.texts import number_text
from server.notifications.inbox.actions import deliver_all
from server.oversight.visits import messages
from server.oversight.visits.findings.settling import find_sent, is_grave
from server.oversight.visits.models import HandoverCause, Visit, VisitFinding, VisitHandover
from server.oversight.visits.papers import handover
from server.oversight.visits.queries import get_finding, get_visit, leading_role
from server.oversight.visits.schemas import HandoverAnswerIn, HandOverIn
from server.oversight.visits.texts import SAY_INSTEAD, find_orders
from server.review.rectification.models import Rectification
from server.review.rectification.workflow import RUNNING
from server.unions.actor import Actor


def hand_over(session: Session, finding_id: UUID, form: HandOverIn, *, actor: Actor, now: datetime) -> UUID:
    """Hand it over; its paper is frozen now. Returns the visit's id. Raises NotFound, Forbidden, Conflict, Invalid."""
    finding, visit = find_sent(session, finding_id, actor)
    _require_leading(actor, visit)
    _require_possible(session, finding, form)
    row = VisitHandover(
        id=ids.new_id(), finding_id=finding.id, cause=form.cause, department=form.department, words=form.words,
        number="", handed_by_id=actor.person_id, handed_at=now,
    )  # fmt: skip
    words = handover.words_of(session, visit, finding, row)
    year = in_shanghai(now).year
    running = next_number(session, "visit.handover", issuer_id=visit.organizer_id, year=year)
    row.number = number_text(form.mark, "督移", year, running)
    session.add(row)
    issue_document(
        session, handover.HANDOVER, owner_id=row.id, issuer_id=visit.organizer_id, number=row.number, words=words,
        actor=actor, now=now,
    )  # fmt: skip
    session.flush()
    record(
        session, "visit.handed_over", subject_type="visit_finding", subject_id=finding.id, actor_id=actor.person_id,
        at=now, detail={"number": row.number, "cause": form.cause},
    )  # fmt: skip
    deliver_all(session, messages.handed_over(session, visit, finding, actor.person_id), now=now)
    return visit.id


def _require_leading(actor: Actor, visit: Visit) -> None:
    if leading_role(actor, visit) is None:
        raise Forbidden("由组织这次督导的工会移送。", code="not_the_organizer")


def _require_possible(session: Session, finding: VisitFinding, form: HandOverIn) -> None:
    if session.scalar(select(VisitHandover.id).where(VisitHandover.finding_id == finding.id)) is not None:
        raise Conflict("这一项已经移送过了。", code="handed_over_already")
    status = session.scalar(
        select(Rectification.status)
        .where(Rectification.submission_id == finding.submission_id)
        .order_by(Rectification.id.desc())
        .limit(1)
    )
    if status not in RUNNING:
        raise Conflict("这一项还没有转成整改，或者已经销号，不用移送。", code="not_running")
    if form.cause is HandoverCause.MAJOR and not is_grave(finding):
        raise Invalid(fields={"cause": "这一项不是重大隐患，也没有疑似重大"})
    if orders := find_orders((form.words,)):
        raise Invalid(fields={"words": f"“{'、'.join(orders)}”不能写进工会的函。{SAY_INSTEAD}"})


def note_answer(session: Session, handover_id: UUID, form: HandoverAnswerIn, *, actor: Actor, now: datetime) -> UUID:
    """Note what the authority said, or correct it. Returns the visit's id. Raises NotFound, Forbidden, Invalid."""
    row = get_handover(session, handover_id, actor, lock=True)
    finding = session.get_one(VisitFinding, row.finding_id)
    _require_leading(actor, get_visit(session, finding.visit_id, actor))
    if not day_of(row.handed_at) <= form.answered_on <= day_of(now):
        raise Invalid(fields={"answered_on": "请选移送以后、今天以前的日子"})
    row.answer, row.answered_on, row.answered_by_id = form.answer, form.answered_on, actor.person_id
    session.flush()
    record(
        session, "visit.handover_answered", subject_type="visit_finding", subject_id=finding.id,
        actor_id=actor.person_id, at=now, detail={"number": row.number},
    )  # fmt: skip
    return finding.visit_id


def get_handover(session: Session, handover_id: UUID, actor: Actor, *, lock: bool = False) -> VisitHandover:
    """A handover of a visit that the actor sees whole. Raises NotFound."""
    row = session.get(VisitHandover, handover_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise NotFound
    get_finding(session, row.finding_id, actor)
    return row
