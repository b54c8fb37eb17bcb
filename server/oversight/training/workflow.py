"""States and moves of a session: planned, announced, held, its papers written, handed in, archived."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.core.geodesy import to_datum
from server.kit.workflow import Move, MoveContext, Party, Step, StepData, Workflow, say_reason
from server.notifications.inbox.actions import deliver
from server.oversight.training import messages
from server.oversight.training.models import (
    CHANGING,
    DRILLS,
    SessionStatus,
    TrainingInvitation,
    TrainingSession,
)
from server.oversight.training.permissions import MAY_REVIEW
from server.oversight.training.ports import WHAT_LACKS
from server.oversight.training.queries import count_present, get_session, has_headcounts, invited, leads_for
from server.oversight.training.rules import moments_of, windows_of
from server.oversight.training.schemas import SessionIn, read_point
from server.unions.actor import Actor

S = SessionStatus
Context = MoveContext[TrainingSession]


class SessionMove(StrEnum):
    """What can be done to a session."""

    PLAN = "plan"
    EDIT = "edit"
    NOTIFY = "notify"
    START = "start"
    END = "end"
    WRITE = "write"
    HAND_IN = "hand_in"
    ARCHIVE = "archive"
    RETURN = "return"
    CANCEL = "cancel"


M = SessionMove


def lock_session(session: Session, session_id: UUID, actor: Actor | None) -> TrainingSession:
    """The session, held until the transaction ends. Raises NotFound if the actor may not know of it."""
    if actor is None:
        raise NotFound
    return get_session(session, session_id, actor, lock=True)


def _refuse_others(context: Context) -> AppError | None:
    if context.actor is not None and leads_for(context.actor, context.row.organiser_id) is not None:
        return None
    return Forbidden("由举办培训的工会处理。", code="not_the_organiser")


def _refuse_reviewer(context: Context) -> AppError | None:
    """A union above the organiser, or at the top the organiser itself; never who handed it in."""
    actor, row = context.actor, context.row
    if actor is None:
        return Forbidden()
    over = actor.carrying(MAY_REVIEW).reviewing_over(row)
    if not any(each.union_id != row.organiser_id or row.organiser_id == row.city_id for each in over):
        return Forbidden("由上一级工会审核归档。", code="not_above")
    if actor.is_own(row.handed_in_by_id):
        return Forbidden("自己提交的，要由别人审核。", code="own_work")
    return None


ORGANISER = Party("organiser", _refuse_others)
"""A reviewer of the union that holds it."""
REVIEWER = Party("reviewer", _refuse_reviewer)
"""A union above."""


def fill(row: TrainingSession, form: SessionIn) -> None:
    """Write the plan of a session."""
    for name in ("kind", "title", "theme", "legal_basis", "venue", "hours", "trainer", "qualification", "audience"):
        setattr(row, name, getattr(form, name))
    row.induction, row.planned_count = form.induction or None, form.planned_count or None
    row.plan, row.notice_link = form.plan, form.notice_link
    point = to_datum(*read_point(form.point), form.datum, "wgs84") if form.point else (None, None)
    row.latitude, row.longitude = point
    row.starts_at, row.ends_at = moments_of(form.day, form.begins, form.ends)
    windows = windows_of(row.starts_at, row.ends_at)
    row.check_in_from, row.check_in_until = windows.check_in_from, windows.check_in_until
    row.check_out_from, row.check_out_until = windows.check_out_from, windows.check_out_until


def _edit(context: Context) -> StepData:
    fill(context.row, context.form)
    return StepData()


def _follow_edit(context: Context, _step: Step) -> None:
    those = update(TrainingInvitation).where(TrainingInvitation.session_id == context.row.id)
    context.session.execute(those.values(starts_at=context.row.starts_at))


def _refuse_other_kind(context: Context) -> AppError | None:
    """What was noted of a drill would hang in the air."""
    if (context.form.kind in DRILLS) == (context.row.kind in DRILLS):
        return None
    return Invalid(fields={"kind": "培训和演练不能互相改，请取消后重新建"})


def _refuse_early(context: Context) -> AppError | None:
    """Nobody can have been where nothing was held yet: the list of people opens with the window of checking in."""
    if context.now >= context.row.check_in_from:
        return None
    return Conflict("还没到培训的时间，开始前一小时才能点“开始”。时间改了的，先改培训时间。", code="too_early")


def _refuse_uninvited(context: Context) -> AppError | None:
    if invited(context.session, context.row.id):
        return None
    return Conflict("还没有选请哪些单位参加。", code="nobody_invited")


def _write(context: Context) -> StepData:
    row, form = context.row, context.form
    row.evaluation, row.summary = form.evaluation, form.summary
    row.cost_cents = None if form.cost == "" else int(form.cost * 100)
    return StepData()


def lacks(session: Session, row: TrainingSession) -> list[str]:
    """What has to be there before the papers are whole."""
    found = []
    if count_present(session, row.id)[1] == 0 and not has_headcounts(session, row.id):
        found.append("核实过的参加人员")
    if not row.trainer and row.kind not in DRILLS:
        found.append("培训人")
    if not row.evaluation:
        found.append("效果评价")
    if not row.summary:
        found.append("小结")
    return found + [each for says in WHAT_LACKS.answers for each in says(session, row)]


def _refuse_incomplete(context: Context) -> AppError | None:
    missing = lacks(context.session, context.row)
    return Conflict(f"还缺：{'、'.join(missing)}。", code="papers_lacking") if missing else None


def _hand_in(context: Context) -> StepData:
    context.row.handed_in_by_id, context.row.handed_in_at = context.actor_id, context.now
    return StepData()


def _archive(context: Context) -> StepData:
    context.row.archived_by_id, context.row.archived_at = context.actor_id, context.now
    return StepData()


def _keep_reason(context: Context) -> StepData:
    context.row.reason = context.form.reason
    return say_reason(context)


def _tell_invited(context: Context, step: Step) -> None:
    for told in messages.announced(context.session, context.row, step.actor_id):
        deliver(context.session, told, now=step.at)


def _tell_returned(context: Context, step: Step) -> None:
    deliver(context.session, messages.returned(context.session, context.row, step.actor_id), now=step.at)


OVER = (S.INCOMPLETE, S.RETURNED)
SESSIONS: Workflow[TrainingSession] = Workflow(
    subject="training",
    statuses=SessionStatus,
    lock=lock_session,
    moves=(
        Move(name=M.PLAN, party=ORGANISER, before=(), after=S.PLANNED, label="新建培训", audit="新建培训"),
        Move(
            name=M.EDIT, party=ORGANISER, before=(S.PLANNED, S.NOTIFIED), label="保存", audit="修改培训",
            done="已保存。", check=_refuse_other_kind, effect=_edit, follow_up=_follow_edit,
        ),
        Move(
            name=M.NOTIFY, party=ORGANISER, before=(S.PLANNED,), after=S.NOTIFIED, label="通知参加单位",
            audit="通知培训", done="已通知。职工在手机“培训”里能看到。", guard=_refuse_uninvited, tell=_tell_invited,
        ),
        Move(
            name=M.START, party=ORGANISER, before=(S.PLANNED, S.NOTIFIED), after=S.RUNNING, label="开始",
            audit="开始培训", done="已开始，可以打开签到码了。", check=_refuse_early,
        ),
        Move(
            name=M.END, party=ORGANISER, before=(S.RUNNING,), after=S.INCOMPLETE, label="结束", audit="结束培训",
            asks="结束后就不再显示签到码。没有签退的人，可以由您核实。", done="已结束，请补齐资料。",
        ),
        Move(
            name=M.WRITE, party=ORGANISER, before=(S.RUNNING, *OVER), label="保存资料", audit="填写培训资料",
            done="已保存。", effect=_write,
        ),
        Move(
            name=M.HAND_IN, party=ORGANISER, before=OVER, after=S.IN_REVIEW, label="提交审核", audit="提交培训档案",
            done="已提交。", guard=_refuse_incomplete, effect=_hand_in,
        ),
        Move(
            name=M.ARCHIVE, party=REVIEWER, before=(S.IN_REVIEW,), after=S.ARCHIVED, label="归档", audit="培训归档",
            asks="归档后不能再改。", done="已归档。", effect=_archive,
        ),
        Move(
            name=M.RETURN, party=REVIEWER, before=(S.IN_REVIEW,), after=S.RETURNED, label="退回", audit="退回培训档案",
            done="已退回，对方会收到消息。", effect=_keep_reason, tell=_tell_returned,
        ),
        Move(
            name=M.CANCEL, party=ORGANISER, before=(S.PLANNED, S.NOTIFIED), after=S.CANCELLED, label="取消",
            audit="取消培训", asks="取消后不能恢复。", done="已取消。", effect=_keep_reason,
        ),
    ),
)  # fmt: skip


def require_open(row: TrainingSession) -> None:
    """Raises Conflict where the list of people must not change any more."""
    if row.status not in CHANGING:
        raise Conflict("现在不能改参加人员。开始后、提交前才能改。", code="not_now")


def require_leader(row: TrainingSession, actor: Actor) -> None:
    """Raises Forbidden for who is not of the union that holds it."""
    if leads_for(actor, row.organiser_id) is None:
        raise Forbidden("由举办培训的工会处理。", code="not_the_organiser")
