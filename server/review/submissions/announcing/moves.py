"""Who hears of the moves of a submission, and when: of a decision when the minute for undoing it is over."""

from collections.abc import Iterator, Mapping

from pydantic import TypeAdapter

from server.core.events import Event
from server.kit.workflow import MoveContext, Step
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
from server.review.submissions.models import Move, Submission

Context = MoveContext[Submission]

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

ANNOUNCE_JOB = "submissions.announce"


def announce_decision(context: Context, step: Step) -> Iterator[Event]:
    """Tell review of a decision, and everybody else unless it is held back."""
    yield SubmissionDecided(at=step.at, actor_id=step.actor_id, submission_id=step.row_id, move=Move(step.move))
    if context.row.pending_step_id != step.id:
        yield event_of(step)


def announce_reopening(context: Context, step: Step) -> Iterator[Event]:
    """Tell of it; quietly, where nobody had been told of what it undoes."""
    yield event_of(step, is_quiet=context.snapshot.is_untold)


def announce(_context: Context, step: Step) -> Iterator[Event]:
    """Tell of a move at once."""
    yield event_of(step)


def event_of(step: Step, *, is_quiet: bool = False) -> SubmissionEvent:
    """What subscribers hear of a step. Raises KeyError for moves that nobody hears of.

    `is_quiet`: what it takes back was not told yet.
    """
    said = {
        **step.said.data,
        "at": step.at,
        "actor_id": step.actor_id,
        "submission_id": step.row_id,
        "step_id": step.id,
        "text": step.said.text or None,
        "is_quiet": is_quiet,
    }
    return _READERS[Move(step.move)].validate_python(said)
