"""States and moves of a draw: prepared, frozen with its hash in public, drawn when two people have read the public
value, shown."""

import secrets
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.kit.calling_off import ask, keep
from server.kit.draws.algorithm import hash_seed, hash_terms
from server.kit.draws.entering import check_same_value, enter, misspelt, refuse_same_person, take_back
from server.kit.draws.weighted import draw as draw_places
from server.kit.draws.weighted import find_faults
from server.kit.workflow import Move, MoveContext, Party, Step, StepData, Workflow
from server.notifications.inbox.actions import deliver_all
from server.oversight.supervision import messages
from server.oversight.supervision.drawing.cancelling import CALLING_OFF, cancel
from server.oversight.supervision.drawing.frame import build_frame
from server.oversight.supervision.models import (
    KNOWABLE,
    Draw,
    DrawMove,
    DrawStatus,
    Origin,
    Plan,
    PlanMode,
    PlanStatus,
    PlanUnit,
)
from server.oversight.supervision.permissions import MAY_LEAD
from server.oversight.supervision.queries import OPEN, get_plan, leads
from server.oversight.supervision.units.choosing import unit_of_place
from server.unions.actor import Actor

S, M = DrawStatus, DrawMove
Context = MoveContext[Draw]


def get_draw(session: Session, draw_id: UUID, actor: Actor | None, *, lock: bool = False) -> Draw:
    """A draw of a plan that the actor may see. Raises NotFound."""
    draw = session.get(Draw, draw_id, with_for_update=lock, populate_existing=lock)
    if draw is None:
        raise NotFound("没有找到这次抽取。", code="draw_not_found")
    get_plan(session, draw.plan_id, actor)
    return draw


def _lock(session: Session, draw_id: UUID, actor: Actor | None) -> Draw:
    """The plan first, as whatever changes it does."""
    plan_id = session.scalar(select(Draw.plan_id).where(Draw.id == draw_id))
    if plan_id is None:
        raise NotFound("没有找到这次抽取。", code="draw_not_found")
    get_plan(session, plan_id, actor, lock=True)
    return get_draw(session, draw_id, actor, lock=True)


def _refuse_others(context: Context) -> AppError | None:
    is_theirs = context.actor is not None and leads(context.actor, context.row.union_id)
    return None if is_theirs else Forbidden("由制定计划的工会来抽取。")


LEADER = Party("leader", _refuse_others, lambda context: context.row.union_id)


def _refuse_strangers(context: Context) -> AppError | None:
    is_over = context.actor is not None and context.actor.holds_over(context.row, MAY_LEAD)
    return None if is_over else Forbidden("由制定计划的工会或者上级工会来定。")


SECOND = Party("second", _refuse_strangers, lambda context: context.row.union_id)
"""The same union, or one above it."""


def _plan(context: Context) -> Plan:
    return context.session.get_one(Plan, context.row.plan_id)


def _write_terms(context: Context) -> StepData:
    context.row.terms = context.form.terms.model_dump(mode="json")
    context.row.due_on = context.form.terms.due_on
    return StepData()


def _refuse_freezing(context: Context) -> AppError | None:
    if _plan(context).status not in OPEN:
        return Conflict("计划发布以后才能定抽取的名单。", code="not_published")
    if context.row.due_on <= day_of(context.now):
        return Conflict("公开数值的日子已经到了，请改成以后的日子：名单要先定下来。", code="value_too_early")
    return None


def _freeze(context: Context) -> StepData:
    """A fresh seed, sealed; its hash and everything else into the frame; the frame's hash is what is published."""
    draw, seed = context.row, secrets.token_hex(32)
    frame = build_frame(context.session, _plan(context), draw, hash_seed(seed), context.now)
    if faults := find_faults(frame):
        raise Invalid("".join(faults), code="cannot_draw")
    draw.frame, draw.frame_hash, draw.seed = frame, hash_terms(frame), seed
    draw.frozen_at, draw.frozen_by_id = context.now, context.actor_id
    return StepData(data={"frame_hash": draw.frame_hash, "listed": len(frame["units"])})


def _refuse_early(context: Context) -> AppError | None:
    if day_of(context.now) < context.row.due_on:
        return Conflict(f"公开数值 {context.row.due_on} 才公布，到那天再录入。", code="value_too_early")
    return None


def _check_value(context: Context) -> AppError | None:
    return misspelt(context.row.frame["public_value_form"], context.form.value)


def _draw(context: Context) -> StepData:
    draw, value = context.row, cast(str, context.row.value)
    places = draw_places(draw.frame, cast(str, draw.frame_hash), cast(str, draw.seed), value)
    draw.places = [
        {"stratum": each.stratum, "place": each.place, "unit": each.unit, "is_reserve": each.is_reserve,
         "inspectors": list(each.inspectors)}
        for each in places
    ]  # fmt: skip
    draw.drawn_at, draw.drawn_by_id = context.now, context.actor_id
    return StepData(data={"value": value, "drawn": sum(not each.is_reserve for each in places)})


