"""Which moves a rectification allows in which state, who makes them, what they change.

The deadline stands still while a union has to decide on an objection, and while the recheck is waited for.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import AppError, Conflict, NotFound
from server.kit.held_back import hold_back
from server.kit.workflow import SYSTEM, Move, MoveContext, Workflow, kept_in
from server.review.rectification.events import ANNOUNCE_JOB, announce
from server.review.rectification.models import Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as M
from server.review.rectification.models import RectifyStatus as S
from server.review.rectification.moves import deadline, recheck
from server.review.rectification.moves.parties import ABOVE, ADDRESSEE, CHECKER, REPORTER, UNION, read_snapshot
from server.review.rectification.texts import STATUS_TEXTS, move_title
from server.review.submissions.anonymity.identity import reporter_label
from server.review.submissions.models import Submission
from server.review.submissions.workflow import lock_submission
from server.unions.actor import Actor
from server.unions.people.models import Person

Context = MoveContext[Rectification]

RUNNING = tuple(status for status in S if status not in (S.CLOSED, S.VOIDED))
DUE = (S.OPEN, S.ACCEPTED)
"""The deadline runs."""
DONE = (S.SUBMITTED, S.CLOSED)
"""Put right, as the enterprise says."""


def lock_rectification(session: Session, rectification_id: UUID, actor: Actor | None) -> Rectification:
    """The rectification, held until the transaction ends. Raises NotFound for reviewers who may not know of it.

    Always the submission first, as an upload does: photos, moves and a decision taken back take turns.
    """
    submission_id = session.scalar(select(Rectification.submission_id).where(Rectification.id == rectification_id))
    if submission_id is None:
        raise NotFound
    lock_submission(session, submission_id)
    row = session.get_one(Rectification, rectification_id, populate_existing=True, with_for_update=True)
    if actor is not None and not actor.reviewing_over(row):
        raise NotFound
    return row


def lock_latest(session: Session, submission_id: UUID) -> tuple[Rectification | None, Submission]:
    """The newest rectification of a submission and the submission, both held. Raises NotFound without submission."""
    submission = lock_submission(session, submission_id)
    row = session.scalar(
        select(Rectification)
        .where(Rectification.submission_id == submission_id)
        .order_by(Rectification.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return row, submission


def _say_not_now(row: Rectification) -> str:
    return f"这条整改现在是“{STATUS_TEXTS[row.status]}”，不能这样处理。"


def _say_stale(context: Context) -> str:
    """What happened since the page was made: 郑审刚刚做了“接受整改”。请重新查看后再处理。"""
    session, row = context.session, context.row
    submission = session.get_one(Submission, row.submission_id)
    step = session.execute(
        select(RectificationStep.move, RectificationStep.actor_id, Person.name)
        .outerjoin(Person, Person.id == RectificationStep.actor_id)
        .where(RectificationStep.rectification_id == row.id, RectificationStep.move != M.NOTE)
        .order_by(RectificationStep.id.desc())
        .limit(1)
    ).one()
    by_reporter = step.actor_id == submission.reporter_id
    who = step.name or "别人"
    if by_reporter and context.actor is not None:
        who = reporter_label(context.actor, submission, step.name)
    title = move_title(step.move, by_reporter=by_reporter)
    return f"这条整改有了新的进展：{who}“{title}”。请重新查看后再处理。"


def under_way() -> AppError:
    """The decision behind it stands once the addressee has said that it is done."""
    return Conflict("企业已经提交了整改结果，不能再重新审核；请在整改页面处理。", code="rectification_under_way")


def _refuse_finished_work(context: Context) -> AppError | None:
    return under_way() if context.row.submitted_at is not None else None


RECTIFICATION_WORKFLOW: Workflow[Rectification] = Workflow(
    subject="rectification",
    statuses=S,
    lock=lock_rectification,
    read_snapshot=read_snapshot,
    step_row=kept_in(RectificationStep, "rectification_id", note="note", union_id="union_id"),
    say_not_now=_say_not_now,
    say_stale=_say_stale,
    moves=(
        Move(
            name=M.OPEN, party=SYSTEM, before=(), after=S.OPEN, label="发出整改建议", audit="发出整改建议",
        ),
        Move(
            name=M.SUBMIT, party=ADDRESSEE, before=DUE, after=S.SUBMITTED, label="提交整改结果", audit="报告整改完成",
            done="整改结果已提交。", effect=recheck.submit, announce=announce,
        ),
        Move(
            name=M.ACCEPT, party=ADDRESSEE, before=(S.OPEN,), after=S.ACCEPTED, label="接受整改", audit="企业接受整改",
            done="已接受整改。", effect=deadline.answer, announce=announce,
        ),
        Move(
            name=M.ASK_EXTENSION, party=ADDRESSEE, before=DUE, label="申请延期", audit="申请延期",
            done="延期申请已提交。", guard=deadline.refuse_second_request, effect=deadline.ask_extension,
            announce=announce,
        ),
        Move(
            name=M.DISPUTE, party=ADDRESSEE, before=(S.OPEN,), after=S.DISPUTED, label="提出异议",
            audit="企业提出异议", done="异议已提交。", effect=deadline.stop_clock, announce=announce,
        ),
        Move(
            name=M.CLOSE, party=CHECKER, before=(S.SUBMITTED,), after=S.CLOSED, label="复查通过，销号",
            audit="复查销号", done="已销号。", effect=recheck.close,
            follow_up=hold_back(ANNOUNCE_JOB), announce=announce,
        ),
        Move(
            name=M.SEND_BACK, party=CHECKER, before=(S.SUBMITTED,), after=S.ACCEPTED, label="退回继续整改",
            audit="复查退回", done="已退回。", effect=deadline.start_clock,
            follow_up=hold_back(ANNOUNCE_JOB), announce=announce,
        ),
        Move(
            name=M.UNDO, party=CHECKER, before=(S.CLOSED, S.ACCEPTED), after=S.SUBMITTED, label="撤回刚才的结论",
            audit="撤回复查结论", done="已撤回，重新等待复查。", guard=recheck.refuse_undo, effect=recheck.undo,
        ),
        Move(
            name=M.GRANT_EXTENSION, party=ABOVE, before=DUE, label="同意延期", audit="同意延期", done="已同意延期。",
            guard=deadline.refuse_without_request, check=deadline.refuse_more_than_asked,
            effect=deadline.grant_extension, announce=announce,
        ),
        Move(
            name=M.REFUSE_EXTENSION, party=ABOVE, before=DUE, label="不同意延期", audit="不同意延期",
            done="已答复不同意延期。", guard=deadline.refuse_without_request, effect=deadline.refuse_extension,
            announce=announce,
        ),
        Move(  # so an objection is made once
            name=M.UPHOLD, party=ABOVE, before=(S.DISPUTED,), after=S.ACCEPTED, label="异议不成立", audit="异议不成立",
            done="已答复，继续整改。", effect=deadline.start_clock, announce=announce,
        ),
        Move(
            name=M.DROP, party=ABOVE, before=(S.DISPUTED,), after=S.VOIDED, label="异议成立，无需整改",
            audit="异议成立，无需整改", done="已答复，无需整改。", effect=deadline.drop, announce=announce,
        ),
        Move(
            name=M.NOTE, party=UNION, before=tuple(S), label="加备注", audit="整改备注", done="备注已保存。",
            is_quiet=True, effect=deadline.say,
        ),
        Move(
            name=M.NOTE, party=REPORTER, before=(S.SUBMITTED,), label="确认已整改好", audit="整改备注", is_quiet=True,
            is_made=recheck.has_confirmed, guard=recheck.refuse_rectifier, effect=recheck.confirm,
        ),
        Move(
            name=M.CLOSE, party=REPORTER, before=(S.SUBMITTED,), after=S.CLOSED, label="确认已整改好", audit="复查销号",
            is_made=recheck.has_closed, guard=recheck.refuse_closing, effect=recheck.confirm_and_close,
            announce=announce,
        ),
        Move(
            name=M.SEND_BACK, party=REPORTER, before=(S.SUBMITTED,), after=S.ACCEPTED, label="反映没有整改好",
            audit="复查退回", effect=recheck.send_back, announce=announce,
        ),
        Move(
            name=M.REOPEN, party=REPORTER, before=(S.CLOSED,), after=S.ACCEPTED, label="反映没有整改好",
            audit="重新整改", guard=recheck.refuse_late_reopening, effect=recheck.reopen, announce=announce,
        ),
        Move(
            name=M.VOID, party=SYSTEM, before=(*DUE, S.DISPUTED), after=S.VOIDED, label="重新审核，整改取消",
            audit="撤销整改建议", guard=_refuse_finished_work, effect=deadline.void, announce=announce,
        ),
    ),
)  # fmt: skip
"""In the order of the page. Of several moves of one name, a union's stands before the reporter's."""
