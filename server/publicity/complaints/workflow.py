"""States and moves of a complaint: somebody complains, the union keeps what it is about or takes it down."""

from collections.abc import Collection
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import AppError, Forbidden, NotFound
from server.core.messages import GroupMessage, Message
from server.core.slice import declared
from server.kit.published import Published
from server.kit.workflow import SYSTEM, Move, MoveContext, Party, Step, StepData, Workflow
from server.notifications.inbox.actions import deliver
from server.publicity.complaints.models import Complainant, Complaint, ComplaintMove, ComplaintStatus
from server.publicity.complaints.permissions import MAY_DECIDE, MAY_READ
from server.unions.actor import Actor, in_scope

Context = MoveContext[Complaint]
S, M = ComplaintStatus, ComplaintMove


def published_as(subject: str) -> Published:
    """What the slice declares of that kind of thing. Raises NotFound."""
    found = next((each for each in declared().published if each.subject == subject), None)
    if found is None:
        raise NotFound
    return cast(Published, found)


def get_complaint(session: Session, complaint_id: UUID, actor: Actor | None, *, lock: bool = False) -> Complaint:
    """A complaint within the actor's subtrees. Raises NotFound."""
    statement = select(Complaint).where(Complaint.id == complaint_id).execution_options(populate_existing=lock)
    if actor is not None:
        statement = statement.where(in_scope(actor, Complaint, MAY_READ))
    found = session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFound
    return found


def _lock(session: Session, complaint_id: UUID, actor: Actor | None) -> Complaint:
    return get_complaint(session, complaint_id, actor, lock=True)


def _read_concerned(session: Session, row: Complaint) -> Collection[UUID]:
    """Whose it is, and who complains."""
    complaining = session.scalars(select(Complainant.person_id).where(Complainant.complaint_id == row.id))
    return {*complaining, *published_as(row.subject).owners(session, row.subject_id)}


def _refuse_outsiders(context: Context) -> AppError | None:
    actor = context.actor
    if actor is None or not actor.holds_over(context.row, MAY_DECIDE):
        return Forbidden("举报由管理范围里的工会处理。")
    if any(actor.is_own(each) for each in cast(Collection[UUID], context.snapshot)):
        return Forbidden("这是您自己的，或者是您自己举报的，请同事处理。")
    return None


DECIDER: Party[Complaint] = Party("decider", _refuse_outsiders)


def _decide(context: Context) -> StepData:
    row = context.row
    row.decided_at, row.decided_by_id, row.answer = context.now, context.actor_id, context.form.answer
    return StepData(data={"reason": row.answer})


def _take_down(context: Context, _step: Step) -> None:
    row, actor = context.row, cast(Actor, context.actor)
    published_as(row.subject).take_down(context.session, row.subject_id, row.answer, actor, context.now)


def _tell(context: Context, _step: Step) -> None:
    row = context.row
    label = published_as(row.subject).label
    outcome = "已经撤下" if row.status is S.TAKEN_DOWN else "看过了，没有撤下"
    message = Message("你的举报有答复了", f"你举报的{label}，工会{outcome}。答复：{row.answer}")
    people = context.session.scalars(select(Complainant.person_id).where(Complainant.complaint_id == row.id)).all()
    told = GroupMessage(people=people, key=f"complaint:{row.id}", message=message, day_only=True)
    deliver(context.session, told, now=context.now)


COMPLAINTS: Workflow[Complaint] = Workflow(
    subject="complaint",
    statuses=ComplaintStatus,
    lock=_lock,
    read_snapshot=_read_concerned,
    moves=(
        Move(name=M.COMPLAIN, party=SYSTEM, before=(), after=S.OPEN, label="举报", audit="有人举报"),
        Move(
            name=M.KEEP, party=DECIDER, before=(S.OPEN,), after=S.KEPT, label="保留", audit="举报处理：保留",
            done="已保留，举报的人会收到答复。", effect=_decide, tell=_tell,
        ),
        Move(
            name=M.TAKE_DOWN, party=DECIDER, before=(S.OPEN,), after=S.TAKEN_DOWN, label="撤下",
            audit="举报处理：撤下", done="已撤下，职工看不到了；举报的人会收到答复。", effect=_decide,
            follow_up=_take_down, tell=_tell,
        ),
    ),
)  # fmt: skip
