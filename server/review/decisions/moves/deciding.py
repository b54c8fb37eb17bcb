"""Accepting, declining, asking back; and thinking better of it."""

from datetime import timedelta

from server.core.db import settings_of
from server.core.errors import AppError, Conflict, Forbidden, Invalid
from server.kit.deadlines.rules import Deadline
from server.kit.workflow import Guard, StepData
from server.review.decisions.moves.claims import refuse_claimed
from server.review.decisions.moves.parties import Context, acting_role
from server.review.decisions.moves.words import say
from server.review.decisions.schemas import form_of
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Move, Submission
from server.review.submissions.texts import not_now_text
from server.unions.campaigns.queries import campaign_facts
from server.unions.roles import Level
from server.unions.tree.rules import RANK

UNDO_WINDOW = timedelta(minutes=10)


def refuse_other_kinds(move: Move) -> Guard[Submission]:
    """The guard of a move that only some kinds have a form for: that nobody else is at it, too."""

    def refuse(context: Context) -> AppError | None:
        row = context.row
        if form_of(move, row.kind) is None:
            return Conflict(not_now_text(row.kind, row.status), code="not_now")
        return refuse_claimed(context)

    return refuse


def check_grade(context: Context) -> AppError | None:
    """What is graded gets one of the campaign's grades."""
    row = context.row
    if not kind_of(row.kind).is_graded or context.form.grade in campaign_facts(context.session, row.campaign_id).grades:
        return None
    return Invalid("请选择隐患等级。", fields={"grade": "本次活动没有这个等级"})


def accept(context: Context) -> StepData:
    """With its grade and what the enterprise is advised to do, where it is graded."""
    row, form = context.row, context.form
    row.decided_at = context.now
    if not kind_of(row.kind).is_graded:
        return say(context)
    row.grade = form.grade
    advice = {"measures": form.measures, "responsible": form.responsible, "rectify_days": form.rectify_days}
    return say(context, grade=form.grade, **{name: value for name, value in advice.items() if value})


def accept_in_part(context: Context) -> StepData:
    """The reply tells which part."""
    context.row.decided_at = context.now
    return say(context, in_part=True)


def decline(context: Context) -> StepData:
    """The reply tells why."""
    context.row.decided_at = context.now
    return say(context)


def refuse_asking_nobody(context: Context) -> AppError | None:
    """There is somebody to be asked, and nobody else is at it."""
    if context.snapshot.reporter_is_gone:
        return Conflict("提交的人已注销或停用，收不到问题。请按现有的内容处理。", code="reporter_gone")
    return refuse_claimed(context)


def ask_back(context: Context) -> StepData:
    """The deadline stands still until the reporter answers."""
    deadline = Deadline.of(context.row).pause(context.now)
    deadline.store(context.row)
    return say(context, rest_days=deadline.rest_days)


# --- reopening --------------------------------------------------------------------------------------------------------


def may_undo(context: Context) -> bool:
    """Whether the decision is the actor's own and fresh enough to be taken back without a reason."""
    decision = context.snapshot.decision
    return decision is not None and decision.actor_id == context.actor_id and context.now - decision.at <= UNDO_WINDOW


def _may_overrule(context: Context) -> bool:
    """Whether the actor stands above the level that decided. Nobody stands above the city: it may overrule itself."""
    decision, role = context.snapshot.decision, acting_role(context)
    if decision is None or decision.level is None or role is None:
        return False
    return role.level is Level.CITY or RANK[role.level] < RANK[decision.level]


def refuse_reopening(context: Context) -> AppError | None:
    """It is the actor's own and fresh, or made below; and nothing has come of it that stands."""
    if may_undo(context) or _may_overrule(context):
        obstacle: AppError | None = context.snapshot.obstacle
        return obstacle
    return Forbidden("已过了可以撤销的时间，请联系上级工会重新审核。", code="undo_expired")


def check_reason(context: Context) -> AppError | None:
    """More than undoing one's own needs a reason."""
    if may_undo(context) or context.form.note:
        return None
    return Invalid("请写明重新审核的理由。", fields={"note": "请写明理由"})


def reopen(context: Context) -> StepData:
    """Review it anew, as if it had not been decided."""
    row, undo = context.row, may_undo(context)
    before = {"grade": row.grade, "duplicate_of_id": str(row.duplicate_of_id) if row.duplicate_of_id else None}
    if row.rest_days is not None:
        Deadline.of(row).resume(context.now).store(row)
    elif not undo:
        Deadline.start(context.now, settings_of(context.session).first_answer_working_days).store(row)
    row.grade = row.duplicate_of_id = row.decided_at = row.rest_days = row.pending_step_id = None
    return say(context, undo=undo, **{name: value for name, value in before.items() if value is not None})
