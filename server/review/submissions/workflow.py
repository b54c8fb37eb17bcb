"""What happens to a submission before a reviewer has it, and what its reporter may do later.

This is the lower part of one workflow: `decisions/workflow.py` adds the moves of reviewers, and declares the whole.
"""

from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.errors import AppError, Conflict, NotFound
from server.core.prepared import Prepared
from server.kit.deadlines.rules import Deadline
from server.kit.numbers.actions import take_number
from server.kit.workflow import SYSTEM, Move, MoveContext, Party, StepData, Workflow, kept_in
from server.photos.models import Photo
from server.review.submissions import models
from server.review.submissions.announcing.moves import announce
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Submission, SubmissionStep
from server.review.submissions.texts import not_now_text
from server.unions.actor import Actor

M, S = models.Move, models.Status
Context = MoveContext[Submission]

WITHDRAWABLE = (S.INCOMPLETE, S.QUEUED, S.RETURNED)


def lock_submission(session: Session, submission_id: UUID) -> Submission:
    """The submission, its row locked until the transaction ends. Raises NotFound."""
    submission = session.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if submission is None:
        raise NotFound
    return submission


def lock_own(session: Session, submission_id: UUID, actor: Actor | None) -> Submission:
    """The actor's own submission, held. Raises NotFound for anybody else's."""
    submission = lock_submission(session, submission_id)
    if actor is not None and submission.reporter_id != actor.person_id:
        raise NotFound
    return submission


def _refuse_others(context: Context) -> AppError | None:
    return None if context.actor_id == context.row.reporter_id else NotFound()


REPORTER: Party[Submission] = Party("reporter", _refuse_others)
"""Who sent it; or what they set off, such as the photos of an answer that come later."""


_PHOTOS = cast(Table, Photo.__table__).c
_COVER = Prepared(
    select(_PHOTOS.id).where(_PHOTOS.submission_id == bindparam("submission_id")).order_by(_PHOTOS.position).limit(1)
)


def _arrive(context: Context) -> StepData:
    """The last photo is here: it gets its number and its deadline."""
    session, row, now = context.session, context.row, context.now
    [(cover_photo_id,)] = _COVER.execute(session.connection(), {"submission_id": row.id}) or [(None,)]
    row.number = take_number(session, kind_of(row.kind).number_letter, now, tells_order=not row.is_anonymous)
    row.arrived_at, row.cover_photo_id = now, cover_photo_id
    deadline = Deadline.start(now, settings_of(session).first_answer_working_days)
    deadline.store(row)
    return StepData(data={"due_at": deadline.due_at.isoformat(), "union_id": str(row.routed_union_id)})


def _withdraw(context: Context) -> StepData:
    row = context.row
    row.claimed_by_id = row.claimed_until = row.rest_days = row.pending_step_id = None
    return StepData()


def _answer(context: Context) -> StepData:
    due_at = _resume(context)
    return StepData(context.form.text, data={"answer_id": str(context.form.id), "due_at": due_at})


def _give_up_waiting(context: Context) -> StepData:
    """Whoever was asked is gone: it is decided as it is."""
    return StepData(data={"reporter_gone": True, "due_at": _resume(context)})


def _resume(context: Context) -> str:
    """Go on with what was left of the deadline when the question stopped it. Returns the new one in ISO 8601."""
    deadline = Deadline.of(context.row).resume(context.now)
    deadline.store(context.row)
    context.row.pending_step_id = None
    return deadline.due_at.isoformat()


def _is_withdrawn(context: Context) -> bool:
    return context.row.status is S.WITHDRAWN


def _say_decided(_row: Submission) -> AppError:
    return Conflict("工会已经处理了这条内容，不能再撤回。", code="already_decided")


def _say_nothing_asked(_row: Submission) -> AppError:
    return Conflict("现在不需要补充，刷新看看最新进展。", code="nothing_asked")


REPORTER_WORKFLOW: Workflow[Submission] = Workflow(
    subject="submission",
    statuses=S,
    lock=lock_own,
    step_row=kept_in(
        SubmissionStep, "submission_id", text="public_text", note="internal_note", union_id="union_id"
    ),
    say_not_now=lambda row: not_now_text(row.kind, row.status),
    moves=(
        Move(name=M.CREATE, party=REPORTER, before=(), after=S.INCOMPLETE, label="上报", audit="上报"),
        Move(
            name=M.SUBMIT, party=SYSTEM, before=(S.INCOMPLETE,), after=S.QUEUED, label="照片收齐", audit="照片收齐",
            effect=_arrive, announce=announce,
        ),
        Move(
            name=M.WITHDRAW, party=REPORTER, before=WITHDRAWABLE, after=S.WITHDRAWN, label="撤回", audit="撤回",
            is_made=_is_withdrawn, not_now=_say_decided, effect=_withdraw, announce=announce,
        ),
        Move(
            name=M.ANSWER, party=REPORTER, before=(S.RETURNED,), after=S.QUEUED, label="补充", audit="职工补充",
            not_now=_say_nothing_asked, effect=_answer, announce=announce,
        ),
        Move(
            name=M.REQUEUE, party=SYSTEM, before=(S.RETURNED,), after=S.QUEUED, label="回到待办", audit="回到待办",
            effect=_give_up_waiting, announce=announce,
        ),
    ),
)  # fmt: skip
