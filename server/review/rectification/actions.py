"""Every move on a rectification: one row lock, one check against the rules, one change, one step in the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.errors import Conflict, NotFound
from server.review.deadlines.calendar import days_left, due_after
from server.review.rectification.log import Said, log_step
from server.review.rectification.models import RecheckWay, Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.rules import Snapshot, acting_role, confirming_move, find_refusal
from server.review.rectification.schemas import CloseIn, ConfirmIn, ExtensionIn, GrantIn, MoveIn
from server.review.rectification.snapshots import lock_latest, lock_rectification, read_snapshot
from server.review.rectification.texts import move_title
from server.review.rectification.transitions import CONSOLE_PARTIES, EDGES, Party
from server.review.submissions.campaign_facts import campaign_facts
from server.review.submissions.identity import reporter_label
from server.review.submissions.models import Submission
from server.unions.actor import Actor
from server.unions.people.models import Person

DEFAULT_DAYS = 15  # working days, where the campaign does not know the grade any more


@dataclass(frozen=True, slots=True)
class MoveContext:
    """A move that the rules allow, about to be made on a locked row."""

    session: Session
    row: Rectification
    snapshot: Snapshot
    actor: Actor
    now: datetime
    way: RecheckWay | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with a move: `text` for everybody concerned, `note` for unions; `data` as for the log."""

    text: str = ""
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def make_rectification_move(
    session: Session, rectification_id: UUID, move: Move, form: MoveIn, *, actor: Actor, now: datetime
) -> Rectification:
    """Make one of the console's moves, or refuse it and change nothing.

    Raises NotFound outside the actor's scope, Forbidden for what is not theirs to do, Conflict when it changed since
    the page was made (`stale`) or stands where the move is not possible.
    """
    row, submission = lock_rectification(session, rectification_id)
    snapshot = require_visible(session, row, submission, actor, now)
    if move is not Move.NOTE:
        check_version(session, row, submission, form.version, actor)
    case = MoveContext(
        session,
        row,
        snapshot,
        actor,
        now,
        way=form.way if isinstance(form, CloseIn) else None,
        days=form.days if isinstance(form, (ExtensionIn, GrantIn)) else 0,
    )
    perform_move(case, move, CONSOLE_PARTIES[move], Words(form.text, form.note))
    return row


def require_visible(
    session: Session, row: Rectification, submission: Submission, actor: Actor, now: datetime
) -> Snapshot:
    """The situation, if the actor may see it at all: nobody learns from a version that something exists."""
    snapshot = read_snapshot(session, row, submission.reporter_id)
    refusal = find_refusal(Move.NOTE, Party.UNION, snapshot, actor, now)
    if refusal is not None:
        raise refusal
    return snapshot


def check_version(session: Session, row: Rectification, submission: Submission, version: int, actor: Actor) -> None:
    """Raises Conflict `stale` if something happened since the page was made."""
    if version != row.version:
        raise Conflict(describe_last_step(session, row.id, submission, actor), code="stale")


def perform_move(case: MoveContext, move: Move, party: Party, words: Words) -> None:
    """Check, change, log: the one place where a rectification changes. Raises AppError and changes nothing."""
    refusal = find_refusal(move, party, case.snapshot, case.actor, case.now)
    if refusal is not None:
        raise refusal
    held = None if party is Party.REPORTER else acting_role(party, case.snapshot, case.actor)
    row, before = case.row, case.row.status
    change = _CHANGES.get(move)
    data = change(case) if change is not None else {}
    apply_status(case.session, row, EDGES[before, move, party].after, case.now, quietly=move is Move.NOTE)
    said = Said(
        case.actor.person_id,
        held.union_id if held is not None else None,
        words.text,
        words.note,
        {**data, **words.data, **({"by_reporter": True} if party is Party.REPORTER else {})},
    )
    log_step(case.session, row, move, before, said, case.now)


def apply_status(session: Session, row: Rectification, after: Status, now: datetime, *, quietly: bool = False) -> None:
    """The new status; a new version unless nothing changed that others decide on."""
    row.status = after
    row.updated_at = now
    if not quietly:
        row.version += 1
    session.flush()


def describe_last_step(session: Session, rectification_id: UUID, submission: Submission, actor: Actor) -> str:
    """What happened since the page was made: 郑审刚刚做了“接受整改”。请重新查看后再处理。"""
    step = session.execute(
        select(RectificationStep.move, RectificationStep.actor_id, Person.name)
        .outerjoin(Person, Person.id == RectificationStep.actor_id)
        .where(RectificationStep.rectification_id == rectification_id, RectificationStep.move != Move.NOTE)
        .order_by(RectificationStep.id.desc())
        .limit(1)
    ).one()
    by_reporter = step.actor_id == submission.reporter_id
    who = reporter_label(actor, submission, step.name) if by_reporter else step.name or "别人"
    title = move_title(step.move, by_reporter=by_reporter)
    return f"这条整改有了新的进展：{who}“{title}”。请重新查看后再处理。"


# --- what each move changes -------------------------------------------------------------------------------------------


