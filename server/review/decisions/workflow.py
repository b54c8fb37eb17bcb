"""Which moves a submission allows in which state, who makes them, what they change: the reporter's
(`submissions/workflow.py`) and those of reviewers.

With a kind of submission reviewers make those moves that it has a form for (`schemas.form_of`).
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import AppError, NotFound
from server.kit.held_back import hold_back
from server.kit.workflow import (
    SYSTEM,
    Effect,
    Guard,
    Move,
    MoveContext,
    Party,
    Workflow,
    find_refusal,
    possible_moves,
)
from server.review.decisions.moves import claims, deciding, merging, passing, words
from server.review.decisions.moves.parties import (
    ABOVE_ENTERPRISE,
    ANSWERING,
    BELOW_CITY,
    CITY,
    FINDER,
    REVIEWER,
    may_know_of,
)
from server.review.decisions.moves.snapshots import read_snapshot
from server.review.decisions.queries import say_last_change
from server.review.submissions import models
from server.review.submissions.announcing.moves import ANNOUNCE_JOB, announce, announce_decision, announce_reopening
from server.review.submissions.kinds.registry import MoveLabel, kind_of
from server.review.submissions.models import Kind, Submission
from server.review.submissions.workflow import REPORTER_WORKFLOW, lock_submission
from server.unions.actor import Actor

M, S = models.Move, models.Status
Context = MoveContext[Submission]

DECIDED = (S.ACCEPTED, S.DECLINED, S.DUPLICATE)
ARRIVED = tuple(status for status in S if status is not S.INCOMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerMove(Move[Submission]):
    """A move as the bar of the page offers it; a kind may call it otherwise (`label_of`).

    Keys work while no form has the focus; grades have 1 to 4, photos the arrows, + − r o.
    """

    key: str
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    is_primary: bool = False
    leaves: bool = False
    can_undo: bool = False


def lock_for_review(session: Session, submission_id: UUID, actor: Actor | None) -> Submission:
    """The submission, held. Raises NotFound for reviewers who may not know of it."""
    row = lock_submission(session, submission_id)
    if actor is not None and not may_know_of(actor, row):
        raise NotFound
    return row


def _decision(
    name: models.Move,
    label: str,
    done: str,
    *,
    key: str,
    effect: Effect[Submission],
    party: Party[Submission] = ANSWERING,
    after: models.Status | None = None,
    audit: str = "",
    guard: Guard[Submission] = claims.refuse_claimed,
    **rest: Any,
) -> ReviewerMove:
    """Takes what waits off the reviewer's desk. It can be taken back, and is told when the minute for that is over."""
    return ReviewerMove(
        name=name, party=party, before=(S.QUEUED,), after=after, label=label, audit=audit or label, done=done,
        guard=guard, effect=claims.putting_down(effect), follow_up=hold_back(ANNOUNCE_JOB), announce=announce_decision,
        key=key, leaves=True, can_undo=True, **rest,
    )  # fmt: skip


