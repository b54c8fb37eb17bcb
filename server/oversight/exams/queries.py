"""Reads of tests: how somebody stands, papers under way, results, figures of a session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import AttemptStatus
from server.activities.quiz.attempts.queries import explain_questions, list_asked_now, show_questions
from server.activities.quiz.attempts.scores.grading import grade, unpack
from server.activities.quiz.bank.queries import get_sheets
from server.core.errors import Conflict, NotFound
from server.oversight.exams import rules
from server.oversight.exams.models import Exam, ExamAttempt
from server.oversight.exams.rules import Tries
from server.oversight.exams.schemas import ExamAttemptOut, ExamOut, ExamResultOut
from server.oversight.training.models import Attendance, TrainingSession
from server.oversight.training.queries import find_asked, get_session, may_see_people, own_attendances
from server.unions.actor import Actor


@dataclass(frozen=True, slots=True)
class Figures:
    """A test over all who took it: how many handed in, how many of them passed, the mean of their best marks."""

    begun: int
    handed_in: int
    passed: int
    average: float | None


def find_exam(session: Session, session_id: UUID) -> Exam | None:
    """The test of a session, if there is one."""
    return session.get(Exam, session_id)


def get_exam_session(session: Session, session_id: UUID, actor: Actor) -> TrainingSession:
    """A session whose people the actor sees. Raises NotFound."""
    row = get_session(session, session_id, actor)
    if not may_see_people(actor, row):
        raise NotFound
    return row


def with_exam(session: Session, session_ids: Sequence[UUID]) -> Collection[UUID]:
    """Those of the sessions that have a test."""
    return set(session.scalars(select(Exam.session_id).where(Exam.session_id.in_(session_ids))))


def count_running(session: Session, session_id: UUID) -> int:
    """How many papers are not handed in yet."""
    running = ExamAttempt.session_id == session_id, ExamAttempt.status == AttemptStatus.RUNNING
    return session.scalar(select(func.count()).select_from(ExamAttempt).where(*running)) or 0


def is_begun(session: Session, session_id: UUID) -> bool:
    """Whether anybody has begun: nothing of the test changes then."""
    return session.scalar(select(ExamAttempt.id).where(ExamAttempt.session_id == session_id).limit(1)) is not None


def read_figures(session: Session, session_id: UUID) -> Figures:
    """By person, not by try."""
    best = (
        select(
            func.max(ExamAttempt.score).label("score"),
            func.count().filter(ExamAttempt.has_passed.is_(True)).label("passed"),
        )
        .where(ExamAttempt.session_id == session_id)
        .group_by(ExamAttempt.attendance_id)
        .subquery()
    )
    row = session.execute(
        select(
            func.count(), func.count(best.c.score), func.count().filter(best.c.passed > 0), func.avg(best.c.score)
        ).select_from(best)
    ).one()
    return Figures(row[0], row[1], row[2], float(row[3]) if row[3] is not None else None)


# --- phones -----------------------------------------------------------------------------------------------------------


def read_tries(session: Session, attendance_id: UUID) -> Tries:
    """What somebody has done so far."""
    those = select(ExamAttempt).where(ExamAttempt.attendance_id == attendance_id).order_by(ExamAttempt.try_number)
    rows = session.scalars(those.execution_options(populate_existing=True)).all()
    graded = [row for row in rows if row.status is AttemptStatus.GRADED]
    return Tries(
        begun=len(rows),
        best=max((row.score or 0 for row in graded), default=None),
        has_passed=any(row.has_passed for row in graded),
        running_id=next((row.id for row in rows if row.status is AttemptStatus.RUNNING), None),
        graded_id=graded[-1].id if graded else None,
    )


def find_own(session: Session, session_id: UUID, actor: Actor) -> Attendance | None:
    """The asker's attendance, whichever of their identities they came by."""
    return own_attendances(session, list(actor.own_ids), [session_id]).get(session_id)


