"""What was answered wrong in an attempt goes into practice: by a job, so that handing in stays quick."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.core.jobs.actions import enqueue


def on_graded(session: Session, event: Event) -> None:
    """An attempt was graded. Its data: `person_id`, `wrong` (ids of versions)."""
    wrong = event.data["wrong"]
    if wrong:
        enqueue(
            session,
            "quiz.take_up_practice",
            person_id=UUID(str(event.data["person_id"])),
            version_ids=",".join(UUID(str(each)).hex for each in wrong),
            at=event.at.isoformat(),
        )


def subscribe_events() -> None:
    """Listen to attempts."""
    subscribe("quiz.attempt_graded", on_graded)
