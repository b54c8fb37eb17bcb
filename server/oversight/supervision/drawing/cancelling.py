"""Calling a draw off: freely until its public value can be known, after that by two people, and both stay on the page.

Whoever knows the result must not be able to throw it away alone and draw again.
"""

from sqlalchemy import select

from server.core.clock import day_of
from server.core.errors import AppError, Conflict, Forbidden
from server.kit.two_people import by_another
from server.kit.workflow import MoveContext, StepData
from server.oversight.supervision.models import Draw, DrawStatus, PlanUnit
from server.oversight.supervision.queries import leads

Context = MoveContext[Draw]
refuse_same = by_another(lambda draw: draw.cancel_asked_by_id, "是您申请作废的，请本会另一位审核员或上级工会来定。")


def takes_two(context: Context) -> bool:
    """Whether the public value is out, or may be."""
    draw = context.row
    return draw.status is not DrawStatus.PREPARING and day_of(context.now) >= draw.due_on


def _refuse_begun(context: Context) -> AppError | None:
    opened = select(PlanUnit.id).where(PlanUnit.draw_id == context.row.id, PlanUnit.opened_at.is_not(None)).limit(1)
    if context.session.scalar(opened) is not None:
        return Conflict("已经按这次抽取安排了督导，不能再作废。", code="drawn_and_opened")
    return None


def refuse_asking(context: Context) -> AppError | None:
    """Once, and only where it takes two."""
    if context.row.cancel_asked_at is not None:
        return Conflict("已经申请过作废，等另一位来定。", code="asked_already")
    if not takes_two(context):
        return Conflict("公开数值还没有公布，直接作废就行。", code="one_is_enough")
    return _refuse_begun(context)


def ask(context: Context) -> StepData:
    """The first of the two says why."""
    draw = context.row
    draw.cancel_asked_reason, draw.cancel_asked_at = context.form.reason, context.now
    draw.cancel_asked_by_id = context.actor_id
    return StepData()  # the reason stands in the row, where people can be struck out


def refuse_unasked(context: Context) -> AppError | None:
    """Nobody asked; or the actor did."""
    if context.row.cancel_asked_at is None:
        return Conflict("没有人申请作废。", code="not_asked")
    return refuse_same(context)


def keep(context: Context) -> StepData:
    """It stands; that it was asked for stays in the audit log."""
    draw = context.row
    draw.cancel_asked_reason = draw.cancel_asked_at = draw.cancel_asked_by_id = None
    return StepData()


def refuse(context: Context) -> AppError | None:
    """Whoever asked does not decide; where one is enough, it is one of the union itself."""
    if takes_two(context) or context.row.cancel_asked_at is not None:
        return refuse_unasked(context) or _refuse_begun(context)
    if context.actor is None or not leads(context.actor, context.row.union_id):
        return Forbidden("由制定计划的工会来作废。")
    return _refuse_begun(context)


def cancel(context: Context) -> StepData:
    """It stays on the page with its reasons and whatever it gave."""
    draw, reason = context.row, context.form.reason
    waiting = select(PlanUnit).where(PlanUnit.draw_id == draw.id, PlanUnit.dropped_at.is_(None))
    units = context.session.scalars(waiting).all()
    draw.cancelled_reason, draw.cancelled_at, draw.published_at = reason, context.now, None
    for unit in units:
        unit.dropped_at, unit.dropped_reason = context.now, f"抽取作废：{reason}"[:500]
    return StepData()
