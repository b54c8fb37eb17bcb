"""What the channel does when a draft has been sent."""

from sqlalchemy.orm import Session

from server.channels.official_account import texts
from server.channels.official_account.chat.drafts import drop_draft, is_draft
from server.channels.official_account.chat.followers import say
from server.channels.official_account.voices.keeping import pass_on
from server.core.events import subscribe
from server.review.submissions.events import SubmissionArrived


def on_arrived(session: Session, event: SubmissionArrived) -> None:
    """What was a draft in the chat is in the queue: the copy here is not needed any more."""
    if not is_draft(session, event.submission_id):
        return
    pass_on(session, event.submission_id)
    follower = drop_draft(session, event.submission_id)
    if follower is not None:
        say(session, follower, texts.SENT, now=event.at)


def subscribe_events() -> None:
    """Listen to submissions."""
    subscribe(SubmissionArrived, on_arrived)