def _answer(case: MoveContext) -> dict[str, Any]:
    case.row.answered_at = case.row.answered_at or case.now
    return {}


def _stop_clock(case: MoveContext) -> dict[str, Any]:
    """The deadline stands still; an extension that waits for an answer falls away with the need for it."""
    row = case.row
    _answer(case)
    row.rest_days = days_left(case.now, row.due_at)
    row.asked_days = None
    return {"rest_days": row.rest_days}


def _start_clock(case: MoveContext) -> dict[str, Any]:
    row = case.row
    row.due_at = due_after(case.now, max(row.rest_days or 0, 1))
    row.rest_days = None
    return {"due_at": row.due_at.isoformat()}


def _drop(case: MoveContext) -> dict[str, Any]:
    case.row.rest_days = None
    return {}


def _ask_extension(case: MoveContext) -> dict[str, Any]:
    _answer(case)
    case.row.asked_days = case.days
    return {"days": case.days}


def _grant_extension(case: MoveContext) -> dict[str, Any]:
    row = case.row
    before = row.due_at
    row.due_at = max(due_after(row.due_at, case.days), due_after(case.now, 1))
    asked, row.asked_days = row.asked_days, None
    return {"days": case.days, "asked_days": asked, "due_before": before.isoformat(), "due_at": row.due_at.isoformat()}


def _refuse_extension(case: MoveContext) -> dict[str, Any]:
    asked, case.row.asked_days = case.row.asked_days, None
    return {"asked_days": asked}


def _submit(case: MoveContext) -> dict[str, Any]:
    case.row.rectified_by_id, case.row.submitted_at = case.actor.person_id, case.now
    return _stop_clock(case)


def _close(case: MoveContext) -> dict[str, Any]:
    row = case.row
    row.rest_days = None
    row.closed_at, row.closed_by_id = case.now, case.actor.person_id
    row.recheck_way = case.way or RecheckWay.BY_PHOTOS
    row.reopen_until = case.now + timedelta(days=settings_of(case.session).reopen_days)
    return {"way": row.recheck_way.value, "reopen_until": row.reopen_until.isoformat()}


def _reopen(case: MoveContext) -> dict[str, Any]:
    """A new deadline by grade: what was closed had none left."""
    row = case.row
    days = days_of_grade(case.session, row.campaign_id, row.grade)  # read before anything is changed
    row.closed_at = row.closed_by_id = row.recheck_way = row.reopen_until = None
    row.reopenings += 1
    row.due_at = due_after(case.now, days)
    return {"due_at": row.due_at.isoformat(), "reopenings": row.reopenings}


def days_of_grade(session: Session, campaign_id: UUID, grade: int) -> int:
    """How many working days the campaign gives for hazards of a grade."""
    return campaign_facts(session, campaign_id).rectify_days.get(grade, DEFAULT_DAYS)


_CHANGES: Mapping[Move, Callable[[MoveContext], dict[str, Any]]] = {
    Move.ACCEPT: _answer,
    Move.DISPUTE: _stop_clock,
    Move.UPHOLD: _start_clock,
    Move.DROP: _drop,
    Move.ASK_EXTENSION: _ask_extension,
    Move.GRANT_EXTENSION: _grant_extension,
    Move.REFUSE_EXTENSION: _refuse_extension,
    Move.SUBMIT: _submit,
    Move.SEND_BACK: _start_clock,
    Move.CLOSE: _close,
    Move.REOPEN: _reopen,
}


# --- the reporter's word ----------------------------------------------------------------------------------------------


def confirm_rectification(
    session: Session, submission_id: UUID, form: ConfirmIn, *, actor: Actor, now: datetime
) -> None:
    """The reporter finds it right: that closes it, or is noted for the union where it is grave.

    Saying it again changes nothing. Raises NotFound for somebody else's, Conflict when there is nothing to confirm,
    Forbidden if the reporter put it right themselves.
    """
    row, submission = lock_latest(session, submission_id)
    if row is None or submission.reporter_id != actor.person_id:
        raise NotFound
    snapshot = read_snapshot(session, row, submission.reporter_id)
    if row.closed_by_id == actor.person_id or has_confirmed(session, row, actor.person_id):
        return
    case = MoveContext(session, row, snapshot, actor, now, way=RecheckWay.BY_PHOTOS)
    perform_move(case, confirming_move(snapshot), Party.REPORTER, Words(form.text))


def has_confirmed(session: Session, row: Rectification, reporter_id: UUID) -> bool:
    """Whether the reporter has said so of what was submitted last."""
    if row.status is not Status.SUBMITTED:
        return False
    last = session.scalars(
        select(RectificationStep.move)
        .where(
            RectificationStep.rectification_id == row.id,
            (RectificationStep.move == Move.SUBMIT)
            | (
                (RectificationStep.move == Move.NOTE)
                & (RectificationStep.actor_id == reporter_id)
                & RectificationStep.union_id.is_(None)
            ),
        )
        .order_by(RectificationStep.id.desc())
        .limit(1)
    ).one()
    return last is Move.NOTE
