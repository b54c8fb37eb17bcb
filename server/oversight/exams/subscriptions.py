"""What tests say to the slices below."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from server.activities.quiz.attempts.ports import ASKED_ELSEWHERE
from server.oversight.exams.queries import RUNNING_PAPERS, count_running, with_exam
from server.oversight.training.models import TrainingSession
from server.oversight.training.ports import WHAT_LACKS, WITH_EXAM


def what_lacks(session: Session, row: TrainingSession) -> Sequence[str]:
    """Papers that are not in: what they confirm would come after the papers of the session were handed in."""
    running = count_running(session, row.id)
    return (f"还在考的 {running} 人交卷",) if running else ()


def subscribe_events() -> None:
    """Answer the questions of the wings below."""
    WHAT_LACKS.plug(what_lacks)
    WITH_EXAM.plug(with_exam)
    ASKED_ELSEWHERE.plug(RUNNING_PAPERS)
