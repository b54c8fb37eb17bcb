"""What review does when photos arrive and when unions move."""

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.review.submissions.actions import admit_photo, complete_photos, count_photos, requeue_unanswerable
from server.review.submissions.routing.resync_ancestors import on_union_moved


def on_photo_arriving(session: Session, event: Event) -> None:
    """Take the submission's lock before the photo's row is touched; or have a first look, before the body is read."""
    admit_photo(session, event.subject_id, lock=event.data["lock"])


def on_photo_received(session: Session, event: Event) -> None:
    """Count it."""
    count_photos(session, event.subject_id, event.at)


def on_photos_completed(session: Session, event: Event) -> None:
    """Let the submission enter the queue."""
    complete_photos(session, event.subject_id, event.data["batch_id"], event.at)


def on_person_erased(session: Session, event: Event) -> None:
    """Nobody answers any more what they were asked."""
    requeue_unanswerable(session, event.subject_id, now=event.at)


def subscribe_events() -> None:
    """Listen to the photos wing and to the tree of unions."""
    subscribe("photos.arriving", on_photo_arriving)
    subscribe("photos.received", on_photo_received)
    subscribe("photos.completed", on_photos_completed)
    subscribe("union.moved", on_union_moved)
    subscribe("person.erased", on_person_erased)
