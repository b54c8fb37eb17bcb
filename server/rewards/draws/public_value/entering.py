"""The public value of a draw: one person enters it, another confirms it; nobody can choose which of the two counts."""

from typing import Any

from server.core.clock import day_of
from server.core.errors import AppError, Conflict
from server.kit.draws import entering
from server.kit.two_people import by_another
from server.kit.workflow import MoveContext, StepData
from server.rewards.draws.models import Draw

Context = MoveContext[Draw]


def uses_fallback(draw: Draw) -> bool:
    """Whether the fallback counts, and nothing else: the list was fixed too late for the first value, or two people
    declared in time that it had not come. Whoever sees both values has no choice left."""
    return draw.missing_at is not None or (draw.frozen_at is not None and day_of(draw.frozen_at) >= draw.due_on)


def value_form(draw: Draw) -> dict[str, Any] | None:
    """How the value that counts is written; None if the draw was promised before that was part of the promise."""
    written: dict[str, Any] | None = draw.terms.get("fallback_form" if uses_fallback(draw) else "public_value_form")
    return written


def refuse_declaring(context: Context) -> AppError | None:
    """Only until the fallback is out: later somebody could compare both."""
    draw, today = context.row, day_of(context.now)
    if uses_fallback(draw):
        return Conflict("已经改用备用数值。", code="declared_already")
    if today <= draw.due_on:
        return Conflict("公布那天还没有过完，再等等。", code="too_early")
    if today >= draw.fallback_on:
        return Conflict("备用数值已经公布，不能再改用它：只能用第一个数值。", code="too_late")
    return _refuse_saying_twice(context)


def declare(context: Context) -> StepData:
    """The second person to say so lets the fallback count."""
    draw = context.row
    if draw.missing_said_by_id is None:
        draw.missing_said_by_id = context.actor_id
    else:
        draw.missing_at = context.now
    return StepData(data={"by_both": draw.missing_at is not None})


def refuse_early_value(context: Context) -> AppError | None:
    draw = context.row
    if day_of(context.now) < (draw.fallback_on if uses_fallback(draw) else draw.due_on):
        return Conflict("约定的日期还没有到，公开数值还没有公布。", code="too_early")
    return None


def check_spelling(context: Context) -> AppError | None:
    return entering.misspelt(value_form(context.row), context.form.value)


def enter(context: Context) -> StepData:
    draw, said = context.row, entering.enter(context)
    draw.is_fallback = uses_fallback(draw)
    if not draw.is_fallback:
        draw.missing_said_by_id = None  # here it is
    return StepData(data={**said.data, "is_fallback": draw.is_fallback})


def reject(context: Context) -> StepData:
    said = entering.take_back(context)
    context.row.is_fallback = False
    return StepData(context.form.reason, data=said.data)


_refuse_saying_twice = by_another(lambda draw: draw.missing_said_by_id, "您已经声明过，请另一位审核员核实后也声明。")
