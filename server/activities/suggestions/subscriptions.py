"""What the suggestions slice lends to the wings below, and what it does when a decision is taken back."""

from sqlalchemy.orm import Session

from server.activities.suggestions.models import ImplementationMove, Suggestion
from server.activities.suggestions.progress import read_follow_ups_of
from server.activities.suggestions.queries import read_suggestion, read_suggestions
from server.activities.suggestions.workflow import IMPLEMENTATION
from server.core.events import Event, subscribe
from server.kit.workflow import perform_held
from server.review.submissions.content import register_content, register_contents
from server.review.submissions.follow_up import register_follow_up
from server.review.submissions.models import Kind


def on_reopened(session: Session, event: Event) -> None:
    """It is not adopted any more."""
    suggestion = session.get(Suggestion, event.subject_id, with_for_update=True)
    if suggestion is not None:
        context = IMPLEMENTATION.context(session, suggestion, actor=None, now=event.at, cause_id=event.actor_id)
        perform_held(IMPLEMENTATION, context, ImplementationMove.TAKE_BACK)


def subscribe_events() -> None:
    """Let review read what a suggestion says and how it goes on."""
    register_content(Kind.SUGGESTION, read_suggestion)
    register_contents(Kind.SUGGESTION, read_suggestions)
    register_follow_up(Kind.SUGGESTION, read_follow_ups_of)
    subscribe("submission.reopened", on_reopened)
