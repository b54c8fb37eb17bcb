"""Writes of tests by their organiser: set up, taken back. Nothing changes once somebody has begun."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.activities.quiz.bank.queries import list_drawable
from server.activities.quiz.levels.drawing.quotas import find_shortages
from server.activities.quiz.levels.schemas import QuotaIn
from server.core.audit.actions import record
from server.core.errors import Conflict, Invalid
from server.oversight.exams import rules
from server.oversight.exams.models import Exam
from server.oversight.exams.queries import is_begun
from server.oversight.exams.schemas import ExamIn
from server.oversight.training.models import CHANGING, SessionStatus, TrainingSession
from server.oversight.training.queries import get_session
from server.oversight.training.workflow import require_leader
from server.unions.actor import Actor

SETTABLE = (SessionStatus.PLANNED, SessionStatus.NOTIFIED, *CHANGING)


def set_up_exam(session: Session, session_id: UUID, form: ExamIn, *, actor: Actor, now: datetime) -> Exam:
    """Set it up, or set it up otherwise. Raises NotFound, Forbidden, Conflict, Invalid for more than the bank has."""
    row = _hold(session, session_id, actor)
    exam = _find(session, session_id, form.version)
    if now >= rules.closes_at(row, form.open_hours):
        raise Invalid(fields={"open_hours": "按这个时间，测验已经截止了"})
    quotas = rules.quotas_of(form.topics, form.difficulty or None, form.count)
    _refuse_shortage(session, quotas)
    if exam is None:
        exam = Exam(session_id=row.id, version=0)
        session.add(exam)
    exam.version += 1
    exam.quotas = [quota.model_dump(mode="json") for quota in quotas]
    exam.seconds, exam.pass_mark, exam.tries = form.minutes * 60, form.pass_mark, form.tries
    exam.open_hours, exam.is_required = form.open_hours, form.is_required
    exam.set_up_by_id, exam.set_up_at = actor.person_id, now
    session.flush()
    record(
        session, "training_exam.set_up", subject_type="training", subject_id=row.id, actor_id=actor.person_id, at=now,
        detail={"questions": form.count, "pass_mark": form.pass_mark},
    )  # fmt: skip
    return exam


def drop_exam(session: Session, session_id: UUID, version: int, *, actor: Actor, now: datetime) -> None:
    """Do without one. Raises NotFound, Forbidden, Conflict."""
    row = _hold(session, session_id, actor)
    exam = _find(session, session_id, version)
    if exam is None:
        raise Conflict
    session.delete(exam)
    session.flush()
    record(
        session, "training_exam.dropped", subject_type="training", subject_id=row.id, actor_id=actor.person_id, at=now
    )


def _hold(session: Session, session_id: UUID, actor: Actor) -> TrainingSession:
    """The session, locked: whoever begins waits, or has begun and is seen."""
    row = get_session(session, session_id, actor, lock=True)
    require_leader(row, actor)
    if row.status not in SETTABLE:
        raise Conflict("培训档案已经提交，不能再改测验。", code="not_now")
    if is_begun(session, row.id):
        raise Conflict("已经有人开始测验，题目、合格线和次数都不能再改。", code="exam_begun")
    return row


def _find(session: Session, session_id: UUID, version: int) -> Exam | None:
    exam = session.get(Exam, session_id, with_for_update=True, populate_existing=True)
    if (exam.version if exam is not None else 0) != version:
        raise Conflict
    return exam


def _refuse_shortage(session: Session, quotas: list[QuotaIn]) -> None:
    for quota, there in find_shortages(quotas, list_drawable(session)):
        of = f"“{quota.topic}”" if quota.topic else ""
        raise Invalid(fields={"count": f"题库里{of}这样的题只有 {there} 道，要 {quota.count} 道"})
