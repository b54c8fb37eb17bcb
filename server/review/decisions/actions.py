"""Every move a reviewer can make: one row lock, one check against the rules, one change, one step in the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.errors import AppError, Conflict, Invalid
from server.kit.deadlines.deadline import Deadline
from server.review.decisions.queries import describe_last_change
from server.review.decisions.rules import Snapshot, acting_role, claimed_by_another, covering, find_refusal, may_undo
from server.review.decisions.schemas import AcceptIn, DuplicateIn, HoldIn, PassDownIn
from server.review.decisions.snapshots import branch_of, read_snapshot
from server.review.decisions.transitions import EDGES, PASSES
from server.review.submissions.actions import lock_submission
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.log import StepTaken, log_step
from server.review.submissions.models import Move, Status, Submission, SubmissionStep
from server.review.submissions.schemas import MoveIn
from server.review.submissions.texts import numbers_meant
from server.unions.actor import SCOPE_COLUMNS, Actor, RoleAt, in_scope
from server.unions.campaigns.queries import campaign_facts
from server.unions.people.models import Person
from server.unions.roles import REVIEWERS, Level
from server.unions.tree.models import Union

# These change nothing that another reviewer decides on, so a page need not be reloaded after them.
UNVERSIONED = frozenset({Move.CLAIM, Move.RELEASE, Move.NOTE, Move.DISCLOSE})
TARGET_ENDED = "那一条没有受理，不能并到它。请直接处理这一条。"
NO_TARGET = "没有找到要合并到的那一条，请核对编号。"


@dataclass(frozen=True, slots=True)
class MoveContext:
    """A move that the rules allow, about to be made on a locked row."""

    session: Session
    submission: Submission
    snapshot: Snapshot
    held: RoleAt
    form: MoveIn
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class StepData:
    """What a move leaves in the log beside its form: plain JSON values. Nothing at all if it is no news."""

    data: dict[str, Any] = field(default_factory=dict)
    is_news: bool = True


def make_move(
    session: Session,
    submission_id: UUID,
    move: Move,
    form: MoveIn,
    *,
    actor: Actor,
    now: datetime,
    batch_id: UUID | None = None,
) -> Submission:
    """Make one move on a submission, or refuse it and change nothing. `batch_id`: one of many made together (bulk.py).

    Raises NotFound outside the actor's scope, Forbidden for own submissions and what is not theirs to decide, Conflict
    when it changed since the page was made (`stale`), is being handled by somebody else (`claimed`) or stands where the
    move is not possible, Invalid for a form that does not fit the campaign or the tree.
    """
    submission, target = _lock(session, submission_id, move, form, actor)
    snapshot = read_snapshot(session, submission)
    _check_visible(snapshot, actor, now)
    if move not in UNVERSIONED and form.version != submission.version:
        raise Conflict(describe_last_change(session, submission, actor), code="stale")
    refusal = find_refusal(move, snapshot, actor, now)
    if refusal is not None:
        raise refusal
    held = acting_role(actor, snapshot) or covering(actor, snapshot.scope)[0]
    case = MoveContext(session, submission, snapshot, held, form, actor, now)
    before = submission.status
    made = _mark_duplicate(case, target) if move is Move.MARK_DUPLICATE else _MOVES[move](case)
    _settle(case, move)
    data = made.data if batch_id is None else {**made.data, "batch_id": str(batch_id)}
    if made.is_news:
        log_step(session, _step(case, move, before, StepData(data)))
    return submission


def _check_visible(snapshot: Snapshot, actor: Actor, now: datetime) -> None:
    """Nobody learns from a version that something exists which they may not see."""
    refusal = find_refusal(Move.NOTE, snapshot, actor, now)
    if isinstance(refusal, AppError) and refusal.status in (403, 404):
        raise refusal


def _settle(case: MoveContext, move: Move) -> None:
    """Status and version, and the end of a claim where the submission leaves the reviewer's hands."""
    submission = case.submission
    submission.status = EDGES[submission.status, move].after
    submission.updated_at = case.now
    if move not in UNVERSIONED:
        submission.version += 1
        submission.claimed_by_id = submission.claimed_until = None
    case.session.flush()


def _step(case: MoveContext, move: Move, before: Status, made: StepData) -> StepTaken:
    return StepTaken(
        case.submission.id,
        move,
        before,
        case.submission.status,
        case.actor.person_id,
        case.now,
        union_id=case.held.union_id,
        public_text=case.form.reply or None,
        internal_note=case.form.note or None,
        data=made.data,
    )


