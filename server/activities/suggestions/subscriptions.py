"""What the suggestions slice lends to the wings below, and what it does when a decision is taken back."""

from sqlalchemy.orm import Session

from server.activities.suggestions.implementation import take_back
from server.activities.suggestions.progress import read_follow_ups_of
from server.activities.suggestions.queries import read_suggestion, read_suggestions
from server.core.events import Event, subscribe
from server.review.submissions.content import register_content, register_contents
from server.review.submissions.follow_up import register_follow_up
from server.review.submissions.models import Kind


def on_reopened(session: Session, event: Event) -> None:
    """It is not adopted any more."""
    take_back(session, event.subject_id)


def subscribe_events() -> None:
    """Let review read what a suggestion says and how it goes on."""
    register_content(Kind.SUGGESTION, read_suggestion)
    register_contents(Kind.SUGGESTION, read_suggestions)
    register_follow_up(Kind.SUGGESTION, read_follow_ups_of)
    subscribe("submission.reopened", on_reopened)