SUBMISSION_WORKFLOW: Workflow[Submission] = replace(
    REPORTER_WORKFLOW,
    lock=lock_for_review,
    read_snapshot=read_snapshot,
    say_stale=say_last_change,
    moves=(
        *REPORTER_WORKFLOW.moves,
        _decision(
            M.ACCEPT, "受理", "已受理", key="a", after=S.ACCEPTED, fields=("reply", "note"), is_primary=True,
            guard=deciding.refuse_other_kinds(M.ACCEPT), check=deciding.check_grade, effect=deciding.accept,
        ),
        _decision(
            M.ACCEPT_IN_PART, "部分采纳", "已部分采纳", key="m", after=S.ACCEPTED, fields=("reply", "note"),
            required=("reply",), guard=deciding.refuse_other_kinds(M.ACCEPT_IN_PART), effect=deciding.accept_in_part,
        ),
        _decision(
            M.RETURN, "请他补充", "已退回补充", key="q", after=S.RETURNED, audit="退回补充", fields=("reply", "note"),
            required=("reply",), guard=deciding.refuse_asking_nobody, effect=deciding.ask_back,
        ),
        _decision(
            M.DECLINE, "不予受理", "已不予受理", key="d", after=S.DECLINED, fields=("reply", "note"),
            required=("reply",), effect=deciding.decline,
        ),
        _decision(
            M.MARK_DUPLICATE, "标为重复", "已标为重复", key="u", after=S.DUPLICATE,
            fields=("target_id", "reply", "note"), required=("target_id",), guard=merging.refuse_merging,
            check=merging.check_target, effect=merging.merge,
        ),
        _decision(
            M.PASS_UP, "转上级", "已转上级", key="p", party=BELOW_CITY, fields=("note",), required=("note",),
            effect=passing.pass_up,
        ),
        _decision(
            M.PASS_DOWN, "转下级", "已转下级", key="l", party=ABOVE_ENTERPRISE, fields=("union_id", "note"),
            required=("union_id",), check=passing.check_target, effect=passing.pass_down,
        ),
        ReviewerMove(
            name=M.REOPEN, party=ANSWERING, before=(S.RETURNED, *DECIDED), after=S.QUEUED, label="重新审核",
            audit="重新审核", done="已重新打开", key="e", fields=("note",), guard=deciding.refuse_reopening,
            check=deciding.check_reason, effect=deciding.reopen, announce=announce_reopening,
        ),
        ReviewerMove(  # whoever passed it on takes that back
            name=M.REOPEN, party=REVIEWER, before=(S.QUEUED,), label="重新审核", audit="重新审核", done="已重新打开",
            key="e", fields=("note",), guard=passing.refuse_taking_back, effect=claims.putting_down(passing.take_back),
            announce=announce_reopening,
        ),
        ReviewerMove(
            name=M.CLAIM, party=ANSWERING, before=(S.QUEUED,), label="我来处理", audit="领取处理", done="已由您处理",
            key="c", is_quiet=True, guard=claims.refuse_claim, effect=claims.claim,
        ),
        ReviewerMove(
            name=M.RELEASE, party=ANSWERING, before=(S.QUEUED,), label="放回待办", audit="放回待办", done="已放回待办",
            key="x", is_quiet=True, guard=claims.refuse_release, effect=claims.release,
        ),
        ReviewerMove(  # what was taken back stays unopened
            name=M.DISCLOSE, party=CITY, before=tuple(each for each in ARRIVED if each is not S.WITHDRAWN),
            label="查看姓名", audit="查看匿名职工姓名", done="姓名已显示，职工会收到通知", key="v", fields=("reply",),
            required=("reply",), is_quiet=True, guard=words.refuse_disclosure, effect=words.disclose,
            announce=announce,
        ),
        ReviewerMove(
            name=M.NOTE, party=REVIEWER, before=ARRIVED, label="加备注", audit="内部备注", done="备注已保存", key="n",
            fields=("note",), required=("note",), is_quiet=True, effect=words.note,
        ),
        Move(  # what a union's own visit found: decided when its opinion was sent
            name=M.ACCEPT, party=FINDER, before=(S.QUEUED,), after=S.ACCEPTED, label="受理", audit="受理",
            check=deciding.check_grade, effect=deciding.accept, announce=announce_decision,
        ),
        Move(
            name=M.REQUEUE, party=SYSTEM, before=(S.DUPLICATE,), after=S.QUEUED, label="回到待办", audit="回到待办",
            effect=merging.stand_alone, announce=announce,
        ),
        Move(
            name=M.RELINK, party=SYSTEM, before=(S.DUPLICATE,), label="改并到另一条", audit="改并到另一条",
            effect=merging.relink, announce=announce,
        ),
    ),
)  # fmt: skip
"""Those of reviewers in the order of the bar."""

_LABELS = {
    models.Move(move.name): MoveLabel(
        move.label, move.key, move.done, move.fields, move.required,
        is_primary=move.is_primary, leaves=move.leaves, can_undo=move.can_undo,
    )
    for move in SUBMISSION_WORKFLOW.moves
    if isinstance(move, ReviewerMove)
}  # fmt: skip
REVIEWER_MOVES = tuple(_LABELS)


def label_of(move: models.Move, kind: Kind | None = None) -> MoveLabel:
    """How one of the reviewers' moves is offered with submissions of that kind; None: of any."""
    return _LABELS[move] if kind is None else kind_of(kind).labels.get(move, _LABELS[move])


def offered_moves(context: Context) -> list[models.Move]:
    """Those of the reviewers' moves that the actor could make now, in the order of the bar."""
    return [models.Move(each.name) for each in possible_moves(SUBMISSION_WORKFLOW, context) if each.name in _LABELS]


def refusal_of(context: Context, move: models.Move) -> AppError | None:
    """Why the actor cannot make the move now; None if they can."""
    return find_refusal(SUBMISSION_WORKFLOW, SUBMISSION_WORKFLOW.find(move, status=context.row.status), context)
