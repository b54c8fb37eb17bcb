"""States and moves of an assignment, and those moves of a recipient's row that are no answering.

`RECIPIENT` is the lower part of one workflow: `assignments/responses` adds the moves of answering and of checking, and
declares the whole (decision 55).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.drafting.filling import Edit, RuleEdit, fill, new_child, unlink
from server.assignments.dispatch.models import (
    Assignment,
    AssignmentStatus,
    ReceiptChannel,
    Recipient,
    RecipientStatus,
)
from server.assignments.dispatch.queries import get_assignment, get_recipient, sends_for
from server.assignments.dispatch.rules import ENDED
from server.assignments.dispatch.schemas import EndIn, ReasonIn
from server.assignments.dispatch.sending.checks import check_sending
from server.assignments.dispatch.sending.starting import freeze, start
from server.assignments.dispatch.texts import ENDED_WORDS
from server.core.errors import AppError, Conflict, Forbidden
from server.core.jobs.actions import enqueue
from server.kit.workflow import SYSTEM, Move, MoveContext, Party, Step, StepData, Workflow, begin, perform_held
from server.unions.actor import Actor
from server.unions.roles import REVIEWERS, Role

A, R = AssignmentStatus, RecipientStatus


class AssignmentMove(StrEnum):
    DRAFT = "draft"
    EDIT = "edit"
    DISCARD = "discard"
    SEND = "send"
    FINISH = "finish"  # every row is written
    WITHDRAW = "withdraw"
    REPLACE = "replace"
    CLOSE = "close"


class RecipientMove(StrEnum):
    """All moves of a row: `name`, `begin`, `submit`, `accept`, `return` and `correct` are those of responses."""

    ASK = "ask"
    SIGN = "sign"
    PASS_ON = "pass_on"
    NAME = "name"
    BEGIN = "begin"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    ASK_AGAIN = "ask_again"


# --- assignments ------------------------------------------------------------------------------------------------------

AssignmentContext = MoveContext[Assignment]


def _lock_assignment(session: Session, assignment_id: UUID, actor: Actor | None) -> Assignment:
    return get_assignment(session, assignment_id, actor, lock=True)


def _refuse_non_sender(context: AssignmentContext) -> AppError | None:
    if context.actor is not None and sends_for(context.actor, context.row.sender_id):
        return None
    return Forbidden("只有发出的工会可以这样处理。", code="not_the_sender")


SENDER: Party[Assignment] = Party("sender", _refuse_non_sender)
"""A reviewer of the union in whose name it is sent."""


def _edit(context: AssignmentContext) -> StepData:
    if isinstance(context.form, RuleEdit):
        context.row.rule = context.form.rule.model_dump(mode="json")
    else:
        edit: Edit = context.form
        fill(context.session, context.row, edit.body, cast(Actor, context.actor), context.now)
    context.row.edited_at = context.now
    return StepData()


def _discard(context: AssignmentContext) -> StepData:
    """It never had a number, so it leaves no gap."""
    unlink(context.session, context.row)
    context.session.delete(context.row)
    return StepData()


def _send(context: AssignmentContext) -> StepData:
    frozen = freeze(context.session, context.row, actor=cast(Actor, context.actor), now=context.now)
    row = context.row
    row.number, row.form_version_id, row.expected_count = frozen.number, frozen.form_version_id, frozen.count
    row.sent_at, row.sent_by_id = context.now, context.actor_id
    return StepData(data={"number": frozen.number, "recipient_count": frozen.count})


def _after_sending(context: AssignmentContext, _step: Step) -> None:
    replaced = start(context.session, context.row, actor=cast(Actor, context.actor), now=context.now)
    if replaced is None:
        return
    reason, context.row.reason = context.row.reason or "已换成新的一份", None
    context.session.flush()
    form = EndIn(version=replaced.version, reason=reason)
    ended = ASSIGNMENTS.context(
        context.session, replaced, actor=None, now=context.now, form=form, cause_id=context.actor_id
    )
    perform_held(ASSIGNMENTS, ended, AssignmentMove.REPLACE)


def _end(context: AssignmentContext) -> StepData:
    reason = context.form.reason or None
    context.row.ended_at, context.row.ended_by_id, context.row.reason = context.now, context.actor_id, reason
    return StepData(data={"reason": reason} if reason else {})


def _after_end(context: AssignmentContext, _step: Step) -> None:
    """The rows follow, in batches."""
    enqueue(context.session, "dispatch.end_recipients", assignment_id=context.row.id)


_END: dict[str, Any] = {"effect": _end, "follow_up": _after_end}
UNDER_WAY = (A.SENDING, A.SENT)

ASSIGNMENTS: Workflow[Assignment] = Workflow(
    subject="assignment",
    statuses=A,
    lock=_lock_assignment,
    say_not_now=lambda _row: "这份任务的状态已经变了，请刷新页面再看。",
    moves=(
        Move(name=AssignmentMove.DRAFT, party=SENDER, before=(), after=A.DRAFT, label="起草", audit="起草任务"),
        Move(
            name=AssignmentMove.EDIT, party=SENDER, before=(A.DRAFT,), label="保存", audit="修改任务草稿",
            done="草稿已保存。", effect=_edit,
        ),
        Move(
            name=AssignmentMove.DISCARD, party=SENDER, before=(A.DRAFT,), label="删除草稿", audit="删除任务草稿",
            asks="草稿删除后不能找回。", done="草稿已删除。", effect=_discard,
        ),
        Move(
            name=AssignmentMove.SEND, party=SENDER, before=(A.DRAFT,), after=A.SENDING, label="发送", audit="发出任务",
            asks="发出后内容和附件都不能再改，确定发出吗？", done="正在发送，几秒钟就好。",
            check=check_sending, effect=_send, follow_up=_after_sending,
        ),
        Move(
            name=AssignmentMove.FINISH, party=SYSTEM, before=(A.SENDING,), after=A.SENT, label="发送完成",
            audit="任务发送完成",
        ),
        Move(
            name=AssignmentMove.WITHDRAW, party=SENDER, before=UNDER_WAY, after=A.WITHDRAWN, label="撤回",
            audit="撤回任务", asks="撤回后每个单位都会收到消息，已经交来的仍保留。确定撤回吗？", done="已撤回。",
            **_END,
        ),
        Move(
            name=AssignmentMove.WITHDRAW, party=SYSTEM, before=UNDER_WAY, after=A.WITHDRAWN, label="撤回",
            audit="撤回任务", **_END,
        ),
        Move(
            name=AssignmentMove.REPLACE, party=SYSTEM, before=UNDER_WAY, after=A.REPLACED, label="替代",
            audit="任务被新的一份替代", **_END,
        ),
        Move(
            name=AssignmentMove.CLOSE, party=SENDER, before=(A.SENT,), after=A.CLOSED, label="结束收集",
            audit="结束任务", asks="结束后不能再交，确定结束吗？", done="已结束。", **_END,
        ),
        Move(
            name=AssignmentMove.CLOSE, party=SYSTEM, before=UNDER_WAY, after=A.CLOSED, label="结束收集",
            audit="结束任务", **_END,
        ),
    ),
)  # fmt: skip


# --- recipients -------------------------------------------------------------------------------------------------------

RecipientContext = MoveContext[Recipient]


@dataclass(frozen=True, slots=True)
class Asked:
    """What guards ask of the assignment behind a row, as it stands after the row is locked."""

    status: AssignmentStatus
    sender_id: UUID
    wants_receipt: bool
    may_pass_on: bool


def read_asked(session: Session, row: Recipient) -> Asked:
    """Read afresh: it may have ended since the page was made."""
    columns = (Assignment.status, Assignment.sender_id, Assignment.wants_receipt, Assignment.may_pass_on)
    return Asked(*session.execute(select(*columns).where(Assignment.id == row.assignment_id)).one())


def _lock_recipient(session: Session, recipient_id: UUID, actor: Actor | None) -> Recipient:
    return get_recipient(session, recipient_id, actor, lock=True)


def _refuse_non_unit(context: RecipientContext) -> AppError | None:
    if context.actor is not None and unit_role(context.actor, context.row) is not None:
        return None
    return Forbidden("由收到任务的单位办理。", code="not_the_recipient")


def unit_role(actor: Actor, row: Recipient) -> Role | None:
    """The post by which the actor acts for the union that was asked, None for others."""
    held = (each for each in actor.roles if each.role in REVIEWERS and each.union_id == row.union_id)
    return next((each.role for each in held), None)


def _refuse_non_asker(context: RecipientContext) -> AppError | None:
    asked: Asked = context.snapshot
    if context.actor is not None and sends_for(context.actor, asked.sender_id):
        return None
    return Forbidden("只有发出的工会可以这样处理。", code="not_the_sender")


UNIT: Party[Recipient] = Party("unit", _refuse_non_unit)
"""A reviewer of the union that was asked."""
ASKER: Party[Recipient] = Party("asker", _refuse_non_asker)
"""A reviewer of the union that asks."""


def refuse_ended(context: RecipientContext) -> AppError | None:
    """Why nothing is taken for what its sender ended."""
    asked: Asked = context.snapshot
    return Conflict(ENDED_WORDS[asked.status], code="assignment_ended") if asked.status in ENDED else None


def keep_receipt(row: Recipient, actor: Actor, via: ReceiptChannel, now: datetime) -> None:
    """Write down which post has it, unless somebody signed before."""
    if row.received_at is None:
        row.received_at, row.received_by_id = now, actor.person_id
        row.received_role, row.received_via = unit_role(actor, row), via


def _refuse_receipt(context: RecipientContext) -> AppError | None:
    asked: Asked = context.snapshot
    return refuse_ended(context) or (None if asked.wants_receipt else Conflict("这份不用签收。", code="no_receipt"))


def _sign(context: RecipientContext) -> StepData:
    via = context.form.via if context.form is not None else ReceiptChannel.CONSOLE
    keep_receipt(context.row, cast(Actor, context.actor), via, context.now)
    return StepData()


def _refuse_passing_on(context: RecipientContext) -> AppError | None:
    row, asked = context.row, cast(Asked, context.snapshot)
    if context.actor is None or not sends_for(context.actor, row.union_id):
        return Forbidden("只有镇街以上工会可以转发。", code="not_the_recipient")
    if row.is_copy or not asked.may_pass_on:
        return Conflict("发出的工会没有让转发这一份。", code="not_to_be_passed_on")
    if row.passed_on_id is not None:
        return Conflict("已经转发过了，可以在转发的那一份里添加单位。", code="passed_on_already")
    return refuse_ended(context)


def _pass_on(context: RecipientContext) -> StepData:
    row, actor = context.row, cast(Actor, context.actor)
    source = context.session.get_one(Assignment, row.assignment_id)
    child = new_child(context.session, source, row, context.form, actor=actor, now=context.now)
    begin(ASSIGNMENTS, context.session, child, actor=actor, now=context.now, said=StepData())
    row.passed_on_id = child.id
    return StepData(data={"passed_on_id": str(child.id)})


def _withdraw(context: RecipientContext) -> StepData:
    context.row.withdrawn_reason = context.form.reason
    return StepData(data={"reason": context.form.reason})


def _withdraw_below(context: RecipientContext, _step: Step) -> None:
    """What the union passed on goes with it; a draft stays, and cannot be sent."""
    if context.row.passed_on_id is None:
        return
    child = get_assignment(context.session, context.row.passed_on_id, None, lock=True)
    if child.status in UNDER_WAY:
        form = EndIn(version=child.version, reason=context.form.reason)
        ended = ASSIGNMENTS.context(
            context.session, child, actor=None, now=context.now, form=form, cause_id=context.actor_id
        )
        perform_held(ASSIGNMENTS, ended, AssignmentMove.WITHDRAW, party=SYSTEM.name)


def _ask_again(context: RecipientContext) -> StepData:
    """As if it were new; what was answered before is kept. What was passed on ended with it: it may be again."""
    row, form = context.row, cast(ReasonIn, context.form)
    passed_on = context.session.get(Assignment, row.passed_on_id) if row.passed_on_id else None
    if passed_on is not None and passed_on.status is not A.DRAFT:
        row.passed_on_id = None
    row.withdrawn_reason, row.added_reason, row.sent_at = None, form.reason, context.now
    row.received_at = row.received_by_id = row.received_role = row.received_via = row.begun_at = None
    row.first_submitted_at = row.submitted_at = row.submitted_by_id = row.decided_at = row.decided_by_id = None
    row.urged_on = row.reminded_on = None
    return StepData(data={"reason": form.reason})


STANDING = tuple(status for status in R if status is not R.WITHDRAWN)

RECIPIENT: Workflow[Recipient] = Workflow(
    subject="recipient",
    statuses=R,
    lock=_lock_recipient,
    read_snapshot=read_asked,
    say_not_now=lambda _row: "这份任务的状态已经变了，请刷新页面再看。",
    moves=(
        Move(name=RecipientMove.ASK, party=SYSTEM, before=(), after=R.SENT, label="下发", audit="下发给单位"),
        Move(
            name=RecipientMove.SIGN, party=UNIT, before=(R.SENT,), after=R.RECEIVED, label="签收", audit="签收任务",
            done="已签收。", is_made=lambda context: context.row.received_at is not None, guard=_refuse_receipt,
            effect=_sign,
        ),
        Move(
            name=RecipientMove.PASS_ON, party=UNIT, before=(R.SENT, R.RECEIVED, R.BEGUN, R.RETURNED), label="转发下级",
            audit="转发任务", guard=_refuse_passing_on, effect=_pass_on,
        ),
        Move(
            name=RecipientMove.WITHDRAW, party=ASKER, before=STANDING, after=R.WITHDRAWN, label="撤回",
            audit="撤回单位的任务", done="已撤回。", effect=_withdraw, follow_up=_withdraw_below,
        ),
        Move(
            name=RecipientMove.WITHDRAW, party=SYSTEM, before=STANDING, after=R.WITHDRAWN, label="撤回",
            audit="撤回单位的任务", effect=_withdraw, follow_up=_withdraw_below,
        ),
        Move(
            name=RecipientMove.ASK_AGAIN, party=ASKER, before=(R.WITHDRAWN,), after=R.SENT, label="重新下发",
            audit="重新下发给单位", guard=refuse_ended, effect=_ask_again,
        ),
    ),
)  # fmt: skip
