"""Writes of assignments: drafting, sending, adding to and taking from who is asked, passing on, urging, ending."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.choosing.statements import below, rule_of
from server.assignments.dispatch.drafting.attachments import SUBJECT
from server.assignments.dispatch.drafting.filling import Edit, RuleEdit, copy_what_is_asked, fill, new_draft, sender_of
from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.messages import Told, asked, withdrawn
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.assignments.dispatch.queries import get_assignment, hold_source, sending_roles, sends_for
from server.assignments.dispatch.schemas import (
    MOST_SINGLE,
    ChangeRuleIn,
    CloseIn,
    DraftIn,
    EndIn,
    PassOnIn,
    ReasonIn,
    RecipientRule,
    RulePart,
    SignIn,
    VersionIn,
)
from server.assignments.dispatch.sending.reminding import urge_missing
from server.assignments.dispatch.sending.writing import hold_root, recount, row_of
from server.assignments.dispatch.workflow import ASSIGNMENTS, RECIPIENT, AssignmentMove, RecipientMove
from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import Conflict, Forbidden, Invalid
from server.core.jobs.actions import enqueue
from server.kit.files.actions import copy_files, drop_files
from server.kit.workflow import StepData, begin, perform, perform_held
from server.notifications.inbox.actions import deliver_all
from server.unions.actor import Actor
from server.unions.tree.models import Union

# --- drafts -----------------------------------------------------------------------------------------------------------


def draft_assignment(session: Session, kind: str, body: DraftIn, *, actor: Actor, now: datetime) -> Assignment:
    """Begin a draft. Raises Forbidden for another union's name, Invalid, NotFound for what is out of reach."""
    own = tuple(dict.fromkeys(role_at.union_id for role_at in sending_roles(actor)))
    sender = sender_of(session, own, body.sender_id)
    if sender is None:
        raise Forbidden("您不能以这个工会的名义下发。", code="not_the_sender")
    draft = new_draft(kind_of(kind).name, sender, body.title, actor=actor, now=now)
    fill(session, draft, body, actor, now)
    return begin(ASSIGNMENTS, session, draft, actor=actor, now=now, said=StepData(data={"kind": kind}))


def edit_assignment(
    session: Session, assignment_id: UUID, version: int, body: DraftIn, *, actor: Actor, now: datetime
) -> Assignment:
    """Save a draft. Raises Conflict if somebody was faster, or it was sent."""
    return _move(session, assignment_id, AssignmentMove.EDIT, Edit(version, body), actor, now)


def change_rule(
    session: Session, assignment_id: UUID, body: ChangeRuleIn, *, actor: Actor, now: datetime
) -> Assignment:  # fmt: skip
    """Name a union by itself in a draft's rule, or no more. Raises Invalid for one outside of the subtree."""
    draft = get_assignment(session, assignment_id, actor, lock=True)
    before = rule_of(draft)
    sender = session.get_one(Union, draft.sender_id)
    named = {part: [each for each in getattr(before, part) if each != body.union] for part in RulePart}
    if not body.is_removed:
        if session.scalar(select(Union.id).where(Union.id == body.union, *below(sender))) is None:
            raise Invalid("只能选自己管理范围内、没有停用的单位。", fields={"union": "不在管理范围内"})
        named[body.part].append(body.union)
    rule = RecipientRule.model_validate({**before.model_dump(), **named})
    return _move(session, assignment_id, AssignmentMove.EDIT, RuleEdit(body.version, rule), actor, now)


def discard_draft(session: Session, assignment_id: UUID, version: int, *, actor: Actor, now: datetime) -> None:
    """Remove a draft for good."""
    hold_source(session, assignment_id)
    _move(session, assignment_id, AssignmentMove.DISCARD, VersionIn(version=version), actor, now)
    drop_files(session, SUBJECT, [assignment_id])


def copy_assignment(session: Session, assignment_id: UUID, *, actor: Actor, now: datetime) -> Assignment:
    """A draft that says and asks the same, of the same unions; the date is left open."""
    source = get_assignment(session, assignment_id, actor)
    return _copy(session, source, f"{source.title[:95]}（副本）", actor, now)


