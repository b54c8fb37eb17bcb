"""The public value of a draw takes two people: one enters it, another reads the announcement for themselves and enters
the same. Rows have `value` and `entered_by_id`."""

from collections.abc import Mapping
from typing import Any

from server.core.errors import AppError, Invalid
from server.kit.draws.spelling import is_written_right
from server.kit.two_people import by_another
from server.kit.workflow import MoveContext, StepData

refuse_same_person = by_another(lambda draw: draw.entered_by_id, "公开数值是您录入的，请由另一位审核员核对。")


def misspelt(written: Mapping[str, Any] | None, value: str) -> AppError | None:
    """Why a value is not taken: each can be written in one way only. None as well where no way was promised."""
    if written is None or is_written_right(written, value):
        return None
    return Invalid(
        f"写法和约定的不一样。{written['name']}，如 {written['example']}。", code="value_misspelt",
        fields={"value": f"请写成这样：{written['example']}"},
    )  # fmt: skip


def enter(context: MoveContext[Any]) -> StepData:
    """The first of the two."""
    draw = context.row
    draw.value, draw.entered_by_id = context.form.value, context.actor_id
    return StepData(data={"value": draw.value})


def take_back(context: MoveContext[Any]) -> StepData:
    """It was wrong: somebody enters it again, and another confirms that."""
    draw = context.row
    data = {"value": draw.value}
    draw.value = draw.entered_by_id = None
    return StepData(data=data)


def check_same_value(context: MoveContext[Any]) -> AppError | None:
    """What the second one reads is what the first one has read."""
    if context.form.value == context.row.value:
        return None
    return Invalid("和录入的数值不一样，请对照公告再看。", code="values_differ", fields={"value": "和录入的不一样"})
