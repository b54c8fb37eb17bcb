"""What awards do when a hazard turns out not to be closed after all."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.oversight.awards.actions import drop_hazard


def on_not_closed(session: Session, event: Event) -> None:
    """Open again, or void: off the lists that are not final."""
    drop_hazard(session, UUID(str(event.data["submission_id"])), now=event.at)


def subscribe_events() -> None:
    """Listen to rectification."""
    subscribe("rectification.reopened", on_not_closed)
    subscribe("rectification.voided", on_not_closed)