def replace_assignment(
    session: Session, assignment_id: UUID, version: int, reason: str, *, actor: Actor, now: datetime
) -> Assignment:
    """A draft of the new version; the old one is replaced, with the reason, when the draft is sent."""
    source = get_assignment(session, assignment_id, actor, lock=True)
    if not sends_for(actor, source.sender_id):
        raise Forbidden("只有发出的工会可以这样处理。", code="not_the_sender")
    if source.status is not AssignmentStatus.SENT or source.version != version:
        raise Conflict("这份任务的状态已经变了，请刷新页面再看。", code="stale")
    known = session.scalar(
        select(Assignment).where(
            Assignment.replaces_id == source.id, Assignment.status == AssignmentStatus.DRAFT
        )
    )  # fmt: skip
    if known is not None:
        raise Conflict("已经起草了新的一份，在草稿里。", code="replaced_already")
    draft = _copy(session, source, source.title, actor, now)
    draft.replaces_id, draft.reason = source.id, EndIn(version=version, reason=reason).reason
    draft.due_on, draft.due_at, draft.root_id = source.due_on, source.due_at, draft.id
    if source.root_id != source.id:
        draft.root_id, draft.form_version_id = source.root_id, source.form_version_id
    session.flush()
    return draft


def _copy(session: Session, source: Assignment, title: str, actor: Actor, now: datetime) -> Assignment:
    sender = session.get_one(Union, source.sender_id)
    if not sends_for(actor, sender.id):
        raise Forbidden("您不能以这个工会的名义下发。", code="not_the_sender")
    draft = new_draft(source.kind, sender, title, actor=actor, now=now)
    copy_what_is_asked(source, draft)
    draft.text, draft.rule = source.text, dict(source.rule)
    begin(ASSIGNMENTS, session, draft, actor=actor, now=now, said=StepData(data={"kind": source.kind}))
    copy_files(session, SUBJECT, source.id, SUBJECT, draft.id, now=now)
    return draft


# --- sending and ending -----------------------------------------------------------------------------------------------


def send_assignment(
    session: Session, assignment_id: UUID, version: int, *, actor: Actor, now: datetime
) -> Assignment:  # fmt: skip
    """Freeze a draft and send it: a job writes the rows of its recipients. Raises Invalid for what is missing."""
    hold_source(session, assignment_id)
    return _move(session, assignment_id, AssignmentMove.SEND, VersionIn(version=version), actor, now)


def withdraw_assignment(
    session: Session, assignment_id: UUID, version: int, reason: str, *, actor: Actor, now: datetime
) -> Assignment:
    """Nobody owes it any more; what was answered is kept. What was passed on goes with it."""
    return _move(session, assignment_id, AssignmentMove.WITHDRAW, EndIn(version=version, reason=reason), actor, now)


def close_assignment(
    session: Session, assignment_id: UUID, version: int, reason: str = "", *, actor: Actor, now: datetime
) -> Assignment:
    """The sender has what they wanted: nothing is taken any more."""
    return _move(session, assignment_id, AssignmentMove.CLOSE, CloseIn(version=version, reason=reason), actor, now)


def _move(
    session: Session, assignment_id: UUID, move: AssignmentMove, form: Any, actor: Actor, now: datetime
) -> Assignment:
    return perform(ASSIGNMENTS, session, assignment_id, move, actor=actor, now=now, form=form)


# --- who is asked, afterwards -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Added:
    """How many unions are asked now, and the names of those who were asked already."""

    count: int
    left_out: tuple[str, ...]


def add_recipients(
    session: Session, assignment_id: UUID, union_ids: Collection[UUID], reason: str, *, actor: Actor, now: datetime
) -> Added:
    """Ask more unions of the sender's subtree. Who was withdrawn is asked again; who has it by the same root is left
    out. Raises Invalid for unions that cannot be asked, Conflict while it is being sent or after it ended."""
    get_assignment(session, assignment_id, actor)
    assignment = hold_root(session, assignment_id)
    if not sends_for(actor, assignment.sender_id):
        raise Forbidden("只有发出的工会可以添加单位。", code="not_the_sender")
    if assignment.status is not AssignmentStatus.SENT:
        raise Conflict("现在不能添加单位，请刷新页面再看。", code="not_now")
    unions = _askable(session, assignment, union_ids)
    rows = {row.union_id: row for row in session.scalars(
        select(Recipient)
        .where(Recipient.root_id == assignment.root_id, Recipient.union_id.in_(union_ids))
        .order_by(Recipient.status == RecipientStatus.WITHDRAWN, Recipient.assignment_id != assignment.id)
        .with_for_update()
    ).all()[::-1]}  # fmt: skip
    form, told, left_out = ReasonIn(reason=reason), [], []
    for union in unions:
        row = rows.get(union.id)
        if row is not None and row.status is not RecipientStatus.WITHDRAWN:
            left_out.append(union.name)
        else:
            told.append(_ask(session, assignment, union, row, form, actor, now))
    recount(session, assignment)
    for each, version in told:
        deliver_all(session, asked(session, assignment, [each], version=version), now=now)
    return Added(len(told), tuple(left_out))


