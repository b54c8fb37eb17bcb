"""What was decided is kept beside what was proposed, once it stands."""

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.review.proposals.actions import note_decision
from server.review.submissions.events import (
    SubmissionAccepted,
    SubmissionDeclined,
    SubmissionMarkedDuplicate,
    SubmissionReturned,
)
from server.review.submissions.models import Move


def on_accepted(session: Session, event: SubmissionAccepted) -> None:
    """A hazard was graded."""
    note_decision(session, event.submission_id, Move.ACCEPT, event.grade, event.text)


def on_declined(session: Session, event: SubmissionDeclined) -> None:
    """It was not accepted."""
    note_decision(session, event.submission_id, Move.DECLINE, None, event.text)


def on_merged(session: Session, event: SubmissionMarkedDuplicate) -> None:
    """It was another's."""
    note_decision(session, event.submission_id, Move.MARK_DUPLICATE, None, event.text)


def on_returned(session: Session, event: SubmissionReturned) -> None:
    """Its reporter was asked something."""
    note_decision(session, event.submission_id, Move.RETURN, None, event.text)


def subscribe_events() -> None:
    """Listen to decisions."""
    subscribe(SubmissionAccepted, on_accepted)
    subscribe(SubmissionDeclined, on_declined)
    subscribe(SubmissionMarkedDuplicate, on_merged)
    subscribe(SubmissionReturned, on_returned)
