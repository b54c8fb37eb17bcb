"""The log of a submission: a step for people, an audit row for the record, an event for whoever listens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Table
from sqlalchemy.orm import Session

from server.core import clock, ids
from server.core.audit.actions import new_entry
from server.core.db import NewRow, insert_rows_in_one_statement, settings_of
from server.core.events import publish
from server.core.jobs.actions import enqueue
from server.review.submissions.events import (
    SubmissionAccepted,
    SubmissionAnswered,
    SubmissionArrived,
    SubmissionDecided,
    SubmissionDeclined,
    SubmissionDisclosed,
    SubmissionEvent,
    SubmissionMarkedDuplicate,
    SubmissionPassed,
    SubmissionRelinked,
    SubmissionReopened,
    SubmissionRequeued,
    SubmissionReturned,
    SubmissionWithdrawn,
)
from server.review.submissions.models import Move, Status, Submission, SubmissionStep

_STEPS = cast(Table, SubmissionStep.__table__)

EVENTS: Mapping[Move, type[SubmissionEvent]] = {
    Move.SUBMIT: SubmissionArrived,
    Move.RETURN: SubmissionReturned,
    Move.ANSWER: SubmissionAnswered,
    Move.ACCEPT: SubmissionAccepted,
    Move.ACCEPT_IN_PART: SubmissionAccepted,
    Move.DECLINE: SubmissionDeclined,
    Move.MARK_DUPLICATE: SubmissionMarkedDuplicate,
    Move.PASS_UP: SubmissionPassed,
    Move.PASS_DOWN: SubmissionPassed,
    Move.REOPEN: SubmissionReopened,
    Move.WITHDRAW: SubmissionWithdrawn,
    Move.DISCLOSE: SubmissionDisclosed,
    Move.REQUEUE: SubmissionRequeued,
    Move.RELINK: SubmissionRelinked,
}
"""The moves that others hear of. Claims and notes are housekeeping."""

_READERS: Mapping[Move, TypeAdapter[SubmissionEvent]] = {move: TypeAdapter(kind) for move, kind in EVENTS.items()}
"""What a step keeps is JSON: these read it as the fields of its event."""

HELD_BACK = frozenset(
    {Move.RETURN, Move.ACCEPT, Move.ACCEPT_IN_PART, Move.DECLINE, Move.MARK_DUPLICATE, Move.PASS_UP, Move.PASS_DOWN}
)
"""The moves that can be taken back by one key."""
ANNOUNCE_JOB = "submissions.announce"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One move of one submission, with everything worth keeping about it.

    `public_text` is for the reporter, `internal_note` for reviewers alone; `data` holds plain JSON values.
    """

    submission_id: UUID
    move: Move
    from_status: Status | None
    to_status: Status
    actor_id: UUID | None
    at: datetime
    union_id: UUID | None = None
    public_text: str | None = None
    internal_note: str | None = None
    data: Mapping[str, Any] | None = None


def rows_of(step: StepTaken) -> tuple[UUID, list[NewRow]]:
    """The step's id, and the rows that put it on record: the step itself and its audit entry."""
    step_id = ids.new_id()
    row: NewRow = (
        _STEPS,
        {
            "id": step_id,
            "submission_id": step.submission_id,
            "move": step.move,
            "from_status": step.from_status,
            "to_status": step.to_status,
            "actor_id": step.actor_id,
            "union_id": step.union_id,
            "at": step.at,
            "public_text": step.public_text,
            "internal_note": step.internal_note,
            "data": dict(step.data) if step.data else None,
        },
    )
    entry = new_entry(
        f"submission.{step.move}",
        subject_type="submission",
        subject_id=step.submission_id,
        actor_id=step.actor_id,
        at=step.at,
        detail={"from": step.from_status, "to": step.to_status, "step": str(step_id), **(step.data or {})},
    )
    return step_id, [row, entry]


def log_step(session: Session, step: StepTaken) -> UUID:
    """Append the step and its audit row, then tell the subscribers, or have them told. Returns the step's id.

    The submission's row is locked. Whatever happens next takes the place of a decision that is not told yet.
    """
    step_id, rows = rows_of(step)
    insert_rows_in_one_statement(session, rows)
    if step.move not in EVENTS:
        return step_id
    submission = session.get_one(Submission, step.submission_id)
    is_untold = submission.pending_step_id is not None
    patience = timedelta(seconds=settings_of(session).announce_seconds)
    told_at = step.at + patience
    waits = bool(patience) and step.move in HELD_BACK and told_at > clock.now()
    submission.pending_step_id = step_id if waits else None
    session.flush()
    if step.move in HELD_BACK:
        publish(session, _decided(step))
    if waits:
        enqueue(session, ANNOUNCE_JOB, run_at=told_at, step_id=step_id)
    else:
        publish(session, event_of(step_id, step, is_quiet=is_untold))
    return step_id


def _decided(step: StepTaken) -> SubmissionDecided:
    return SubmissionDecided(at=step.at, actor_id=step.actor_id, submission_id=step.submission_id, move=step.move)


def event_of(step_id: UUID, step: StepTaken, *, is_quiet: bool = False) -> SubmissionEvent:
    """What subscribers hear of a step. Raises KeyError for moves that nobody hears of.

    `is_quiet`: what it takes back was not told yet.
    """
    said = {
        **(step.data or {}),
        "at": step.at,
        "actor_id": step.actor_id,
        "submission_id": step.submission_id,
        "step_id": step_id,
        "text": step.public_text,
        "is_quiet": is_quiet,
    }
    return _READERS[step.move].validate_python(said)
