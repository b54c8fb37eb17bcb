"""Merging a submission into another one as its duplicate, and what becomes of it when that one ends."""

from dataclasses import dataclass
from uuid import UUID

from server.core.db import settings_of
from server.core.errors import AppError, Conflict, Invalid
from server.kit.deadlines.rules import Deadline
from server.kit.workflow import StepData
from server.review.decisions.moves.claims import refuse_claimed
from server.review.decisions.moves.parties import Context
from server.review.decisions.moves.words import say
from server.review.submissions.models import Status, Submission

TARGET_ENDED = "那一条没有受理，不能并到它。请直接处理这一条。"
NO_TARGET = "没有找到要合并到的那一条，请核对编号。"


@dataclass(frozen=True, slots=True)
class Succession:
    """Why a merged submission moves on: its target ended (in words, such as 撤回了), and `heir_id` takes its place."""

    target_id: UUID
    ending: str
    heir_id: UUID


def refuse_merging(context: Context) -> AppError | None:
    """Nothing is merged into it, and nobody else is at it."""
    if context.snapshot.has_duplicates:
        message = "已有别的内容合并到这一条，请反过来：把另一条标为本条的重复。"
        return Conflict(message, code="has_duplicates")
    return refuse_claimed(context)


def check_target(context: Context) -> AppError | None:
    """The target stands by itself and is of the same kind. It is locked along with the row (actions.make_move)."""
    target = context.session.get_one(Submission, context.form.target_id)
    if target.status in (Status.INCOMPLETE, Status.WITHDRAWN):
        return Invalid(NO_TARGET, fields={"target_id": "这一条已经撤回，请选择别的"})
    if target.status is Status.DECLINED:
        return Invalid(TARGET_ENDED, fields={"target_id": TARGET_ENDED})
    if target.kind is not context.row.kind:
        return Invalid(NO_TARGET, fields={"target_id": "不同种类的内容不能互相合并"})
    if target.duplicate_of_id is not None:
        return Conflict("要合并到的那一条刚被标为重复，请重新选择。", code="target_changed")
    return None


def merge(context: Context) -> StepData:
    """It goes on as part of the target."""
    context.row.duplicate_of_id, context.row.decided_at = context.form.target_id, context.now
    return say(context, target_id=str(context.form.target_id))


# --- when the target ends ---------------------------------------------------------------------------------------------


def stand_alone(context: Context) -> StepData:
    """The earliest of what was merged is reviewed in the target's place."""
    row, form = context.row, context.form
    deadline = Deadline.start(context.now, settings_of(context.session).first_answer_working_days)
    deadline.store(row)
    row.duplicate_of_id = row.decided_at = row.pending_step_id = None
    return StepData(
        f"原来并到的那一条{form.ending}，这一条接着单独审核。",
        data={"former_target_id": str(form.target_id), "due_at": deadline.due_at.isoformat()},
    )


def relink(context: Context) -> StepData:
    """The others are merged into that one."""
    row, form = context.row, context.form
    row.duplicate_of_id, row.pending_step_id = form.heir_id, None
    return StepData(
        f"原来并到的那一条{form.ending}，已并到另一条一起处理。",
        data={"former_target_id": str(form.target_id), "target_id": str(form.heir_id)},
    )