def _lock(
    session: Session, submission_id: UUID, move: Move, form: MoveIn, actor: Actor
) -> tuple[Submission, Submission | None]:
    """The submission, and for a duplicate its target too: both locked, always in the order of their ids."""
    if move is not Move.MARK_DUPLICATE:
        return lock_submission(session, submission_id), None
    target_id = _resolve_target(session, cast(DuplicateIn, form).target_id, actor)
    if target_id == submission_id:
        raise Invalid("不能标为自己的重复。", fields={"target_id": "请选择另一条"})
    locked = {each: lock_submission(session, each) for each in sorted((submission_id, target_id))}
    return locked[submission_id], locked[target_id]


def _resolve_target(session: Session, target: UUID | str, actor: Actor) -> UUID:
    """The submission meant by an id or a number: where that is itself a duplicate, the one it leads to.

    Raises Invalid outside the scope.
    """
    is_meant = Submission.id == target if isinstance(target, UUID) else Submission.number.in_(numbers_meant(target))
    for _ in range(2):
        row = session.execute(
            select(Submission.id, Submission.duplicate_of_id).where(
                is_meant,
                Submission.status != Status.INCOMPLETE,
                in_scope(actor, Submission, REVIEWERS),
            )
        ).one_or_none()
        if row is None:
            raise Invalid(NO_TARGET, fields={"target_id": NO_TARGET})
        if row.duplicate_of_id is None:
            found: UUID = row.id
            return found
        is_meant = Submission.id == row.duplicate_of_id
    raise Conflict


# --- the moves ------------------------------------------------------------------------------------------------------


def _claim(case: MoveContext) -> StepData:
    """Hold it: for a quarter of an hour if asked for, for a few minutes at a time while a page is at it.

    Held already, it is held no shorter, and that is no news.
    """
    submission, settings = case.submission, settings_of(case.session)
    quietly = cast(HoldIn, case.form).quietly
    until = case.now + timedelta(minutes=settings.claim_idle_minutes if quietly else settings.claim_minutes)
    before, ends = submission.claimed_by_id, submission.claimed_until
    goes_on = before == case.actor.person_id and ends is not None and ends > case.now
    if goes_on and ends is not None:
        until = max(until, ends)
    submission.claimed_by_id, submission.claimed_until = case.actor.person_id, until
    data = {"until": until.isoformat()}
    if claimed_by_another(case.snapshot, case.actor, case.now):
        data["taken_from_id"] = str(before)
    return StepData(data, is_news=not goes_on)


def _release(case: MoveContext) -> StepData:
    case.submission.claimed_by_id = case.submission.claimed_until = None
    return StepData()


def _accept(case: MoveContext) -> StepData:
    made = _grade(case) if kind_of(case.submission.kind).is_graded else StepData()
    case.submission.decided_at = case.now
    return made


def _accept_in_part(case: MoveContext) -> StepData:
    case.submission.decided_at = case.now
    return StepData({"in_part": True})


def _grade(case: MoveContext) -> StepData:
    form = cast(AcceptIn, case.form)
    grade = form.grade
    if grade not in campaign_facts(case.session, case.submission.campaign_id).grades:
        raise Invalid("请选择隐患等级。", fields={"grade": "本次活动没有这个等级"})
    case.submission.grade = grade
    advice = {"measures": form.measures, "responsible": form.responsible, "rectify_days": form.rectify_days}
    return StepData({"grade": grade, **{name: value for name, value in advice.items() if value}})


def _decline(case: MoveContext) -> StepData:
    case.submission.decided_at = case.now
    return StepData()


def _return(case: MoveContext) -> StepData:
    if not case.session.scalar(select(Person.is_active).where(Person.id == case.submission.reporter_id)):
        raise Conflict("提交的人已注销或停用，收不到问题。请按现有的内容处理。", code="reporter_gone")
    deadline = Deadline.of(case.submission).pause(case.now)
    deadline.store(case.submission)
    return StepData({"rest_days": deadline.rest_days})


def _mark_duplicate(case: MoveContext, target: Submission | None) -> StepData:
    if target is None or target.status in (Status.INCOMPLETE, Status.WITHDRAWN):
        raise Invalid(NO_TARGET, fields={"target_id": "这一条已经撤回，请选择别的"})
    if target.status is Status.DECLINED:
        raise Invalid(TARGET_ENDED, fields={"target_id": TARGET_ENDED})
    if target.kind is not case.submission.kind:
        raise Invalid(NO_TARGET, fields={"target_id": "不同种类的内容不能互相合并"})
    if target.duplicate_of_id is not None:
        raise Conflict("要合并到的那一条刚被标为重复，请重新选择。", code="target_changed")
    followers = exists().where(Submission.duplicate_of_id == case.submission.id)
    if case.session.scalar(select(followers)):
        message = "已有别的内容合并到这一条，请反过来：把另一条标为本条的重复。"
        raise Conflict(message, code="has_duplicates")
    case.submission.duplicate_of_id, case.submission.decided_at = target.id, case.now
    return StepData({"target_id": str(target.id)})


