"""What was put into an inbox may go out by WeChat too."""

from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.events import subscribe
from server.notifications.inbox.events import MessageDelivered
from server.notifications.subscribe.actions import prepare_message


def on_delivered(session: Session, event: MessageDelivered) -> None:
    """Prepare a subscribe message."""
    prepare_message(session, event.message_id, event.message, settings_of(session), now=event.at)


def subscribe_events() -> None:
    """Listen to the inbox."""
    subscribe(MessageDelivered, on_delivered)
