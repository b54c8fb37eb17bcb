"""Background work of tests."""

from server.activities.quiz.attempts.answering.papers import grade_all_overdue
from server.core.jobs.registry import JobContext, periodic
from server.oversight.exams.models import ExamAttempt
from server.oversight.exams.taking.submitting import grade_overdue


@periodic("exams.grade_overdue", "培训测验到时收卷", seconds=30)
def grade_overdue_exams(ctx: JobContext) -> None:
    """Grade what nobody handed in."""
    grade_all_overdue(ctx.database, ExamAttempt, grade_overdue)
