"""What the slices below say of their events becomes messages, in the transaction of the event."""

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.core.slice import declared
from server.notifications.inbox.actions import deliver
from server.notifications.inbox.queries import count_unread
from server.unions.people.ports import UNREAD


def on_told(session: Session, event: Event) -> None:
    """Deliver what the slices have to say of it, each to its people."""
    for write in declared().messages[type(event)]:
        for told in write(session, event):
            deliver(session, told, now=event.at)


def subscribe_events() -> None:
    """Listen to every event that slices have words for; tell the people slice how many messages are unread."""
    for kind in declared().messages:
        subscribe(kind, on_told)
    UNREAD.plug(count_unread)
