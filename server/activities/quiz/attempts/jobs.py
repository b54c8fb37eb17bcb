"""Background work of attempts."""

from datetime import timedelta

from server.activities.quiz.attempts.answering.papers import grade_all_overdue
from server.activities.quiz.attempts.answering.submitting import grade_overdue
from server.activities.quiz.attempts.models import Attempt
from server.activities.quiz.attempts.signals.sharing import note_shared_of_days
from server.core import clock
from server.core.clock import in_shanghai
from server.core.jobs.registry import JobContext, periodic


@periodic("quiz.grade_overdue", "到时收卷判分", seconds=30)
def grade_overdue_attempts(ctx: JobContext) -> None:
    """Grade what nobody handed in."""
    grade_all_overdue(ctx.database, Attempt, grade_overdue)


@periodic("quiz.find_shared_devices", "查同一手机答题", seconds=600)
def find_shared_devices(ctx: JobContext) -> None:
    """Flag passed attempts of devices on which many people played: today's, and yesterday's until midnight."""
    now = clock.now()
    note_shared_of_days(ctx.database, in_shanghai(now - timedelta(days=1)).date(), now)
