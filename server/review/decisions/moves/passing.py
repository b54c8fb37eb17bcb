"""Passing a submission on along the tree, and taking that back."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from server.core.errors import AppError, Conflict, Forbidden, Invalid
from server.kit.deadlines.rules import Deadline
from server.kit.workflow import StepData
from server.review.decisions.moves.claims import refuse_claimed
from server.review.decisions.moves.deciding import may_undo
from server.review.decisions.moves.parties import Context, acting_role
from server.review.decisions.moves.snapshots import branch_of
from server.review.decisions.moves.words import say
from server.review.submissions.models import PASSES, SubmissionStep
from server.review.submissions.texts import not_now_text
from server.unions.actor import SCOPE_COLUMNS, RoleAt
from server.unions.roles import Level
from server.unions.tree.models import Union


def pass_up(context: Context) -> StepData:
    """To the union above the one in whose name the actor answers."""
    own = context.session.get_one(Union, cast(RoleAt, acting_role(context)).union_id)
    return _route(context, context.session.get_one(Union, own.parent_id))


def check_target(context: Context) -> AppError | None:
    """It is passed down to a union below, and not to where it is already."""
    role, target = cast(RoleAt, acting_role(context)), context.session.get(Union, context.form.union_id)
    if (
        target is None
        or not target.is_active
        or target.level is Level.TEAM
        or target.id == role.union_id
        or getattr(target, SCOPE_COLUMNS[role.level]) != role.union_id
    ):
        message = "请选择您下级的工会。"
        return Invalid(message, fields={"union_id": message})
    if target.id == context.row.kept_from_id:
        message = "职工请上级工会直接办理，不能转给这家企业。受理后，企业只会收到整改建议。"
        return Invalid(message, fields={"union_id": message})
    if target.id == context.row.routed_union_id:
        return Conflict("已经由这个工会处理，不用再转。", code="already_there")
    return None


def pass_down(context: Context) -> StepData:
    """To the union that was chosen."""
    return _route(context, context.session.get_one(Union, context.form.union_id))


def _route(context: Context, union: Union) -> StepData:
    """Let `union` answer from now on. What the reporter was promised stands; the union gets one working day at least.

    Where it lies off the submission's branch, the place was given wrong: the row takes the union's branch as its scope,
    and is an enterprise's only if the union is one.
    """
    row = context.row
    data: dict[str, Any] = {"from_union_id": str(row.routed_union_id), "to_union_id": str(union.id)}
    scope = branch_of(union)
    if branch_of(row)[union.level] != union.id:
        data["scope_before"] = {level: str(value) for level, value in branch_of(row).items() if value}
        for level, column in SCOPE_COLUMNS.items():
            setattr(row, column, scope[level])
    data["due_before"] = row.due_at.isoformat() if row.due_at else None
    row.routed_union_id = union.id
    deadline = Deadline.of(row).leave_a_day(context.now)
    deadline.store(row)
    return say(context, **data, due_at=deadline.due_at.isoformat())


def refuse_taking_back(context: Context) -> AppError | None:
    """Passed on, it is out of one's hands; whoever did that may take it back while nobody has begun with it."""
    row, decision = context.row, context.snapshot.decision
    if decision is None or decision.actor_id != context.actor_id:
        return Conflict(not_now_text(row.kind, row.status), code="not_now")
    if not may_undo(context):
        return Forbidden("已过了可以撤销的时间，请和接手的工会联系。", code="undo_expired")
    return refuse_claimed(context)


def take_back(context: Context) -> StepData:
    """Undo the last passing on: the route, the place and the deadline are again what they were."""
    row = context.row
    data = context.session.scalars(
        select(SubmissionStep.data)
        .where(SubmissionStep.submission_id == row.id, SubmissionStep.move.in_(PASSES))
        .order_by(SubmissionStep.id.desc())
        .limit(1)
    ).one()
    before = cast(dict[str, Any], data)
    row.routed_union_id, row.pending_step_id = UUID(before["from_union_id"]), None
    if "scope_before" in before:
        for level, column in SCOPE_COLUMNS.items():
            value = before["scope_before"].get(level.value)
            setattr(row, column, UUID(value) if value else None)
    if before.get("due_before"):
        row.due_at = datetime.fromisoformat(before["due_before"])
    return say(context, undo=True, from_union_id=before["to_union_id"])
