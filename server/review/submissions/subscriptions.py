"""What review does when photos arrive."""

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.kit.attachments import listen
from server.photos.events import PhotoReceived, PhotosCompleted
from server.photos.ports import ADMISSION, STATUS
from server.review.submissions.actions import ANSWERS, admit_photo, complete_photos, count_photos, get_status


def on_photo_received(session: Session, event: PhotoReceived) -> None:
    """Count it."""
    count_photos(session, event.submission_id, event.at)


def on_photos_completed(session: Session, event: PhotosCompleted) -> None:
    """Let the submission enter the queue."""
    if event.batch_id is None:
        complete_photos(session, event.submission_id, event.at)


def subscribe_events() -> None:
    """Listen to the photos wing; say which photos may come, and how their submissions stand."""
    ADMISSION.plug(admit_photo)
    STATUS.plug(get_status)
    subscribe(PhotoReceived, on_photo_received)
    subscribe(PhotosCompleted, on_photos_completed)
    listen(ANSWERS)
