"""What awards do when a hazard turns out not to be closed after all."""

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.oversight.awards.actions import drop_hazard
from server.review.rectification.events import RectificationReopened, RectificationVoided


def on_not_closed(session: Session, event: RectificationReopened | RectificationVoided) -> None:
    """Open again, or void: off the lists that are not final."""
    drop_hazard(session, event.submission_id, now=event.at)


def subscribe_events() -> None:
    """Listen to rectification."""
    subscribe(RectificationReopened, on_not_closed)
    subscribe(RectificationVoided, on_not_closed)
