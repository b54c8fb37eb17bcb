"""What workers sent is checked as it comes; WeChat's verdicts on pictures arrive as events."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.events import Event, subscribe
from server.core.jobs.actions import enqueue
from server.review.safety.actions import OPEN_JOB, record_media_result
from server.review.safety.models import Source
from server.wechat.events import MediaChecked


def on_arrived(session: Session, event: Event) -> None:
    """A submission entered the queue."""
    _open(session, Source.REPORT, event.subject_id)


def on_answered(session: Session, event: Event) -> None:
    """Its reporter answered a question."""
    _open(session, Source.ANSWER, UUID(event.data["answer_id"]))


def on_reopened(session: Session, event: Event) -> None:
    """Somebody said that it was not put right; words of unions are not checked."""
    if event.data["union_id"] is None:
        _open(session, Source.REOPENING, event.data["step_id"])


def on_media_checked(session: Session, event: Event) -> None:
    """WeChat's verdict on a picture was pushed."""
    record_media_result(session, MediaChecked(**event.data), now=event.at)


def _open(session: Session, source: Source, subject_id: UUID) -> None:
    """One job; without a mini program there is nobody to ask and nothing is held."""
    if settings_of(session).wechat_app_id:
        enqueue(session, OPEN_JOB, source=source.value, subject_id=subject_id)


def subscribe_events() -> None:
    """Listen to arrivals and to WeChat."""
    subscribe("submission.arrived", on_arrived)
    subscribe("submission.answered", on_answered)
    subscribe("rectification.reopened", on_reopened)
    subscribe("wechat.media_checked", on_media_checked)
