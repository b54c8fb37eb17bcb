"""What the suggestions slice does when a decision is taken back."""

from sqlalchemy.orm import Session

from server.activities.suggestions.models import ImplementationMove, Suggestion
from server.activities.suggestions.workflow import IMPLEMENTATION
from server.core.events import subscribe
from server.kit.workflow import perform_held
from server.review.submissions.events import SubmissionReopened


def on_reopened(session: Session, event: SubmissionReopened) -> None:
    """It is not adopted any more."""
    suggestion = session.get(Suggestion, event.submission_id, with_for_update=True)
    if suggestion is not None:
        context = IMPLEMENTATION.context(session, suggestion, actor=None, now=event.at, cause_id=event.actor_id)
        perform_held(IMPLEMENTATION, context, ImplementationMove.TAKE_BACK)


def subscribe_events() -> None:
    """Listen to review."""
    subscribe(SubmissionReopened, on_reopened)
