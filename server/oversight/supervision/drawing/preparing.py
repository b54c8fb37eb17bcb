"""Before a draw: its terms, what is said of single enterprises, who does not go where. All of it is frozen later."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.choosing.statements import require_within
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, NotFound
from server.kit.scope import ancestors_of
from server.kit.workflow import StepData, begin
from server.oversight.supervision.drawing.steps import SUPERVISION_DRAWS, get_draw
from server.oversight.supervision.models import (
    Draw,
    DrawNote,
    DrawStatus,
    NoteKind,
    PlanMember,
    PlanStatus,
    Recusal,
)
from server.oversight.supervision.queries import get_plan, leads
from server.oversight.supervision.schemas import DrawTerms, NoteIn, RecusalIn
from server.oversight.supervision.texts import NOTE_NAMES
from server.oversight.supervision.units.choosing import find_enterprise_of
from server.unions.actor import Actor
from server.unions.tree.models import Union

MOST_NOTES = 2000


def prepare_draw(session: Session, plan_id: UUID, terms: DrawTerms, *, actor: Actor, now: datetime) -> Draw:
    """Begin a draw. Raises NotFound, Forbidden, Conflict once the plan is over, Invalid for a rule out of reach."""
    plan = get_plan(session, plan_id, actor)
    if not leads(actor, plan.union_id):
        raise Forbidden("由制定计划的工会来抽取。")
    if plan.status in (PlanStatus.CLOSED, PlanStatus.CANCELLED):
        raise Conflict("计划已经结束。", code="plan_over")
    union = session.get_one(Union, plan.union_id)
    require_within(session, terms.rule, union)
    draw = Draw(
        id=ids.new_id(), plan_id=plan.id, union_id=plan.union_id, status=DrawStatus.PREPARING, version=1,
        terms=terms.model_dump(mode="json"), due_on=terms.due_on, created_at=now, **ancestors_of(union),
    )  # fmt: skip
    return begin(SUPERVISION_DRAWS, session, draw, actor=actor, now=now, said=StepData())


def _preparing(session: Session, draw_id: UUID, actor: Actor) -> Draw:
    draw = get_draw(session, draw_id, actor, lock=True)
    if not leads(actor, draw.union_id):
        raise Forbidden("由制定计划的工会来抽取。")
    if draw.status is not DrawStatus.PREPARING:
        raise Conflict("名单已经定下，不能再改。", code="frozen_already")
    return draw


def note_enterprise(session: Session, draw_id: UUID, form: NoteIn, *, actor: Actor, now: datetime) -> None:
    """Leave an enterprise out, or let it weigh more, and why. The same said again takes the place of what it said."""
    draw = _preparing(session, draw_id, actor)
    plan = get_plan(session, draw.plan_id, actor)
    enterprise = find_enterprise_of(session, plan, form.union, actor)
    key = {"draw_id": draw.id, "union_id": enterprise.id, "kind": form.kind}
    kept = session.get(DrawNote, key)
    if kept is None:
        counted = select(func.count()).select_from(DrawNote).where(DrawNote.draw_id == draw.id)
        if (session.scalar(counted) or 0) >= MOST_NOTES:
            raise Conflict("单独说明的企业太多了，请改抽取的范围。", code="too_many_notes")
        kept = DrawNote(**key)
        session.add(kept)
    kept.reason = form.reason
    session.flush()
    _record(session, "supervision_draw.noted", draw, actor, now, form.kind, enterprise.id)


def forget_note(
    session: Session, draw_id: UUID, union_id: UUID, kind: NoteKind, *, actor: Actor, now: datetime
) -> None:  # fmt: skip
    """Say it no more. Raises NotFound if it was not said."""
    draw = _preparing(session, draw_id, actor)
    kept = session.get(DrawNote, {"draw_id": draw.id, "union_id": union_id, "kind": kind})
    if kept is None:
        raise NotFound
    session.delete(kept)
    session.flush()
    _record(session, "supervision_draw.note_forgotten", draw, actor, now, kind, union_id)


def recuse(session: Session, draw_id: UUID, form: RecusalIn, *, actor: Actor, now: datetime) -> None:
    """Somebody does not go to an enterprise. It holds for every draw of the plan."""
    draw = _preparing(session, draw_id, actor)
    plan = get_plan(session, draw.plan_id, actor)
    enterprise, member = find_enterprise_of(session, plan, form.union, actor), session.get(PlanMember, form.member)
    if member is None or member.plan_id != plan.id:
        raise NotFound
    key = {"plan_id": plan.id, "member_id": member.id, "union_id": enterprise.id}
    kept = session.get(Recusal, key)
    if kept is None:
        kept = Recusal(**key)
        session.add(kept)
    kept.reason = form.reason
    session.flush()
    record(
        session, "supervision_draw.recused", subject_type="supervision_draw", subject_id=draw.id,
        actor_id=actor.person_id, at=now, detail={"union_id": str(enterprise.id)},
    )  # fmt: skip


def list_said(session: Session, draw: Draw) -> tuple[Sequence[DrawNote], Sequence[Recusal]]:
    """What is said of single enterprises, and who does not go where."""
    notes = select(DrawNote).where(DrawNote.draw_id == draw.id).order_by(DrawNote.union_id, DrawNote.kind)
    recusals = select(Recusal).where(Recusal.plan_id == draw.plan_id).order_by(Recusal.union_id, Recusal.member_id)
    return session.scalars(notes).all(), session.scalars(recusals).all()


def _record(
    session: Session, action: str, draw: Draw, actor: Actor, now: datetime, kind: NoteKind, union_id: UUID
) -> None:
    record(
        session, action, subject_type="supervision_draw", subject_id=draw.id, actor_id=actor.person_id, at=now,
        detail={"part": NOTE_NAMES[kind], "union_id": str(union_id)},
    )  # fmt: skip
