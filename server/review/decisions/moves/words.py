"""What a reviewer writes with a move, and the moves that do no more than that."""

from typing import Any

from server.core.errors import AppError, Conflict
from server.kit.workflow import StepData
from server.review.decisions.moves.parties import Context


def say(context: Context, **data: Any) -> StepData:
    """The reply, which the reporter reads, and the note for reviewers."""
    return StepData(context.form.reply, context.form.note, data=data)


def note(context: Context) -> StepData:
    """Words for other reviewers."""
    return say(context)


def refuse_disclosure(context: Context) -> AppError | None:
    """There is a name to be opened."""
    if not context.row.is_anonymous:
        return Conflict("这条不是匿名提交的，不用查看。", code="not_anonymous")
    if context.row.disclosed_at is not None:
        return Conflict("姓名已经查看过，就显示在这一页上。", code="already_disclosed")
    return None


def disclose(context: Context) -> StepData:
    """Open the name of an anonymous reporter, who is told why."""
    context.row.disclosed_at = context.now
    return say(context)
