"""What the channel does when a draft has been sent, and when somebody's account is deleted."""

from sqlalchemy.orm import Session

from server.channels.official_account import texts
from server.channels.official_account.drafts import drop_draft
from server.channels.official_account.followers import forget_person, say
from server.core.events import Event, subscribe


def on_arrived(session: Session, event: Event) -> None:
    """What was a draft in the chat is in the queue: the copy here is not needed any more."""
    follower = drop_draft(session, event.subject_id)
    if follower is not None:
        say(session, follower, texts.SENT, now=event.at)


def on_person_erased(session: Session, event: Event) -> None:
    """Forget what the chat knows of them."""
    forget_person(session, event.subject_id)


def subscribe_events() -> None:
    """Listen to submissions and to people."""
    subscribe("submission.arrived", on_arrived)
    subscribe("person.erased", on_person_erased)