def _go_there(context: Context, _step: Step) -> None:
    """Those who were drawn become enterprises of the plan."""
    draw, session = context.row, context.session
    for place in draw.places:
        if not place["is_reserve"]:
            unit_of_place(session, draw.plan_id, draw.id, place, Origin.DRAWN, context.now)
    session.flush()


def _tell_drawn(context: Context, step: Step) -> None:
    """Those who were drawn to go; not by WeChat what enterprise it is."""
    session, draw = context.session, context.row
    units = session.scalars(
        select(PlanUnit.id).where(PlanUnit.draw_id == draw.id, PlanUnit.origin == Origin.DRAWN)
    ).all()  # fmt: skip
    deliver_all(session, messages.drawn(session, _plan(context), draw.id, units, step.actor_id), now=step.at)


def _refuse_publishing(context: Context) -> AppError | None:
    plan = _plan(context)
    if plan.mode is PlanMode.UNANNOUNCED and plan.status is not PlanStatus.CLOSED:
        return Conflict("四不两直不能提前让企业知道，计划结束以后再公示。", code="too_early")
    return None


def _publish(context: Context) -> StepData:
    context.row.published_at = context.now
    return StepData()


SUPERVISION_DRAWS: Workflow[Draw] = Workflow(
    subject="supervision_draw",
    statuses=DrawStatus,
    lock=_lock,
    moves=(
        Move(name=M.PREPARE, party=LEADER, before=(), after=S.PREPARING, label="准备抽取", audit="准备督导抽取"),
        Move(
            name=M.EDIT, party=LEADER, before=(S.PREPARING,), label="保存", audit="改督导抽取的规则",
            effect=_write_terms, done="已保存。",
        ),
        Move(
            name=M.FREEZE, party=LEADER, before=(S.PREPARING,), after=S.FROZEN, label="定下名单，公布校验值",
            audit="定督导抽取的名单",
            asks="名单、权重、层数和检查人员都定下来，不能再改；校验值马上公开。确定吗？",
            guard=_refuse_freezing, effect=_freeze,
            done="名单已定下。请把校验值抄下来，最好也发在工会的公告里。",
        ),
        Move(
            name=M.ENTER_VALUE, party=LEADER, before=(S.FROZEN,), after=S.VALUED, label="录入公开数值",
            audit="录入督导抽取的公开数值", guard=_refuse_early, check=_check_value, effect=enter,
            done="已录入。请本会另一位审核员或上级工会对照公告核对，核对一致就抽取。",
        ),
        Move(
            name=M.REJECT_VALUE, party=SECOND, before=(S.VALUED,), after=S.FROZEN, label="录错了，退回重录",
            audit="退回督导抽取的公开数值", effect=take_back, done="已退回，请重新录入。",
        ),
        Move(
            name=M.DRAW, party=SECOND, before=(S.VALUED,), after=S.DRAWN, label="核对一致，抽取",
            audit="督导抽取", asks="抽取以后不能重来。确定数值和公告一致吗？",
            guard=refuse_same_person, check=check_same_value, effect=_draw, follow_up=_go_there,
            tell=_tell_drawn,
            done="已抽取，抽中的企业已经在计划里。",
        ),
        Move(
            name=M.PUBLISH, party=LEADER, before=(S.DRAWN,), after=S.PUBLISHED, label="公示结果",
            audit="公示督导抽取结果", asks="公示后谁都能看到抽中了哪些企业。确定公示吗？",
            guard=_refuse_publishing, effect=_publish, done="结果已公示。",
        ),
        Move(
            name=M.ASK_CANCEL, party=LEADER, before=KNOWABLE, label="申请作废",
            audit="申请作废督导抽取", guard=CALLING_OFF.refuse_asking, effect=ask,
            done="已申请，要由本会另一位审核员或上级工会同意。",
        ),
        Move(
            name=M.KEEP, party=SECOND, before=KNOWABLE, label="不作废",
            audit="不同意作废督导抽取", guard=CALLING_OFF.refuse_unasked, effect=keep,
            done="这次抽取照旧有效。",
        ),
        Move(
            name=M.CANCEL, party=SECOND, before=(S.PREPARING, *KNOWABLE), after=S.CANCELLED,
            label="作废", audit="作废督导抽取", guard=CALLING_OFF.refuse, effect=cancel,
            done="已作废，原因和这次抽取都留在页面上。",
        ),
    ),
)  # fmt: skip
