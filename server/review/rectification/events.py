"""What a rectification announces: every move but notes. A note is nobody else's business, nor is a reporter's own
confirmation of what a union has to recheck."""

from collections.abc import Iterator, Mapping

from server.core.events import Event
from server.kit.workflow import MoveContext, Step
from server.review.rectification.models import Rectification
from server.review.rectification.models import RectifyMove as Move

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


def announce(context: MoveContext[Rectification], step: Step) -> Iterator[Event]:
    """The event of a move. Its data: `submission_id`, `step_id`, `union_id` (None: the reporter or the system) as
    UUIDs, `move`, `text`, `status`, `grade`, `due_at` (ISO 8601), and what the move carried."""
    row = context.row
    data = {
        **step.said.data,
        "submission_id": row.submission_id,
        "step_id": step.id,
        "union_id": step.said.union_id,
        "move": step.move,
        "text": step.said.text or None,
        "status": row.status,
        "grade": row.grade,
        "due_at": row.due_at.isoformat(),
    }
    yield Event(EVENTS[Move(step.move)], row.id, step.at, step.actor_id, data)
