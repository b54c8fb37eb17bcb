"""Which moves the carrying out of a suggestion allows, who makes them, what they change: plan, benefit, publication.

It is on record from the suggestion's first day, and rests while the suggestion is not adopted. How many steps of the
plan are done is the plan's business: none of them changes the status.
"""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.activities.suggestions import messages
from server.activities.suggestions.models import (
    CoAuthor,
    ImplementationMove,
    ImplementationStatus,
    PlanStep,
    Suggestion,
)
from server.activities.suggestions.permissions import PERMISSIONS
from server.core import ids
from server.core.clock import day_of
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.kit.workflow import SYSTEM, Guard, Move, MoveContext, Party, Step, StepData, Workflow
from server.notifications.inbox.actions import deliver
from server.review.safety.queries import find_held
from server.review.submissions.models import Status, Submission
from server.rewards.points.actions import credit_benefit
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS, Role

S, M = ImplementationStatus, ImplementationMove
Context = MoveContext[Suggestion]
MAX_STEPS = 20


@dataclass(frozen=True, slots=True)
class StepForm:
    """Which step of the plan a button is about, on which version of the page."""

    step_id: UUID
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the guards ask beside the suggestion. `is_held`: by the content check."""

    submission: Submission
    steps: int
    is_held: bool
    co_author_ids: frozenset[UUID]


def read_snapshot(session: Session, suggestion: Suggestion) -> Snapshot:
    """Three statements where the submission is loaded."""
    of_it = suggestion.submission_id
    steps = select(func.count()).select_from(PlanStep).where(PlanStep.submission_id == of_it)
    named = select(CoAuthor.person_id).where(CoAuthor.submission_id == of_it, CoAuthor.person_id.is_not(None))
    return Snapshot(
        submission=session.get_one(Submission, of_it),
        steps=session.scalar(steps) or 0,
        is_held=bool(find_held(session, [of_it])),
        co_author_ids=frozenset(each for each in session.scalars(named) if each is not None),
    )


def lock_suggestion(session: Session, suggestion_id: UUID, actor: Actor | None) -> Suggestion:
    """The suggestion and its submission, held until the transaction ends: always the submission first, as decisions do.

    Raises NotFound outside of the actor's scope.
    """
    if actor is None:
        raise NotFound
    reachable = Submission.id == suggestion_id, in_scope(actor, Submission, REVIEWERS)
    statement = select(Submission).where(*reachable).with_for_update().execution_options(populate_existing=True)
    if session.scalars(statement).one_or_none() is None:
        raise NotFound
    suggestion = session.get(Suggestion, suggestion_id, with_for_update=True)
    if suggestion is None:
        raise NotFound
    return suggestion


# --- who -------------------------------------------------------------------------------------------------------------


def _refuse_outsider(permission: str) -> Guard[Suggestion]:
    def refuse(context: Context) -> AppError | None:
        is_within = context.actor is not None and context.actor.holds_over(
            _submission(context), PERMISSIONS[permission]
        )
        return None if is_within else Forbidden()

    return refuse


REVIEWER: Party[Suggestion] = Party("reviewer", _refuse_outsider("suggestion.carry_out"))
"""A reviewer in whose subtree it lies."""
PUBLISHER: Party[Suggestion] = Party("publisher", _refuse_outsider("suggestion.publish"))
"""One above the enterprise."""


def speaks_for(actor: Actor, submission: Submission) -> bool:
    """Whether the actor is the enterprise's own reviewer."""
    return any(
        role_at.role is Role.ENTERPRISE_REVIEWER and role_at.union_id == submission.enterprise_id
        for role_at in actor.roles
    )


# --- when ------------------------------------------------------------------------------------------------------------


def _refuse_unadopted(context: Context) -> AppError | None:
    if _submission(context).status is Status.ACCEPTED:
        return None
    return Conflict("这条建议还没有采纳，或采纳决定已经收回。", code="not_adopted")


