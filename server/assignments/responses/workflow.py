"""How a union answers what it was asked, and how the answer is checked.

The upper part of what becomes of a recipient, which declares the whole; `dispatch/workflow.py` has what comes before
and beside it: being asked, signing, being withdrawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import (
    Assignment,
    AssignmentStatus,
    Checker,
    ReceiptChannel,
    Recipient,
    RecipientStatus,
)
from server.assignments.dispatch.queries import form_for, get_recipient, sends_for
from server.assignments.dispatch.texts import ENDED_WORDS
from server.assignments.dispatch.workflow import RECIPIENT, UNIT, RecipientMove, keep_receipt, refuse_ended
from server.assignments.responses import messages
from server.assignments.responses.answering.naming import find_named
from server.assignments.responses.events import ResponseAccepted, ResponseSubmitted
from server.assignments.responses.models import Outcome, Response, ResponseVersion
from server.assignments.responses.queries import is_late
from server.assignments.responses.rules import unknown_paths
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.core.events import Event
from server.kit.workflow import SYSTEM, Move, MoveContext, Party, Step, StepData, Workflow, perform_held
from server.notifications.inbox.actions import deliver
from server.unions.actor import Actor
from server.unions.people.queries import list_reviewers

M, S = RecipientMove, RecipientStatus
Context = MoveContext[Recipient]

TO_ANSWER = (S.SENT, S.RECEIVED, S.BEGUN, S.RETURNED)
NOT_NOW = {
    S.SUBMITTED: "已经提交，正等审核；要改，请审核的工会退回来。",
    S.ACCEPTED: "已经审核通过，不能再改。",
    S.WITHDRAWN: "发出的工会已经撤回，不用再办。",
}


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where somebody answers: whoever does has received it."""

    via: ReceiptChannel


@dataclass(frozen=True, slots=True)
class Sending(Beginning):
    """An answer on its way up, as it will be frozen."""

    frozen: ResponseVersion


def lock_recipient(session: Session, recipient_id: UUID, actor: Actor | None) -> Recipient:
    """The recipient, held; before it its assignment, so that nobody ends it meanwhile. Raises NotFound."""
    assignment_id = session.scalar(select(Recipient.assignment_id).where(Recipient.id == recipient_id))
    if assignment_id is None:
        raise NotFound
    held = select(Assignment).where(Assignment.id == assignment_id).with_for_update(read=True)
    session.scalars(held.execution_options(populate_existing=True)).one()
    return get_recipient(session, recipient_id, actor, lock=True)


def _assignment_of(session: Session, row: Recipient) -> Assignment:
    return session.get_one(Assignment, row.assignment_id)


def _assignment(context: Context) -> Assignment:
    return cast(Assignment, context.snapshot)


def _refuse_others(context: Context) -> AppError | None:
    if (refusal := UNIT.refuse(context)) is not None:
        return refusal
    named_id, actor = find_named(context.session, context.row), context.actor
    if named_id is not None and actor is not None and not actor.is_own(named_id):
        return Forbidden("这项任务指定由另一位同事填报。", code="not_the_named")
    return None


def _refuse_non_checkers(context: Context) -> AppError | None:
    if context.actor is not None and sends_for(context.actor, _assignment(context).sender_id):
        return None
    return Forbidden("由发出任务的工会审核。", code="not_the_sender")


ANSWERER: Party[Recipient] = Party("answerer", _refuse_others)
"""A reviewer of the union that was asked; if somebody is named, they alone."""
CHECKER: Party[Recipient] = Party("checker", _refuse_non_checkers)
"""A reviewer of the union that asked."""


def _refuse_answering(context: Context) -> AppError | None:
    """Nothing is taken for what ended, and nothing where nothing is asked."""
    if (refusal := refuse_ended(context)) is not None:
        return refusal
    if context.row.is_copy:
        return Conflict("这是抄送，不用填报。", code="nothing_asked")
    if _assignment(context).wants_reply:
        return None
    return Conflict("这项任务签收就可以，不用填报。", code="nothing_asked")


