"""Done, as the addressee says, and rechecked: by another person of a union, or by who reported it."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from server.core.db import settings_of
from server.core.errors import AppError, Conflict, Forbidden
from server.kit.deadlines.calendar.working_days import due_after
from server.kit.deadlines.rules import Deadline
from server.kit.documents.models import Document
from server.kit.workflow import StepData
from server.review.rectification.models import Evidence, RecheckWay, Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.moves.deadline import days_of_grade, say, start_clock, stop_clock
from server.review.rectification.moves.parties import GRAVE, Context, has_rectified


def submit(context: Context) -> StepData:
    """The addressee says that it is done."""
    context.row.rectified_by_id, context.row.submitted_at = context.actor_id, context.now
    return stop_clock(context)


def close(context: Context) -> StepData:
    """Rechecked by a union."""
    return _close(context, context.form.way)


def _close(context: Context, way: RecheckWay) -> StepData:
    row, before = context.row, Deadline.of(context.row)
    row.rest_days = None
    row.closed_at, row.closed_by_id, row.recheck_way = context.now, context.actor_id, way
    row.reopen_until = context.now + timedelta(days=settings_of(context.session).reopen_days)
    return say(
        context, way=way.value, reopen_until=row.reopen_until.isoformat(), due_before=before.due_at.isoformat(),
        rest_days=before.rest_days,
    )  # fmt: skip


# --- thinking better of it, while nobody has heard --------------------------------------------------------------------


def refuse_undo(context: Context) -> AppError | None:
    """It is the actor's own, told to nobody yet, and not on paper."""
    session, pending = context.session, context.row.pending_step_id
    step = session.get(RectificationStep, pending) if pending is not None else None
    if step is None:
        return Conflict("复查结论已经告知责任单位和报告人，不能再撤回。", code="undo_expired")
    if context.actor is None or not context.actor.is_own(step.actor_id):
        return Forbidden("由下结论的人自己撤回。", code="not_own_recheck")
    issued = exists().where(Document.owner_id == context.row.id, Document.issued_at >= step.at)
    if session.scalar(select(issued)):
        return Conflict("已经按这个结论开具了文书，不能再撤回。", code="on_paper")
    return None


def undo(context: Context) -> StepData:
    """It waits for a recheck again, its deadline as it stood."""
    row = context.row
    step = context.session.get_one(RectificationStep, row.pending_step_id)
    kept = step.data or {}
    Deadline(datetime.fromisoformat(kept["due_before"]), kept["rest_days"]).store(row)
    row.closed_at = row.closed_by_id = row.recheck_way = row.reopen_until = row.pending_step_id = None
    return say(context)


# --- the reporter's word ----------------------------------------------------------------------------------------------


def confirming_move(row: Rectification) -> Move:
    """What the reporter's word that it is right amounts to: it closes what is not grave."""
    return Move.NOTE if row.grade <= GRAVE else Move.CLOSE


def disagreeing_move(row: Rectification) -> Move:
    """What the reporter's word that it is not right amounts to."""
    return Move.REOPEN if row.status is Status.CLOSED else Move.SEND_BACK


def refuse_rectifier(context: Context) -> AppError | None:
    """Nobody confirms their own work."""
    if has_rectified(context):
        return Forbidden("这条是你负责整改的，由别人来确认。", code="own_rectification")
    return None


def refuse_closing(context: Context) -> AppError | None:
    """What is grave is closed by a union."""
    refusal = refuse_rectifier(context)
    if refusal is None and context.row.grade <= GRAVE:
        return Conflict("重大和较大隐患由工会复查后销号。", code="not_now")
    return refusal


def refuse_late_reopening(context: Context) -> AppError | None:
    """It counts when it was said: photos may take long on a bad line."""
    said_at = context.form.created_at if isinstance(context.form, Evidence) else context.now
    if context.row.reopen_until is None or said_at > context.row.reopen_until:
        return Conflict("已过了可以要求重新整改的时间，请作为新的隐患提交。", code="reopen_window_over")
    return None


def has_closed(context: Context) -> bool:
    """Whether it was the reporter who closed it."""
    return context.row.closed_by_id is not None and context.row.closed_by_id == context.actor_id


def has_confirmed(context: Context) -> bool:
    """Whether the reporter has said so of what was submitted last."""
    if context.row.status is not Status.SUBMITTED:
        return False
    last = context.session.scalars(
        select(RectificationStep.move)
        .where(
            RectificationStep.rectification_id == context.row.id,
            (RectificationStep.move == Move.SUBMIT)
            | (
                (RectificationStep.move == Move.NOTE)
                & (RectificationStep.actor_id == context.actor_id)
                & RectificationStep.union_id.is_(None)
            ),
        )
        .order_by(RectificationStep.id.desc())
        .limit(1)
    ).one()
    return last is Move.NOTE


def confirm(context: Context) -> StepData:
    """The reporter finds it right, which a union takes note of."""
    return _by_reporter(say(context))


def confirm_and_close(context: Context) -> StepData:
    """The reporter finds it right, which closes it."""
    return _by_reporter(_close(context, RecheckWay.BY_PHOTOS))


def send_back(context: Context) -> StepData:
    """The reporter shows that it is not right."""
    return _by_reporter(start_clock(context))


def reopen(context: Context) -> StepData:
    """A new deadline by grade: what was closed had none left."""
    row = context.row
    days = days_of_grade(context.session, row.campaign_id, row.grade)  # read before anything is changed
    row.closed_at = row.closed_by_id = row.recheck_way = row.reopen_until = None
    row.reopenings += 1
    row.due_at = due_after(context.now, days)
    return _by_reporter(say(context, due_at=row.due_at.isoformat(), reopenings=row.reopenings))


def _by_reporter(said: StepData) -> StepData:
    return replace(said, data={**said.data, "by_reporter": True})
