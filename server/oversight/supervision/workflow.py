"""States and moves of a plan. Once it is published, whatever changes in it has a reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.forms.actions import freeze_form
from server.assignments.forms.queries import get_form
from server.core import ids
from server.core.errors import AppError, Conflict, Forbidden, Invalid
from server.core.messages import PersonalMessage
from server.kit.workflow import Move, MoveContext, Party, Step, StepData, Workflow, perform
from server.notifications.inbox.actions import deliver_all
from server.oversight.supervision import messages
from server.oversight.supervision.models import Draw, DrawStatus, Plan, PlanChange, PlanMove, PlanStatus, PlanUnit
from server.oversight.supervision.queries import OPEN, get_plan, leads
from server.unions.actor import Actor

S, M = PlanStatus, PlanMove
Context = MoveContext[Plan]


@dataclass(frozen=True, slots=True)
class Change:
    """Something of a plan that changes: what, in words, and how it is written. `version` where the page had one.
    `tell`: what people hear of it, once the plan is published."""

    what: str
    reason: str
    write: Callable[[Context], object]
    version: int | None = None
    tell: Callable[[Context], Iterable[PersonalMessage]] | None = None


def _lock(session: Session, plan_id: UUID, actor: Actor | None) -> Plan:
    return get_plan(session, plan_id, actor, lock=True)


def _refuse_others(context: Context) -> AppError | None:
    is_theirs = context.actor is not None and leads(context.actor, context.row.union_id)
    return None if is_theirs else Forbidden("计划由制定它的工会来改。")


LEADER = Party("leader", _refuse_others, lambda context: context.row.union_id)


def _refuse_unexplained(context: Context) -> AppError | None:
    return None if context.form.reason else Invalid(fields={"reason": "计划已经发布，改动要写明原因"})


def _write(context: Context) -> StepData:
    change = cast(Change, context.form)
    change.write(context)
    if context.row.status is not S.DRAFT:
        _keep(context, change.what, change.reason)
    return StepData(data={"part": change.what})


def _keep(context: Context, what: str, reason: str) -> None:
    context.session.add(
        PlanChange(
            id=ids.new_id(), plan_id=context.row.id, what=what, reason=reason, changed_by_id=context.actor_id,
            at=context.now,
        )
    )  # fmt: skip


def _tell_change(context: Context, step: Step) -> None:
    change = cast(Change, context.form)
    if change.tell is not None:
        deliver_all(context.session, change.tell(context), now=step.at)


def _tell_published(context: Context, step: Step) -> None:
    deliver_all(context.session, messages.published(context.session, context.row, step.actor_id), now=step.at)


def _tell_called_off(context: Context, step: Step) -> None:
    """Those who were told of it; of a draft nobody was."""
    if context.row.published_at is not None:
        told = messages.called_off(context.session, context.row, step.actor_id)
        deliver_all(context.session, told, now=step.at)


def _freeze_checklist(context: Context) -> StepData:
    """Those who are visited are all judged by the same checklist."""
    plan = context.row
    if plan.form_id is not None and context.actor is not None:
        form = get_form(context.session, plan.form_id, context.actor)
        plan.form_version_id = freeze_form(context.session, form, actor=context.actor, now=context.now).id
    plan.published_at = context.now
    return StepData()


def _refuse_closing(context: Context) -> AppError | None:
    waiting = (
        select(PlanUnit.id)
        .where(PlanUnit.plan_id == context.row.id, PlanUnit.opened_at.is_(None), PlanUnit.dropped_at.is_(None))
        .limit(1)
    )
    if context.session.scalar(waiting) is not None:
        return Conflict("还有企业没有安排督导。不去的，请先写明原因去掉。", code="units_left")
    return _refuse_while_promised(context)


def _keep_reason(context: Context) -> StepData:
    _keep(context, "取消计划", context.form.reason)
    return StepData()


def _refuse_while_promised(context: Context) -> AppError | None:
    """What is promised in public is drawn, or called off in public."""
    if _has_draw(context, DrawStatus.FROZEN, DrawStatus.VALUED):
        return Conflict("抽取的名单已经公布，请先抽取，或者写明原因作废那次抽取。", code="draw_open")
    return None


def _refuse_dropping_a_result(context: Context) -> AppError | None:
    """Who was drawn is not thrown away together with the plan, by one person: that takes two, at the draw."""
    if _has_draw(context, DrawStatus.DRAWN, DrawStatus.PUBLISHED):
        words = "已经公开抽取了企业，不能一个人取消计划。请先在抽取页申请作废，由另一位同意；安排了督导的，请结束计划。"
        return Conflict(words, code="drawn_already")
    return _refuse_while_promised(context)


def _has_draw(context: Context, *statuses: DrawStatus) -> bool:
    those = select(Draw.id).where(Draw.plan_id == context.row.id, Draw.status.in_(statuses)).limit(1)
    return context.session.scalar(those) is not None


PLANS: Workflow[Plan] = Workflow(
    subject="supervision_plan",
    statuses=PlanStatus,
    lock=_lock,
    moves=(
        Move(name=M.DRAFT, party=LEADER, before=(), after=S.DRAFT, label="起草", audit="起草督导计划"),
        Move(
            name=M.EDIT, party=LEADER, before=(S.DRAFT,), label="改", audit="改督导计划草稿", effect=_write,
            done="已保存。",
        ),
        Move(
            name=M.PUBLISH, party=LEADER, before=(S.DRAFT,), after=S.PUBLISHED, label="发布", audit="发布督导计划",
            asks="发布后计划里的改动都要写明原因，检查表按现在的样子固定下来。确定发布吗？",
            effect=_freeze_checklist, done="已发布，名单里的人都收到了消息。", tell=_tell_published,
        ),
        Move(
            name=M.CHANGE, party=LEADER, before=OPEN, label="改动", audit="改动已发布的督导计划",
            check=_refuse_unexplained, effect=_write, done="已保存，原因写在计划页的改动里。", tell=_tell_change,
        ),
        Move(
            name=M.START, party=LEADER, before=(S.PUBLISHED,), after=S.RUNNING, label="开始", audit="督导开始",
        ),
        Move(
            name=M.CLOSE, party=LEADER, before=OPEN, after=S.CLOSED, label="结束", audit="结束督导计划",
            asks="结束后计划不能再改。确定结束吗？", guard=_refuse_closing, done="计划已结束。",
        ),
        Move(
            name=M.CANCEL, party=LEADER, before=(S.DRAFT, *OPEN), after=S.CANCELLED, label="取消计划",
            audit="取消督导计划", guard=_refuse_dropping_a_result, effect=_keep_reason, done="计划已取消。",
            tell=_tell_called_off,
        ),
    ),
)  # fmt: skip


def change_plan(session: Session, plan_id: UUID, change: Change, *, actor: Actor, now: datetime) -> Plan:
    """Change something of a plan: freely while it is a draft, with a reason after that. Raises NotFound, Forbidden,
    Conflict once it is over, Invalid without a reason."""
    plan = get_plan(session, plan_id, actor, lock=True)
    move = M.EDIT if plan.status is S.DRAFT else M.CHANGE
    return perform(PLANS, session, plan_id, move, actor=actor, now=now, form=change)