def _refuse_checking(context: Context) -> AppError | None:
    """Two pairs of eyes; and what was withdrawn is not checked any more. What came before the end is."""
    status = _assignment(context).status
    if status in (AssignmentStatus.WITHDRAWN, AssignmentStatus.REPLACED):
        return Conflict(ENDED_WORDS[status], code="assignment_ended")
    if context.actor is not None and context.actor.is_own(context.row.submitted_by_id):
        return Forbidden("自己提交的，请别的同事审核。", code="own_answer")
    return None


def _refuse_returning(context: Context) -> AppError | None:
    if _assignment(context).status is AssignmentStatus.CLOSED:
        return Conflict("收集已经结束，退回去对方也交不上来了。", code="assignment_ended")
    return _refuse_checking(context)


def _say_not_now(row: Recipient) -> AppError:
    return Conflict(NOT_NOW.get(row.status, "现在不能这样做，请刷新后再看。"), code="not_now")


def _refuse_correcting(context: Context) -> AppError | None:
    if not kind_of(_assignment(context).kind).may_correct:
        return Conflict(NOT_NOW[S.ACCEPTED], code="not_now")
    return _refuse_answering(context)


def _check_remarks(context: Context) -> AppError | None:
    form = context.form
    if not form.remark and not any(form.remarks.values()):
        return Invalid("请写明哪里要改。", code="nothing_said", fields={"remark": "请写明哪里要改"})
    definition = form_for(context.session, _assignment(context), context.row)
    if unknown := unknown_paths(definition, form.remarks):
        return Invalid(fields=dict.fromkeys(unknown, "表单里没有这一项"))
    return None


def _check_named(context: Context) -> AppError | None:
    person_id = context.form.person
    if person_id is None or person_id in list_reviewers(context.session, context.row.union_id):
        return None
    return Invalid(fields={"person": "请选择本单位的审核员"})


def _name(context: Context) -> StepData | None:
    """None stands for everybody again; the same one again is no news."""
    before, named = context.row.named_id, context.form.person
    if before == named:
        return None
    context.row.named_id = named
    ids = {"before_id": before, "named_id": named}
    return StepData(data={key: str(each) if each is not None else None for key, each in ids.items()})


def _begin(context: Context) -> StepData:
    keep_receipt(context.row, cast(Actor, context.actor), context.form.via, context.now)
    context.row.begun_at = context.now
    return StepData()


def _submit(context: Context) -> StepData:
    row, now, version = context.row, context.now, context.form.frozen
    keep_receipt(row, cast(Actor, context.actor), context.form.via, now)
    row.begun_at = row.begun_at or now
    row.first_submitted_at = row.first_submitted_at or now
    row.submitted_at, row.submitted_by_id = now, context.actor_id
    return StepData(data={"number": version.number, "content_hash": version.content_hash, "is_late": is_late(row)})


def _freeze(context: Context, _step: Step) -> None:
    """Where nobody checks, it is accepted as it is."""
    context.session.add(context.form.frozen)
    context.session.flush()
    if _assignment(context).checker is Checker.NOBODY:
        accepting = replace(context, actor=None, form=None, cause_id=context.actor_id)
        perform_held(RECIPIENT_WORKFLOW, accepting, M.ACCEPT, party=SYSTEM.name)


def _decide(context: Context, outcome: Outcome) -> ResponseVersion:
    row, by = context.row, context.actor.person_id if context.actor is not None else None
    version = context.session.scalars(
        select(ResponseVersion)
        .where(ResponseVersion.recipient_id == row.id)
        .order_by(ResponseVersion.number.desc())
        .limit(1)
    ).one()
    version.outcome, version.decided_at, version.decided_by_id = outcome, context.now, by
    row.decided_at, row.decided_by_id = context.now, by
    return version


def _accept(context: Context) -> StepData:
    draft = context.session.get_one(Response, context.row.id)
    version = _decide(context, Outcome.ACCEPTED)
    draft.correction = None
    return StepData(data={"number": version.number})


