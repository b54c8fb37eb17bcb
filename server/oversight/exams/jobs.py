"""Background work of tests."""

from datetime import timedelta

from sqlalchemy import select

from server.activities.quiz.attempts.models import AttemptStatus
from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.oversight.exams.models import ExamAttempt
from server.oversight.exams.taking.submitting import grade_overdue

BATCH = 200
GRACE = timedelta(seconds=30)  # the phone hands in by itself when time is up


@periodic("exams.grade_overdue", "培训测验到时收卷", seconds=30)
def grade_overdue_exams(ctx: JobContext) -> None:
    """Grade what nobody handed in, each in a transaction of its own."""
    while True:
        now = clock.now()
        over = ExamAttempt.status == AttemptStatus.RUNNING, ExamAttempt.deadline_at < now - GRACE
        those = select(ExamAttempt.id).where(*over).order_by(ExamAttempt.deadline_at).limit(BATCH)
        with ctx.database.reading() as session:
            found = session.scalars(those).all()
        for attempt_id in found:
            with ctx.database.transaction() as session:
                grade_overdue(session, attempt_id, now)
        if len(found) < BATCH:
            return
