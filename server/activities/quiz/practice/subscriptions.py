"""What was answered wrong in an attempt goes into practice: by a job, so that handing in stays quick."""

from sqlalchemy.orm import Session

from server.activities.quiz.attempts.events import AttemptGraded
from server.core.events import subscribe
from server.core.jobs.actions import enqueue


def on_graded(session: Session, event: AttemptGraded) -> None:
    """An attempt was graded."""
    if event.wrong:
        enqueue(
            session,
            "quiz.take_up_practice",
            person_id=event.person_id,
            version_ids=",".join(each.hex for each in event.wrong),
            at=event.at.isoformat(),
        )


def subscribe_events() -> None:
    """Listen to attempts."""
    subscribe(AttemptGraded, on_graded)
