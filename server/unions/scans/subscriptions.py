"""What scanning hears of people."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.unions.scans.actions import forget_phones_of, unlink_all


def on_erased(session: Session, event: Event) -> None:
    """Somebody's personal data is deleted."""
    forget_phones_of(session, UUID(str(event.subject_id)))


def on_sessions_ended(session: Session, event: Event) -> None:
    """Whoever ends all sessions of somebody wants nobody to stay in, nor to come in again without the password."""
    unlink_all(session, event.subject_id, actor_id=event.actor_id, now=event.at)


def subscribe_events() -> None:
    """Listen by name."""
    subscribe("account.sessions_ended", on_sessions_ended)
    subscribe("person.erased", on_erased)
