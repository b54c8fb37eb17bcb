"""Handing in: graded once, by the server's clock, whoever asks and however often. Who passed, stayed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.answering.papers import close_attempt
from server.activities.quiz.attempts.answering.saving import checked_answers
from server.activities.quiz.attempts.models import AttemptStatus
from server.activities.quiz.attempts.schemas import LateAnswer
from server.oversight.exams.models import ExamAttempt
from server.oversight.exams.queries import get_attempt
from server.oversight.training.check_in.corrections import confirm_by_test
from server.oversight.training.models import TrainingSession
from server.unions.actor import Actor


def submit_exam(
    session: Session, attempt_id: UUID, late: Sequence[LateAnswer], *, actor: Actor, now: datetime
) -> ExamAttempt:
    """Grade an attempt with what was saved and, if there is time left, with the answers that come along.

    After the deadline what arrived in time counts. Doing it again changes nothing. Raises NotFound, Invalid.
    """
    attempt = _lock(session, get_attempt(session, attempt_id, actor))
    if attempt.status is AttemptStatus.RUNNING:
        if late and now < attempt.deadline_at:
            attempt.answers = {**attempt.answers, **checked_answers(attempt, late, now)}
        _finish(session, attempt, now)
    return attempt


def grade_overdue(session: Session, attempt_id: UUID, now: datetime) -> bool:
    """Grade an attempt whose time is over. False, and nothing done, while it still has time."""
    attempt = _lock(session, session.get_one(ExamAttempt, attempt_id))
    if attempt.status is AttemptStatus.RUNNING:
        if now < attempt.deadline_at:
            return False
        _finish(session, attempt, now)
    return True


def _lock(session: Session, attempt: ExamAttempt) -> ExamAttempt:
    """The session first, shared, as everybody does who changes who was there: so nobody waits in a circle."""
    session.execute(
        select(TrainingSession.id).where(TrainingSession.id == attempt.session_id).with_for_update(read=True)
    )
    return session.get_one(ExamAttempt, attempt.id, with_for_update=True, populate_existing=True)


def _finish(session: Session, attempt: ExamAttempt, now: datetime) -> None:
    close_attempt(session, attempt, attempt.questions, attempt.pass_mark, now)
    session.flush()
    is_passed, score = bool(attempt.has_passed), Decimal(attempt.score or 0)
    confirm_by_test(session, attempt.attendance_id, score, is_passed=is_passed, now=now)
