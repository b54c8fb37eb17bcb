"""What a merge, and undoing it, means for those who reported."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.review.duplicates.actions import carry_over, take_back


def on_merged(session: Session, event: Event) -> None:
    """Whoever stood behind what was merged stands behind the target now."""
    carry_over(session, event.subject_id, UUID(event.data["target_id"]), event.at)


def on_reopened(session: Session, event: Event) -> None:
    """It is no duplicate any more, if it was one."""
    take_back(session, event.subject_id)


def subscribe_events() -> None:
    """Listen to the decisions."""
    subscribe("submission.marked_duplicate", on_merged)
    subscribe("submission.reopened", on_reopened)
