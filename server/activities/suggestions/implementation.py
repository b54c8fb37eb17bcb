"""Writes of suggestions from the unions' side: the plan, what it brought, publication. All of it is audited."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.activities.suggestions.models import CoAuthor, PlanStep, Suggestion
from server.activities.suggestions.schemas import BenefitIn, PlanStepIn
from server.core import ids
from server.core.audit.actions import record
from server.core.clock import in_shanghai
from server.core.errors import Conflict, Invalid, NotFound
from server.core.events import Event, publish
from server.review.safety.queries import find_held
from server.review.submissions.models import Status, Submission
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS, Role

MAX_STEPS = 20


def add_step(session: Session, suggestion_id: UUID, body: PlanStepIn, *, actor: Actor, now: datetime) -> None:
    """Plan one thing to do. Raises NotFound out of scope, Conflict when it is not adopted or the plan is full."""
    lock_adopted(session, suggestion_id, actor)
    known = session.scalars(select(PlanStep.id).where(PlanStep.submission_id == suggestion_id)).all()
    if len(known) >= MAX_STEPS:
        raise Conflict(f"最多安排 {MAX_STEPS} 步。", code="plan_full")
    step = PlanStep(id=ids.new_id(), submission_id=suggestion_id, created_at=now, **body.model_dump())
    session.add(step)
    session.flush()
    detail = {"step": str(step.id), "due_on": body.due_on.isoformat()}
    _record(session, "suggestion.step_added", suggestion_id, actor, now, detail)


def remove_step(session: Session, suggestion_id: UUID, step_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a step out of the plan that is not done yet. Raises NotFound, Conflict."""
    lock_adopted(session, suggestion_id, actor)
    step = _get_step(session, suggestion_id, step_id)
    if step.done_on is not None:
        raise Conflict("已经完成的不能删除，可以先改回未完成。", code="step_done")
    session.delete(step)
    _record(session, "suggestion.step_removed", suggestion_id, actor, now, {"step": str(step_id), "what": step.what})


def set_step_done(
    session: Session, suggestion_id: UUID, step_id: UUID, *, is_done: bool, actor: Actor, now: datetime
) -> None:
    """A step is done today, or was not after all. The author is told once that it is done. Raises NotFound."""
    lock_adopted(session, suggestion_id, actor)
    step = _get_step(session, suggestion_id, step_id)
    if (step.done_on is not None) is is_done:
        return
    step.done_on = in_shanghai(now).date() if is_done else None
    _record(session, "suggestion.step_done", suggestion_id, actor, now, {"step": str(step_id), "done": is_done})
    if is_done:
        data = {"submission_id": str(suggestion_id), "step_id": str(step_id), "what": step.what}
        publish(session, Event("suggestion.step_done", suggestion_id, now, actor.person_id, data))


def confirm_benefit(session: Session, suggestion_id: UUID, body: BenefitIn, *, actor: Actor, now: datetime) -> None:
    """Put on record what it brought, as the enterprise confirms it; saying it again corrects the figures.

    Somebody above the enterprise says how the enterprise confirmed it. Raises Invalid, Conflict for one's own.
    """
    suggestion, submission = lock_adopted(session, suggestion_id, actor)
    _refuse_own(session, submission, actor)
    if body.yuan is None and body.hours is None and not body.risk:
        raise Invalid("金额、工时、风险至少填一项。", fields={"risk": "至少填一项"})
    if not speaks_for(actor, submission) and not body.note:
        raise Invalid("请写明企业是怎样确认的。", fields={"note": "不是企业工会确认时要写明"})
    is_first = suggestion.confirmed_at is None
    suggestion.money_cents = None if body.yuan is None else int(body.yuan * 100)
    suggestion.hours, suggestion.risk = body.hours, body.risk
    suggestion.confirmed_at, suggestion.confirmed_by_id = now, actor.person_id
    session.flush()
    detail = body.model_dump(mode="json")
    _record(session, "suggestion.benefit_confirmed", suggestion_id, actor, now, detail)
    if is_first:
        publish(session, Event("suggestion.benefit_confirmed", suggestion_id, now, actor.person_id))


def set_published(session: Session, suggestion_id: UUID, *, is_published: bool, actor: Actor, now: datetime) -> None:
    """Show it to colleagues of the whole city, or no longer. Raises Conflict without the author's consent."""
    suggestion, submission = lock_adopted(session, suggestion_id, actor)
    _refuse_own(session, submission, actor)
    if (suggestion.published_at is not None) is is_published:
        return
    if is_published and not suggestion.may_publish:
        raise Conflict("作者没有同意公开。", code="no_consent")
    if is_published and find_held(session, [suggestion_id]):
        raise Conflict("微信内容检查认为不宜公开。请先到审核页查看，认为没有问题的在那里放行。", code="held_back")
    suggestion.published_at = now if is_published else None
    name = "suggestion.published" if is_published else "suggestion.unpublished"
    _record(session, name, suggestion_id, actor, now, {})
    if is_published:
        publish(session, Event(name, suggestion_id, now, actor.person_id))


def take_back(session: Session, suggestion_id: UUID) -> None:
    """The decision to adopt was taken back: nothing is published or confirmed any more. The plan stays for later."""
    suggestion = session.get(Suggestion, suggestion_id, with_for_update=True)
    if suggestion is not None:
        suggestion.published_at = suggestion.confirmed_at = suggestion.confirmed_by_id = None


def lock_adopted(session: Session, suggestion_id: UUID, actor: Actor) -> tuple[Suggestion, Submission]:
    """An adopted suggestion in the actor's scope, locked. Raises NotFound, Conflict when it is not adopted."""
    statement = (
        select(Suggestion, Submission)
        .join(Submission, Submission.id == Suggestion.submission_id)
        .where(Suggestion.submission_id == suggestion_id, in_scope(actor, Submission, REVIEWERS))
        .with_for_update()
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    if row.Submission.status is not Status.ACCEPTED:
        raise Conflict("这条建议还没有采纳，或采纳决定已经收回。", code="not_adopted")
    return row.Suggestion, row.Submission


def speaks_for(actor: Actor, submission: Submission) -> bool:
    """Whether the actor is the enterprise's own reviewer."""
    return any(
        held.role is Role.ENTERPRISE_REVIEWER and held.union_id == submission.enterprise_id for held in actor.roles
    )


def is_author(session: Session, submission: Submission, actor: Actor) -> bool:
    """Whether the actor wrote it, alone or with others."""
    named = exists().where(CoAuthor.submission_id == submission.id, CoAuthor.person_id.in_(actor.own_ids))
    return actor.is_own(submission.reporter_id) or bool(session.scalar(select(named)))


def _refuse_own(session: Session, submission: Submission, actor: Actor) -> None:
    if is_author(session, submission, actor):
        raise Conflict("自己的建议要由别人确认和公开。", code="own_submission")


def _get_step(session: Session, suggestion_id: UUID, step_id: UUID) -> PlanStep:
    step = session.get(PlanStep, step_id)
    if step is None or step.submission_id != suggestion_id:
        raise NotFound
    return step


def _record(
    session: Session, action: str, suggestion_id: UUID, actor: Actor, now: datetime, detail: dict[str, Any]
) -> None:
    record(
        session,
        action,
        subject_type="submission",
        subject_id=suggestion_id,
        actor_id=actor.person_id,
        at=now,
        detail=detail,
    )
