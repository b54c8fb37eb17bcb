"""The deadline of a rectification: it runs while the addressee has to act, stands still while others have to, and is
extended from above."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import AppError, Conflict, Invalid
from server.kit.deadlines.rules import Deadline
from server.kit.workflow import StepData
from server.review.rectification.models import Evidence
from server.review.rectification.moves.parties import Context
from server.review.rectification.schemas import MoveIn
from server.unions.campaigns.queries import campaign_facts

DEFAULT_DAYS = 15  # working days, where the campaign does not know the grade any more


def days_of_grade(session: Session, campaign_id: UUID, grade: int) -> int:
    """How many working days the campaign gives for hazards of a grade."""
    return campaign_facts(session, campaign_id).rectify_days.get(grade, DEFAULT_DAYS)


def say(context: Context, **data: Any) -> StepData:
    """What was said with the move, with the evidence that shows it."""
    form = context.form
    if isinstance(form, Evidence):
        return StepData(form.text, data={**data, "evidence_id": str(form.id)})
    return StepData(form.text, form.note if isinstance(form, MoveIn) else "", data=data)


def answer(context: Context) -> StepData:
    """The addressee says something, perhaps for the first time."""
    _note_answer(context)
    return say(context)


def _note_answer(context: Context) -> None:
    context.row.answered_at = context.row.answered_at or context.now


def stop_clock(context: Context) -> StepData:
    """The deadline stands still; an extension that waits for an answer falls away with the need for it."""
    row = context.row
    _note_answer(context)
    deadline = Deadline.of(row).pause(context.now)
    deadline.store(row)
    row.asked_days = None
    return say(context, rest_days=deadline.rest_days)


def start_clock(context: Context) -> StepData:
    """The deadline runs on, with a day left at least."""
    before = Deadline.of(context.row)
    deadline = before.resume(context.now)
    deadline.store(context.row)
    return say(
        context, due_at=deadline.due_at.isoformat(), due_before=before.due_at.isoformat(), rest_days=before.rest_days
    )


def drop(context: Context) -> StepData:
    """There is nothing to be done by then."""
    context.row.rest_days = None
    return say(context)


def void(context: Context) -> StepData:
    """The decision behind it was taken back: nobody says why here."""
    context.row.rest_days = context.row.asked_days = None
    return StepData()


# --- extensions -------------------------------------------------------------------------------------------------------


def refuse_second_request(context: Context) -> AppError | None:
    """One at a time."""
    if context.row.asked_days is None:
        return None
    return Conflict("已经申请了延期，请等上级工会答复。", code="extension_pending")


def refuse_without_request(context: Context) -> AppError | None:
    """There is something to answer."""
    return Conflict("没有人申请延期。", code="nothing_asked") if context.row.asked_days is None else None


def ask_extension(context: Context) -> StepData:
    """So many working days more."""
    _note_answer(context)
    context.row.asked_days = context.form.days
    return say(context, days=context.form.days)


def refuse_more_than_asked(context: Context) -> AppError | None:
    """A union gives fewer days than were asked for, never more."""
    asked = context.row.asked_days
    if asked is None or context.form.days <= asked:
        return None
    return Invalid(fields={"days": f"申请的是 {asked} 个工作日，不能给得更多。"})


def grant_extension(context: Context) -> StepData:
    """Counted from the deadline, and not over already."""
    row, days = context.row, context.form.days
    before, asked = Deadline.of(row), row.asked_days
    after = before.extend(context.now, days)
    after.store(row)
    row.asked_days = None
    due = {"due_before": before.due_at.isoformat(), "due_at": after.due_at.isoformat()}
    return say(context, days=days, asked_days=asked, **due)


def refuse_extension(context: Context) -> StepData:
    """The deadline stays."""
    asked, context.row.asked_days = context.row.asked_days, None
    return say(context, asked_days=asked)
