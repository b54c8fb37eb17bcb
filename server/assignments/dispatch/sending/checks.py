"""Why a draft cannot be sent yet."""

from server.assignments.dispatch.choosing.statements import refuse_tags, rule_of
from server.assignments.dispatch.drafting.filling import refuse_details
from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment, AssignmentStatus, RecipientStatus
from server.assignments.dispatch.queries import count_recipients, find_source
from server.assignments.dispatch.rules import ENDED, refuse_later, refuse_past
from server.core.errors import AppError, Conflict, Invalid
from server.kit.workflow import MoveContext
from server.unions.tree.models import Union


def check_sending(context: MoveContext[Assignment]) -> AppError | None:
    """What is missing or wrong; None if it can be sent."""
    refusal = _refuse_words(context) or _refuse_source(context) or _refuse_replacing(context)
    return refusal or _refuse_tags(context) or _refuse_nobody(context)


def _refuse_words(context: MoveContext[Assignment]) -> AppError | None:
    draft, kind = context.row, kind_of(context.row.kind)
    if kind.wants_form and draft.form_id is None:
        return Invalid("请先选择要填的表单。", fields={"form_id": "请选择表单"})
    if draft.wants_reply and draft.due_on is None:
        return Invalid("要答复的，请写明哪天之前。", fields={"due_on": "请填写截止日期"})
    return refuse_past(draft.due_on, context.now) or refuse_details(draft)


def _refuse_source(context: MoveContext[Assignment]) -> AppError | None:
    """Of what is passed on: it must still be asked, and not for later than it is asked itself while that is to come."""
    draft = context.row
    if draft.root_id == draft.id:
        return None
    source = find_source(context.session, draft.replaces_id or draft.id)
    if source is None or source.status is RecipientStatus.WITHDRAWN:
        return Conflict("上级已经撤回了这份任务，不用再转发。", code="assignment_ended")
    above = context.session.get_one(Assignment, source.assignment_id, populate_existing=True)
    if above.status in ENDED:
        return Conflict("上级的这份任务已经结束，不用再转发。", code="assignment_ended")
    return refuse_later(draft.due_on, above.due_on, context.now)


def _refuse_replacing(context: MoveContext[Assignment]) -> AppError | None:
    if context.row.replaces_id is None:
        return None
    replaced = context.session.get_one(Assignment, context.row.replaces_id, populate_existing=True)
    if replaced.status is AssignmentStatus.SENT:
        return None
    return Conflict("要替代的那一份已经不在办理中，请直接新发一份。", code="not_now")


def _refuse_tags(context: MoveContext[Assignment]) -> AppError | None:
    draft = context.row
    return refuse_tags(context.session, rule_of(draft), context.session.get_one(Union, draft.sender_id))


def _refuse_nobody(context: MoveContext[Assignment]) -> AppError | None:
    counted, kind = count_recipients(context.session, context.row), kind_of(context.row.kind)
    if not all(map(kind.asks, counted.by_level)):
        return Invalid(f"{kind.label}只能发给企业，请看看“发给谁”。", fields={"levels": "只能选企业"})
    if counted.asked:
        return None
    return Invalid("还没有选中一个单位，请看看“发给谁”。", code="no_recipients", fields={"levels": "没有选中单位"})
