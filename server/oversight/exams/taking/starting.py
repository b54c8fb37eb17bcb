"""Beginning a test: drawn and timed by the server, within the tries however many phones begin at once."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import AttemptStatus
from server.activities.quiz.attempts.scores.grading import pack, shuffle_options
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.queries import Drawable, list_drawable
from server.activities.quiz.levels.drawing.quotas import draw
from server.core.errors import Conflict, Invalid, NotFound, TooMany
from server.core.ids import is_uuid7
from server.oversight.exams import rules
from server.oversight.exams.models import Exam, ExamAttempt
from server.oversight.exams.queries import Tries, find_own, get_asked, read_tries
from server.oversight.exams.taking.submitting import grade_overdue
from server.oversight.training.models import Attendance, TrainingSession
from server.unions.actor import Actor

_TABLE = cast(Table, ExamAttempt.__table__)
_INSERTS = {
    name: dialect.insert(_TABLE).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_DICE = random.SystemRandom()


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
    while True:
        if (known := session.get(ExamAttempt, attempt_id)) is not None:
            return _same(known, session_id, actor), False
        own = find_own(session, session_id, actor)
        if (refusal := rules.refuse_now(exam, row, own, now)) is not None or own is None:
            raise refusal or NotFound
        tries = read_tries(session, own.id)
        _check(session, exam, tries, now)
        values = _values(session, attempt_id, exam, row, own, tries.begun + 1, actor, now)
        result = cast(CursorResult[Any], session.execute(_INSERTS[session.get_bind().dialect.name], values))
        if result.rowcount == 1:
            return session.get_one(ExamAttempt, attempt_id), True


def _same(known: ExamAttempt, session_id: UUID, actor: Actor) -> ExamAttempt:
    if known.session_id != session_id or not actor.is_own(known.person_id):
        raise Conflict("这个编号已经用过了，请重新开始。", code="content_differs")
    return known


def _check(session: Session, exam: Exam, tries: Tries, now: datetime) -> None:
    if tries.running_id is not None and not grade_overdue(session, tries.running_id, now):
        raise Conflict("还有没交的卷子，先答完它。", code="attempt_running")
    if tries.has_passed or (tries.running_id is not None and session.get_one(ExamAttempt, tries.running_id).has_passed):
        raise Conflict("已经合格了，不用再考。", code="already_passed")
    if tries.begun >= exam.tries:
        raise TooMany("测验的次数用完了。没有合格的，可以找培训人核实参加情况。", code="tries_used_up")


def _values(
    session: Session, attempt_id: UUID, exam: Exam, row: TrainingSession, own: Attendance, number: int, actor: Actor,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    paper = _draw(session, exam)
    return {
        "id": attempt_id, "person_id": actor.person_id, "session_id": row.id, "attendance_id": own.id,
        "try_number": number, "pass_mark": exam.pass_mark, "status": AttemptStatus.RUNNING, "started_at": now,
        "deadline_at": min(now + timedelta(seconds=exam.seconds), rules.closes_at(row, exam.open_hours)), "answers": {},
        "option_counts": "".join(str(question.options) for question in paper),
        "is_multiple": "".join("m" if question.kind is QuestionKind.MULTIPLE else "s" for question in paper),
        "questions": pack(shuffle_options(question, _DICE) for question in paper),
    }  # fmt: skip


def _draw(session: Session, exam: Exam) -> Sequence[Drawable]:
    drawn = draw(rules.read_quotas(exam), list_drawable(session), _DICE)
    if not drawn:
        raise NotFound("题库还没有准备好，请联系工会。", code="bank_empty")
    return drawn
