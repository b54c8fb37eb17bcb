"""Objections to a published list, and their answers."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from server.core.errors import AppError, Conflict, Forbidden, NotFound
from server.kit.workflow import Step, StepData
from server.notifications.inbox.actions import deliver
from server.oversight.awards import messages
from server.oversight.awards.batches.entries import Context
from server.oversight.awards.models import AwardEntry, AwardObjection, EntryStatus, ObjectionStatus
from server.oversight.awards.schemas import AnswerIn, ObjectionIn

OBJECTIONS_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class OnObjection:
    """The form of a move that concerns one objection, with what was filled in."""

    objection_id: UUID
    form: ObjectionIn | AnswerIn


def was_objected(context: Context) -> bool:
    """The same again. Raises Conflict for other content under the same id."""
    known, form = context.session.get(AwardObjection, context.form.objection_id), context.form.form
    if known is None:
        return False
    same = (known.batch_id, known.person_id, known.text, known.entry_id)
    if same == (context.row.id, context.actor_id, form.text, form.entry_id):
        return True
    raise Conflict("这个编号已经用过了，内容不一样。", code="content_differs")


def refuse_late_objecting(context: Context) -> AppError | None:
    """While the list is open to objections."""
    if context.row.objections_until is None or context.now > context.row.objections_until:
        return Conflict("公示期已经结束，不能再提异议。", code="objections_closed")
    return None


def check_objection(context: Context) -> AppError | None:
    """About an entry of the list, if about one; not too many of one person at a time."""
    session, entry_id = context.session, context.form.form.entry_id
    if entry_id is not None:
        entry = session.get(AwardEntry, entry_id)
        if entry is None or entry.batch_id != context.row.id or entry.status is not EntryStatus.LISTED:
            return NotFound("名单里没有这一项。")
    waiting = select(func.count()).where(
        AwardObjection.batch_id == context.row.id,
        AwardObjection.person_id == context.actor_id,
        AwardObjection.status == ObjectionStatus.OPEN,
    )
    if (session.scalar(waiting) or 0) >= OBJECTIONS_AT_ONCE:
        return Conflict("你还有几条异议没有答复，请等答复后再提。", code="too_many_objections")
    return None


def make_objection(context: Context) -> StepData:
    """Keep it, open."""
    form = context.form.form
    context.session.add(
        AwardObjection(
            id=context.form.objection_id, batch_id=context.row.id, entry_id=form.entry_id, person_id=context.actor_id,
            text=form.text, status=ObjectionStatus.OPEN, at=context.now,
        )
    )  # fmt: skip
    return StepData(data={"objection_id": str(context.form.objection_id)})


def objection_of(context: Context) -> AwardObjection:
    """The objection that a move concerns."""
    return context.session.get_one(AwardObjection, context.form.objection_id)


def check_answering(context: Context) -> AppError | None:
    """Once, and not one's own."""
    objection = objection_of(context)
    if objection.status is not ObjectionStatus.OPEN:
        return Conflict("这条异议已经答复过了。", code="answered_already")
    if context.actor is not None and context.actor.is_own(objection.person_id):
        return Forbidden("这是您自己提的异议，请由别人答复。", code="own_objection")
    return None


def answer(context: Context) -> StepData:
    """Upheld, the entry falls (the workflow says so)."""
    objection, form = objection_of(context), context.form.form
    objection.status = ObjectionStatus.UPHELD if form.uphold else ObjectionStatus.REJECTED
    objection.answer, objection.answered_by_id, objection.answered_at = form.text, context.actor_id, context.now
    return StepData(data={"objection_id": str(objection.id), "upheld": form.uphold})


def tell_made(context: Context, step: Step) -> None:
    """Whoever answers it."""
    deliver(context.session, messages.objected(context.session, context.row, context.form.objection_id), now=step.at)


def tell_answered(context: Context, step: Step) -> None:
    """Whoever objected."""
    deliver(context.session, messages.objection_answered(context.row, objection_of(context)), now=step.at)
