"""What the suggestions slice does when a decision is taken back."""

from sqlalchemy.orm import Session

from server.activities.suggestions.models import ImplementationMove, Suggestion
from server.activities.suggestions.workflow import IMPLEMENTATION
from server.core.events import Event, subscribe
from server.kit.workflow import perform_held


def on_reopened(session: Session, event: Event) -> None:
    """It is not adopted any more."""
    suggestion = session.get(Suggestion, event.subject_id, with_for_update=True)
    if suggestion is not None:
        context = IMPLEMENTATION.context(session, suggestion, actor=None, now=event.at, cause_id=event.actor_id)
        perform_held(IMPLEMENTATION, context, ImplementationMove.TAKE_BACK)


def subscribe_events() -> None:
    """Listen to review."""
    subscribe("submission.reopened", on_reopened)