def get_asked(session: Session, session_id: UUID, actor: Actor) -> tuple[TrainingSession, Exam, Attendance | None]:
    """The test of a session that somebody is asked to, or was at. Raises NotFound."""
    found, exam = find_asked(session, session_id, actor), find_exam(session, session_id)
    if found is None or exam is None:
        raise NotFound("这场培训没有测验。", code="exam_not_found")
    row, own = found
    return row, exam, own


def describe_exam(session: Session, session_id: UUID, actor: Actor, now: datetime) -> ExamOut:
    """It, with how the asker stands. Raises NotFound."""
    row, exam, own = get_asked(session, session_id, actor)
    tries = read_tries(session, own.id) if own is not None else Tries()
    refusal = rules.refuse_now(exam, row, own, now)
    used_up = rules.refuse_more(exam, tries) if tries.running_id is None else None
    said = used_up or refusal
    note = said.message if said is not None and not tries.has_passed else ""
    return ExamOut(
        session_id=row.id, title=row.title, questions=rules.count_questions(exam), seconds=exam.seconds,
        pass_mark=exam.pass_mark, tries_left=tries.left(exam), opens_at=row.check_out_from,
        closes_at=rules.closes_at(row, exam.open_hours),
        can_start=said is None and tries.running_id is None, note=note, best_score=tries.best,
        passed=tries.has_passed, running_attempt_id=tries.running_id, graded_attempt_id=tries.graded_id,
    )  # fmt: skip


def get_attempt(session: Session, attempt_id: UUID, actor: Actor) -> ExamAttempt:
    """One's own. Raises NotFound for another's."""
    found = session.scalars(
        select(ExamAttempt).where(ExamAttempt.id == attempt_id, ExamAttempt.person_id.in_(actor.own_ids))
    ).one_or_none()
    if found is None:
        raise NotFound("没有找到这份卷子。", code="attempt_not_found")
    return found


def describe_attempt(session: Session, attempt: ExamAttempt, now: datetime) -> ExamAttemptOut:
    """A paper as it is answered, without what is right."""
    return ExamAttemptOut(
        id=attempt.id, session_id=attempt.session_id,
        title=session.get_one(TrainingSession, attempt.session_id).title, status=attempt.status.value,
        started_at=attempt.started_at, deadline_at=attempt.deadline_at, now=now,
        questions=show_questions(session, attempt, unpack(attempt.questions)),
    )  # fmt: skip


def describe_result(session: Session, attempt: ExamAttempt, now: datetime) -> ExamResultOut:
    """What became of it, with what is right and why. Raises Conflict while it runs."""
    if attempt.status is not AttemptStatus.GRADED:
        raise Conflict("还没有交卷。", code="attempt_running")
    asked = unpack(attempt.questions)
    sheets = get_sheets(session, [each.version_id for each in asked])
    tries, exam = read_tries(session, attempt.attendance_id), session.get_one(Exam, attempt.session_id)
    return ExamResultOut(
        id=attempt.id, session_id=attempt.session_id,
        title=session.get_one(TrainingSession, attempt.session_id).title, score=attempt.score or 0,
        right=attempt.right or 0, total=len(asked), passed=bool(attempt.has_passed), pass_mark=attempt.pass_mark,
        tries_left=tries.left(exam),
        is_counted=session.get_one(Attendance, attempt.attendance_id).is_counted,
        questions=explain_questions(
            grade(asked, attempt.answers, sheets), sheets, list_asked_now(session, attempt.person_id, now)
        ),
    )  # fmt: skip


_ATTEMPTS = cast(Table, ExamAttempt.__table__).c
RUNNING_PAPERS = select(_ATTEMPTS.questions).where(
    _ATTEMPTS.person_id == bindparam("asker_id"),
    _ATTEMPTS.status == AttemptStatus.RUNNING,
    _ATTEMPTS.deadline_at > bindparam("moment"),
)
"""What somebody is answering now, for `ASKED_ELSEWHERE`."""
