"""Calling a draw off: freely until its public value can be known, after that by two people, and what both said stays on
the page."""

from sqlalchemy import select

from server.core.clock import day_of
from server.core.errors import AppError, Conflict, Forbidden
from server.kit.calling_off import CallingOff
from server.kit.workflow import MoveContext, StepData
from server.oversight.supervision.models import Draw, DrawStatus, PlanUnit
from server.oversight.supervision.queries import leads

Context = MoveContext[Draw]


def _takes_two(context: Context) -> bool:
    """Whether the public value is out, or may be."""
    draw = context.row
    return draw.status is not DrawStatus.PREPARING and day_of(context.now) >= draw.due_on


def _refuse_begun(context: Context) -> AppError | None:
    opened = select(PlanUnit.id).where(PlanUnit.draw_id == context.row.id, PlanUnit.opened_at.is_not(None)).limit(1)
    if context.session.scalar(opened) is not None:
        return Conflict("已经按这次抽取安排了督导，不能再作废。", code="drawn_and_opened")
    return None


def _refuse_others(context: Context) -> AppError | None:
    if context.actor is None or not leads(context.actor, context.row.union_id):
        return Forbidden("由制定计划的工会来作废。")
    return None


CALLING_OFF: CallingOff[Draw] = CallingOff(
    takes_two=_takes_two, alone=_refuse_others, begun=_refuse_begun, word="作废", early="公开数值还没有公布"
)


def cancel(context: Context) -> StepData:
    """It stays on the page with its reasons and whatever it gave."""
    draw, reason = context.row, context.form.reason
    waiting = select(PlanUnit).where(PlanUnit.draw_id == draw.id, PlanUnit.dropped_at.is_(None))
    units = context.session.scalars(waiting).all()
    draw.cancelled_reason, draw.cancelled_at, draw.published_at = reason, context.now, None
    for unit in units:
        unit.dropped_at, unit.dropped_reason = context.now, f"抽取作废：{reason}"[:500]
    return StepData()