def _refuse_full_plan(context: Context) -> AppError | None:
    if refusal := _refuse_unadopted(context):
        return refusal
    is_full = context.snapshot.steps >= MAX_STEPS
    return Conflict(f"最多安排 {MAX_STEPS} 步。", code="plan_full") if is_full else None


def _refuse_own(context: Context) -> AppError | None:
    """Nobody confirms or publishes what they wrote, alone or with others."""
    if refusal := _refuse_unadopted(context):
        return refusal
    own_ids = context.actor.own_ids if context.actor is not None else frozenset()
    if own_ids & {_submission(context).reporter_id, *context.snapshot.co_author_ids}:
        return Conflict("自己的建议要由别人确认和公开。", code="own_submission")
    return None


def _refuse_publishing(context: Context) -> AppError | None:
    if refusal := _refuse_own(context):
        return refusal
    if not context.row.may_publish:
        return Conflict("作者没有同意公开。", code="no_consent")
    if context.snapshot.is_held:
        return Conflict("微信内容检查认为不宜公开。请先到审核页查看，认为没有问题的在那里放行。", code="held_back")
    return None


def _is_published(context: Context) -> bool:
    return context.row.published_at is not None


def _is_unpublished(context: Context) -> bool:
    return context.row.published_at is None


def _is_pending(context: Context) -> bool:
    """Nothing to take back."""
    return context.row.status is S.PENDING and context.row.published_at is None


# --- what ------------------------------------------------------------------------------------------------------------


def _submission(context: Context) -> Submission:
    return cast(Snapshot, context.snapshot).submission


def _step(context: Context) -> PlanStep:
    """The step of the plan that the form names. Raises NotFound for one of another plan."""
    step = context.session.get(PlanStep, context.form.step_id)
    if step is None or step.submission_id != context.row.submission_id:
        raise NotFound
    return step


def _is_step_done(context: Context) -> bool:
    return _step(context).done_on is not None


def _is_step_open(context: Context) -> bool:
    return _step(context).done_on is None


def _add_step(context: Context) -> StepData:
    words = context.form.model_dump(include={"what", "owner", "due_on"})
    step = PlanStep(id=ids.new_id(), submission_id=context.row.submission_id, created_at=context.now, **words)
    context.session.add(step)
    context.row.steps += 1
    context.row.open_steps += 1
    return StepData(data={"step": str(step.id), "due_on": step.due_on.isoformat()})


def _check_removing(context: Context) -> AppError | None:
    if _is_step_done(context):
        return Conflict("已经完成的不能删除，可以先改回未完成。", code="step_done")
    return None


def _remove_step(context: Context) -> StepData:
    step = _step(context)
    context.session.delete(step)
    context.row.steps -= 1
    context.row.open_steps -= 1  # one that is done is not removed
    return StepData(data={"step": str(step.id), "what": step.what})


def _complete_step(context: Context) -> StepData:
    step = _step(context)
    step.done_on = day_of(context.now)
    context.row.open_steps -= 1
    return StepData(data={"step": str(step.id)})


def _reopen_step(context: Context) -> StepData:
    step = _step(context)
    step.done_on = None
    context.row.open_steps += 1
    return StepData(data={"step": str(step.id)})


def _check_benefit(context: Context) -> AppError | None:
    """Somebody above the enterprise says how the enterprise confirmed it."""
    form, actor = context.form, cast(Actor, context.actor)
    if form.yuan is None and form.hours is None and not form.risk:
        return Invalid("金额、工时、风险至少填一项。", fields={"risk": "至少填一项"})
    if not speaks_for(actor, _submission(context)) and not form.note:
        return Invalid("请写明企业是怎样确认的。", fields={"note": "不是企业工会确认时要写明"})
    return None


