"""What workers sent is checked as it comes."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.events import subscribe
from server.core.jobs.actions import enqueue
from server.review.rectification.events import RectificationReopened
from server.review.safety.actions import OPEN_JOB
from server.review.safety.models import Source
from server.review.submissions.events import SubmissionAnswered, SubmissionArrived


def on_arrived(session: Session, event: SubmissionArrived) -> None:
    """A submission entered the queue."""
    _open(session, Source.REPORT, event.submission_id)


def on_answered(session: Session, event: SubmissionAnswered) -> None:
    """Its reporter answered a question."""
    _open(session, Source.ANSWER, event.answer_id)


def on_reopened(session: Session, event: RectificationReopened) -> None:
    """Somebody said that it was not put right; words of unions are not checked."""
    if event.union_id is None:
        _open(session, Source.REOPENING, event.step_id)


def _open(session: Session, source: Source, subject_id: UUID) -> None:
    """One job; without a mini program there is nobody to ask and nothing is held."""
    if settings_of(session).wechat_app_id:
        enqueue(session, OPEN_JOB, source=source.value, subject_id=subject_id)


def subscribe_events() -> None:
    """Listen to what comes."""
    subscribe(SubmissionArrived, on_arrived)
    subscribe(SubmissionAnswered, on_answered)
    subscribe(RectificationReopened, on_reopened)
