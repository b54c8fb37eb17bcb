"""What was put into an inbox may go out by WeChat too."""

from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.events import Event, subscribe
from server.notifications.subscribe.actions import prepare_message
from server.notifications.subscribe.occasions import EVENTS


def on_delivered(session: Session, event: Event) -> None:
    """Prepare a subscribe message for the events that have an occasion."""
    if event.data["about"] in EVENTS:
        prepare_message(session, event, settings_of(session))


def subscribe_events() -> None:
    """Listen to the inbox."""
    subscribe("message.delivered", on_delivered)
