"""The log of a rectification: a step for people, an audit row for the record, an event for whoever listens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import new_entry
from server.core.db import insert_rows_in_one_statement
from server.core.events import Event, publish
from server.review.rectification.models import Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status

_STEPS = cast(Table, RectificationStep.__table__)

EVENTS: Mapping[Move, str] = {
    Move.OPEN: "rectification.opened",
    Move.ACCEPT: "rectification.accepted",
    Move.DISPUTE: "rectification.disputed",
    Move.UPHOLD: "rectification.upheld",
    Move.DROP: "rectification.dropped",
    Move.ASK_EXTENSION: "rectification.extension_asked",
    Move.GRANT_EXTENSION: "rectification.extension_granted",
    Move.REFUSE_EXTENSION: "rectification.extension_refused",
    Move.SUBMIT: "rectification.submitted",
    Move.SEND_BACK: "rectification.sent_back",
    Move.CLOSE: "rectification.closed",
    Move.REOPEN: "rectification.reopened",
    Move.VOID: "rectification.voided",
}
"""What others hear of. A note is nobody else's business, nor is a reporter's own confirmation of what is closed."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who made a move, in whose name, and what was said with it. `data` holds plain JSON values."""

    actor_id: UUID | None
    union_id: UUID | None = None
    text: str = ""
    note: str = ""
    data: Mapping[str, Any] | None = None


def log_step(
    session: Session, row: Rectification, move: Move, before: Status | None, said: Said, now: datetime
) -> UUID:
    """Append the step and its audit row, then tell the subscribers. The row has its new status. Returns the step's id.

    The event's data: `submission_id`, `step_id`, `union_id` (None: the reporter or the system) as UUIDs, `move`,
    `text`, `status`, `grade`, `due_at` (ISO 8601), and what the move carried.
    """
    step_id, carried = ids.new_id(), dict(said.data or {})
    step = {
        "id": step_id,
        "rectification_id": row.id,
        "move": move,
        "from_status": before,
        "to_status": row.status,
        "actor_id": said.actor_id,
        "union_id": said.union_id,
        "at": now,
        "text": said.text or None,
        "note": said.note or None,
        "data": carried or None,
    }
    entry = new_entry(
        f"rectification.{move}",
        subject_type="rectification",
        subject_id=row.id,
        actor_id=said.actor_id,
        at=now,
        detail={"from": before, "to": row.status, "step": str(step_id), **carried},
    )
    insert_rows_in_one_statement(session, [(_STEPS, step), entry])
    told = {
        **carried,
        "submission_id": row.submission_id,
        "step_id": step_id,
        "union_id": said.union_id,
        "move": move,
        "text": said.text or None,
        "status": row.status,
        "grade": row.grade,
        "due_at": row.due_at.isoformat(),
    }
    if move in EVENTS:
        publish(session, Event(EVENTS[move], row.id, now, said.actor_id, told))
    return step_id