def _askable(session: Session, assignment: Assignment, union_ids: Collection[UUID]) -> list[Union]:
    if not union_ids or len(union_ids) > MOST_SINGLE:
        raise Invalid("请选择要添加的单位。", fields={"union": "请选择单位"})
    sender = session.get_one(Union, assignment.sender_id)
    unions = session.scalars(select(Union).where(Union.id.in_(union_ids), *below(sender)).order_by(Union.id)).all()
    if len(unions) != len(set(union_ids)):
        raise Invalid("只能添加自己管理范围内、没有停用的单位。", fields={"union": "不在管理范围内"})
    if not all(kind_of(assignment.kind).asks(union.level) for union in unions):
        raise Invalid("只能添加企业。", fields={"union": "请选择企业"})
    return list(unions)


def _ask(
    session: Session, assignment: Assignment, union: Union, row: Recipient | None, form: ReasonIn, actor: Actor,
    now: datetime,
) -> tuple[Told, int]:  # fmt: skip
    """Ask one more, or again one who was withdrawn from this very assignment."""
    if row is not None and row.assignment_id == assignment.id:
        context = RECIPIENT.context(session, row, actor=actor, now=now, form=form)
        perform_held(RECIPIENT, context, RecipientMove.ASK_AGAIN)
    else:
        row = Recipient(**row_of(assignment, union, is_copy=False, now=now, reason=form.reason))
        begin(RECIPIENT, session, row, actor=actor, now=now, said=StepData(data={"reason": form.reason}))
    return Told(row.id, row.union_id), row.version


def withdraw_recipient(
    session: Session, recipient_id: UUID, reason: str, *, actor: Actor, now: datetime
) -> Recipient:  # fmt: skip
    """One union owes it no more; what it answered is kept. What it passed on goes with it."""
    form = ReasonIn(reason=reason)
    row = perform(
        RECIPIENT, session, recipient_id, RecipientMove.WITHDRAW, actor=actor, now=now, form=form, party="asker"
    )
    assignment = session.get_one(Assignment, row.assignment_id)
    told = [Told(row.id, row.union_id, row.is_copy)]
    deliver_all(session, withdrawn(session, assignment, told, version=row.version), now=now)
    return row


def sign_receipt(session: Session, recipient_id: UUID, form: SignIn, *, actor: Actor, now: datetime) -> Recipient:
    """A union's reviewer has it. Signing again changes nothing."""
    return perform(RECIPIENT, session, recipient_id, RecipientMove.SIGN, actor=actor, now=now, form=form)


def pass_on(session: Session, recipient_id: UUID, body: PassOnIn, *, actor: Actor, now: datetime) -> Assignment:
    """A draft by which a union passes on what it was asked, to be sent as any other. Who passes on has received.

    Raises Conflict if it is passed on already, may not be, or ended; Invalid for a date after its own while
    that is to come.
    """
    row = perform(RECIPIENT, session, recipient_id, RecipientMove.PASS_ON, actor=actor, now=now, form=body)
    context = RECIPIENT.context(session, row, actor=actor, now=now, form=SignIn())
    if row.status is RecipientStatus.SENT and context.snapshot.wants_receipt:
        perform_held(RECIPIENT, context, RecipientMove.SIGN)
    return get_assignment(session, cast(UUID, row.passed_on_id), None)


def urge(
    session: Session, assignment_id: UUID, only: Collection[UUID] | None = None, *, actor: Actor, now: datetime
) -> int:
    """One message to all who owe it, or to those of these rows, each at most once a day. Returns how many are told."""
    assignment = get_assignment(session, assignment_id, actor, lock=True)
    if not sends_for(actor, assignment.sender_id):
        raise Forbidden("只有发出的工会可以催办。", code="not_the_sender")
    if assignment.status is not AssignmentStatus.SENT:
        raise Conflict("现在不能催办，请刷新页面再看。", code="not_now")
    today = day_of(now)
    count = urge_missing(session, assignment, today, only)
    if count:
        enqueue(session, "dispatch.tell_urged", assignment_id=assignment.id, day=today.isoformat())
        record(
            session, "assignment.urged", subject_type="assignment", subject_id=assignment.id,
            actor_id=actor.person_id, at=now, detail={"count": count},
        )  # fmt: skip
    return count
