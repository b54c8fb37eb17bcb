"""What was put into an inbox may go out by WeChat too."""

from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.events import subscribe
from server.notifications.inbox.events import MessageDelivered, MessagesDelivered
from server.notifications.subscribe.actions import prepare_message, prepare_messages


def on_delivered(session: Session, event: MessageDelivered) -> None:
    """Prepare a subscribe message."""
    prepare_message(session, event.message_id, event.message, settings_of(session), now=event.at)


def on_many_delivered(session: Session, event: MessagesDelivered) -> None:
    """Prepare those that somebody has consented to."""
    prepare_messages(session, event.messages, settings_of(session), now=event.at)


def subscribe_events() -> None:
    """Listen to the inbox."""
    subscribe(MessageDelivered, on_delivered)
    subscribe(MessagesDelivered, on_many_delivered)