def _confirm_benefit(context: Context) -> StepData:
    """Saying it again corrects the figures."""
    suggestion, form = context.row, context.form
    suggestion.money_cents = None if form.yuan is None else int(form.yuan * 100)
    suggestion.hours, suggestion.risk = form.hours, form.risk
    suggestion.confirmed_at, suggestion.confirmed_by_id = context.now, context.actor_id
    return StepData(data=form.model_dump(mode="json", exclude={"version"}))


def _publish(context: Context) -> StepData:
    context.row.published_at = context.now
    return StepData()


def _unpublish(context: Context) -> StepData:
    context.row.published_at = None
    return StepData()


def _take_back(context: Context) -> StepData:
    """Nothing is published or confirmed any more. The plan stays for later."""
    context.row.published_at = context.row.confirmed_at = context.row.confirmed_by_id = None
    return StepData()


def _tell_step(context: Context, step: Step) -> None:
    deliver(context.session, messages.step_done(_submission(context), _step(context)), now=step.at)


def _credit_benefit(context: Context, step: Step) -> None:
    credit_benefit(context.session, _submission(context), actor_id=step.actor_id, now=step.at)


def _tell_benefit(context: Context, step: Step) -> None:
    """Once: corrected figures are no news."""
    if step.before is not S.CONFIRMED:
        deliver(context.session, messages.benefit_confirmed(_submission(context)), now=step.at)


def _tell_publication(context: Context, step: Step) -> None:
    deliver(context.session, messages.published(_submission(context)), now=step.at)


EITHER = tuple(S)

IMPLEMENTATION: Workflow[Suggestion] = Workflow(
    subject="submission",
    prefix="suggestion",
    statuses=ImplementationStatus,
    lock=lock_suggestion,
    read_snapshot=read_snapshot,
    moves=(
        Move(name=M.SUGGEST, party=SYSTEM, before=(), after=S.PENDING, label="提出建议", audit="提出建议"),
        Move(
            name=M.ADD_STEP, party=REVIEWER, before=EITHER, label="安排", audit="加落实步骤", done="已安排。",
            guard=_refuse_full_plan, effect=_add_step,
        ),
        Move(
            name=M.REMOVE_STEP, party=REVIEWER, before=EITHER, label="删除", audit="去掉落实步骤", done="已删除。",
            guard=_refuse_unadopted, check=_check_removing, effect=_remove_step,
        ),
        Move(
            name=M.COMPLETE_STEP, party=REVIEWER, before=EITHER, label="完成了", audit="落实步骤完成",
            done="已完成，职工会收到消息。", is_made=_is_step_done, guard=_refuse_unadopted, effect=_complete_step,
            tell=_tell_step,
        ),
        Move(
            name=M.REOPEN_STEP, party=REVIEWER, before=EITHER, label="改回", audit="落实步骤改回未完成",
            done="已改回未完成。", is_made=_is_step_open, guard=_refuse_unadopted, effect=_reopen_step,
        ),
        Move(
            name=M.CONFIRM_BENEFIT, party=REVIEWER, before=EITHER, after=S.CONFIRMED, label="确认效果",
            audit="确认效益", done="已记录效果，职工会收到消息。", guard=_refuse_own, check=_check_benefit,
            effect=_confirm_benefit, follow_up=_credit_benefit, tell=_tell_benefit,
        ),
        Move(
            name=M.PUBLISH, party=PUBLISHER, before=EITHER, label="公开给工友看", audit="公开建议",
            done="已公开，工友们可以看到并支持。", is_made=_is_published, guard=_refuse_publishing, effect=_publish,
            tell=_tell_publication,
        ),
        Move(
            name=M.UNPUBLISH, party=PUBLISHER, before=EITHER, label="不再公开", audit="不再公开建议",
            done="已不再公开。", is_made=_is_unpublished, guard=_refuse_own, effect=_unpublish,
        ),
        Move(
            name=M.TAKE_BACK, party=SYSTEM, before=EITHER, after=S.PENDING, label="采纳收回，落实停止",
            audit="采纳收回，落实停止", is_made=_is_pending, effect=_take_back,
        ),
    ),
)  # fmt: skip
