"""What OAuth hears of people."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.unions.oauth.actions import forget_visits_of


def on_erased(session: Session, event: Event) -> None:
    """Somebody's personal data is deleted."""
    forget_visits_of(session, UUID(str(event.subject_id)))


def subscribe_events() -> None:
    """Listen by name."""
    subscribe("person.erased", on_erased)
