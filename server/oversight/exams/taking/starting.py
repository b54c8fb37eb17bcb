"""Beginning a test: drawn and timed by the server, within the tries however many phones begin at once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.answering.papers import begun_columns, draw_paper, insert_attempt
from server.activities.quiz.attempts.scores.grading import pack
from server.core.errors import Conflict, Invalid, NotFound
from server.core.ids import is_uuid7
from server.oversight.exams import rules
from server.oversight.exams.models import Exam, ExamAttempt
from server.oversight.exams.queries import find_own, get_asked, read_tries
from server.oversight.exams.rules import Tries
from server.oversight.exams.taking.submitting import grade_overdue
from server.oversight.training.models import Attendance, TrainingSession
from server.unions.actor import Actor


def start_exam(
    session: Session, attempt_id: UUID, session_id: UUID, *, actor: Actor, now: datetime
) -> tuple[ExamAttempt, bool]:
    """Draw a paper and start its time. Returns the attempt and whether it is new; the same again changes nothing.

    Raises NotFound, Invalid, TooMany (`tries_used_up`), Conflict (`attempt_running`, `already_passed`,
    `content_differs`, and what `rules.refuse_now` says).
    """
    if not is_uuid7(attempt_id):
        raise Invalid("编号格式不对。", fields={"id": "要用 UUIDv7"})
    get_asked(session, session_id, actor)
    # Shared: all of a hall begin at once. Nobody hands in the papers of the session, or changes the test, meanwhile.
    held = select(TrainingSession).where(TrainingSession.id == session_id).with_for_update(read=True)
    row = session.scalars(held.execution_options(populate_existing=True)).one()
    exam = session.get(Exam, session_id, populate_existing=True)
    if exam is None:
        raise NotFound("这场培训没有测验。", code="exam_not_found")
    own = find_own(session, session_id, actor)
    while (known := session.get(ExamAttempt, attempt_id)) is None:
        if (refusal := rules.refuse_now(exam, row, own, now)) is not None or own is None:
            raise refusal or NotFound
        tries = _settled(session, own.id, now)
        if (refusal := rules.refuse_more(exam, tries)) is not None:
            raise refusal
        if insert_attempt(session, ExamAttempt, _values(session, attempt_id, exam, row, own, tries, actor, now)):
            return session.get_one(ExamAttempt, attempt_id), True
    return _same(known, session_id, actor), False


def _same(known: ExamAttempt, session_id: UUID, actor: Actor) -> ExamAttempt:
    if known.session_id != session_id or not actor.is_own(known.person_id):
        raise Conflict("这个编号已经用过了，请重新开始。", code="content_differs")
    return known


def _settled(session: Session, attendance_id: UUID, now: datetime) -> Tries:
    """What somebody has done so far, with no paper under way. Raises Conflict while one has time."""
    tries = read_tries(session, attendance_id)
    if tries.running_id is None:
        return tries
    if not grade_overdue(session, tries.running_id, now):
        raise Conflict("还有没交的卷子，先答完它。", code="attempt_running")
    return read_tries(session, attendance_id)


def _values(
    session: Session, attempt_id: UUID, exam: Exam, row: TrainingSession, own: Attendance, tries: Tries, actor: Actor,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    paper = draw_paper(session, rules.read_quotas(exam))
    deadline_at = min(now + timedelta(seconds=exam.seconds), rules.closes_at(row, exam.open_hours))
    return {
        "id": attempt_id, "person_id": actor.person_id, "session_id": row.id, "attendance_id": own.id,
        "try_number": tries.begun + 1, "pass_mark": exam.pass_mark, "questions": pack(asked for _, asked in paper),
        **begun_columns(paper, now, deadline_at),
    }  # fmt: skip
