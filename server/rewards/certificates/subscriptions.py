"""When certificates are issued."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.rewards.certificates.actions import issue_certificate


def on_finished(session: Session, event: Event) -> None:
    """Somebody has passed every level."""
    contest_id, person_id = (UUID(str(event.data[key])) for key in ("quiz_id", "person_id"))
    issue_certificate(session, contest_id, person_id, now=event.at)


def subscribe_events() -> None:
    """Listen to the quiz, by name."""
    subscribe("quiz.finished", on_finished)