def _correct(context: Context) -> StepData:
    """The draft is open again. What was accepted stays in force until the correction is."""
    draft = context.session.get_one(Response, context.row.id)
    draft.correction = context.form.reason
    return StepData(data={"reason": draft.correction})


def _return(context: Context) -> StepData:
    version = _decide(context, Outcome.RETURNED)
    version.remarks = {path: words for path, words in context.form.remarks.items() if words}
    version.remark = context.form.remark or None
    context.row.return_count += 1
    return StepData(data={"number": version.number, "remark_count": len(version.remarks)})


def _announce(event: type[ResponseSubmitted | ResponseAccepted], context: Context, step: Step) -> Sequence[Event]:
    row, number = context.row, step.said.data["number"]
    return (
        event(at=step.at, actor_id=step.actor_id, assignment_id=row.assignment_id, recipient_id=row.id, number=number),
    )


_announce_submission = partial(_announce, ResponseSubmitted)
_announce_acceptance = partial(_announce, ResponseAccepted)


def _tell_named(context: Context, step: Step) -> None:
    told = messages.named(context.session, _assignment(context), context.row, step)
    for each in told:
        deliver(context.session, each, now=step.at)


def _tell_submitted(context: Context, step: Step) -> None:
    assignment = _assignment(context)
    if assignment.checker is not Checker.NOBODY:
        deliver(context.session, messages.submitted(context.session, assignment, step), now=step.at)


def _tell_accepted(context: Context, step: Step) -> None:
    for told in messages.accepted(context.session, _assignment(context), context.row, step):
        deliver(context.session, told, now=step.at)


def _tell_returned(context: Context, step: Step) -> None:
    for told in messages.returned(context.session, _assignment(context), context.row, step):
        deliver(context.session, told, now=step.at)


RECIPIENT_WORKFLOW: Workflow[Recipient] = replace(
    RECIPIENT,
    lock=lock_recipient,
    read_snapshot=_assignment_of,
    moves=(
        *RECIPIENT.moves,
        Move(
            name=M.NAME, party=UNIT, before=(*TO_ANSWER, S.SUBMITTED), label="指定填报人", audit="指定填报人",
            done="已改好由谁填报。", guard=_refuse_answering, check=_check_named, effect=_name, tell=_tell_named,
        ),
        Move(
            name=M.BEGIN, party=ANSWERER, before=(S.SENT, S.RECEIVED), after=S.BEGUN, label="开始填写",
            audit="开始填报", guard=_refuse_answering, not_now=_say_not_now, effect=_begin,
        ),
        Move(
            name=M.SUBMIT, party=ANSWERER, before=TO_ANSWER, after=S.SUBMITTED, label="提交", audit="提交填报",
            done="已提交。", guard=_refuse_answering, not_now=_say_not_now, effect=_submit, follow_up=_freeze,
            announce=_announce_submission, tell=_tell_submitted,
        ),
        Move(
            name=M.CORRECT, party=ANSWERER, before=(S.ACCEPTED,), after=S.BEGUN, label="更正", audit="更正填报",
            done="可以更正了，改好再提交；审核通过前，原来的有效。", guard=_refuse_correcting, not_now=_say_not_now,
            effect=_correct,
        ),
        Move(
            name=M.ACCEPT, party=CHECKER, before=(S.SUBMITTED,), after=S.ACCEPTED, label="审核通过",
            audit="填报审核通过", done="已审核通过。", guard=_refuse_checking, effect=_accept,
            announce=_announce_acceptance, tell=_tell_accepted,
        ),
        Move(
            name=M.ACCEPT, party=SYSTEM, before=(S.SUBMITTED,), after=S.ACCEPTED, label="审核通过",
            audit="填报审核通过", effect=_accept, announce=_announce_acceptance,
        ),
        Move(
            name=M.RETURN, party=CHECKER, before=(S.SUBMITTED,), after=S.RETURNED, label="退回修改",
            audit="填报退回修改", done="已退回修改。", guard=_refuse_returning, check=_check_remarks, effect=_return,
            tell=_tell_returned,
        ),
    ),
)  # fmt: skip