def _pass_up(case: MoveContext) -> StepData:
    union = case.session.get_one(Union, case.held.union_id)
    if union.parent_id is None:
        raise Conflict("已经到最上一级，不能再上报。", code="at_the_top")
    return _route(case, case.session.get_one(Union, union.parent_id))


def _pass_down(case: MoveContext) -> StepData:
    target = case.session.get(Union, cast(PassDownIn, case.form).union_id)
    own_column = SCOPE_COLUMNS[case.held.level]
    if (
        target is None
        or not target.is_active
        or target.level is Level.TEAM
        or target.id == case.held.union_id
        or getattr(target, own_column) != case.held.union_id
    ):
        message = "请选择您下级的工会。"
        raise Invalid(message, fields={"union_id": message})
    if target.id == case.submission.routed_union_id:
        raise Conflict("已经由这个工会处理，不用再转。", code="already_there")
    return _route(case, target)


def _route(case: MoveContext, union: Union) -> StepData:
    """Let `union` answer from now on. What the reporter was promised stands; the union gets one working day at least.

    Where it lies off the submission's branch, the place was given wrong: the row takes the union's branch as its scope,
    and is an enterprise's only if the union is one.
    """
    submission = case.submission
    data: dict[str, Any] = {"from_union_id": str(submission.routed_union_id), "to_union_id": str(union.id)}
    scope = branch_of(union)
    if branch_of(submission)[union.level] != union.id:
        data["scope_before"] = {level: str(value) for level, value in branch_of(submission).items() if value}
        for level, column in SCOPE_COLUMNS.items():
            setattr(submission, column, scope[level])
    data["due_before"] = submission.due_at.isoformat() if submission.due_at else None
    submission.routed_union_id = union.id
    deadline = Deadline.of(submission).leave_a_day(case.now)
    deadline.store(submission)
    return StepData({**data, "due_at": deadline.due_at.isoformat()})


def _take_back(case: MoveContext) -> StepData:
    """Undo the last passing on: the route, the place and the deadline are again what they were."""
    data = case.session.scalars(
        select(SubmissionStep.data)
        .where(SubmissionStep.submission_id == case.submission.id, SubmissionStep.move.in_(PASSES))
        .order_by(SubmissionStep.id.desc())
        .limit(1)
    ).one()
    before = cast(dict[str, Any], data)
    submission = case.submission
    submission.routed_union_id = UUID(before["from_union_id"])
    if "scope_before" in before:
        for level, column in SCOPE_COLUMNS.items():
            value = before["scope_before"].get(level.value)
            setattr(submission, column, UUID(value) if value else None)
    if before.get("due_before"):
        submission.due_at = datetime.fromisoformat(before["due_before"])
    return StepData({"undo": True, "from_union_id": before["to_union_id"]})


def _reopen(case: MoveContext) -> StepData:
    submission = case.submission
    if submission.status is Status.QUEUED:
        return _take_back(case)
    undo = may_undo(case.snapshot, case.actor, case.now)
    if not undo and not case.form.note:
        raise Invalid("请写明重新审核的理由。", fields={"note": "请写明理由"})
    if submission.rest_days is not None:
        Deadline.of(submission).resume(case.now).store(submission)
    elif not undo:
        Deadline.start(case.now, settings_of(case.session).first_answer_working_days).store(submission)
    before = {"grade": submission.grade, "duplicate_of_id": submission.duplicate_of_id}
    submission.grade = submission.duplicate_of_id = submission.decided_at = submission.rest_days = None
    undone = {
        key: value if isinstance(value, int) else str(value) for key, value in before.items() if value is not None
    }
    return StepData({"undo": undo, **undone})


def _note(case: MoveContext) -> StepData:
    return StepData()


def _disclose(case: MoveContext) -> StepData:
    case.submission.disclosed_at = case.submission.disclosed_at or case.now
    return StepData()


_MOVES: Mapping[Move, Callable[[MoveContext], StepData]] = {
    Move.CLAIM: _claim,
    Move.RELEASE: _release,
    Move.ACCEPT: _accept,
    Move.ACCEPT_IN_PART: _accept_in_part,
    Move.DECLINE: _decline,
    Move.RETURN: _return,
    Move.PASS_UP: _pass_up,
    Move.PASS_DOWN: _pass_down,
    Move.REOPEN: _reopen,
    Move.NOTE: _note,
    Move.DISCLOSE: _disclose,
}
