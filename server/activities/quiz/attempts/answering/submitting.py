"""Handing in: graded once, by the server's clock, whoever asks and however often."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.answering.papers import close_attempt
from server.activities.quiz.attempts.answering.saving import checked_answers
from server.activities.quiz.attempts.events import AttemptGraded
from server.activities.quiz.attempts.models import Attempt, AttemptSignal, AttemptStatus, QuizPaper
from server.activities.quiz.attempts.queries import describe_result, get_result
from server.activities.quiz.attempts.schemas import LateAnswer, ResultOut
from server.activities.quiz.attempts.scores.grading import Mark
from server.activities.quiz.attempts.scores.score_totals import Progress, count_attempt
from server.activities.quiz.attempts.signals.thresholds import find_signals
from server.activities.quiz.levels.queries import get_facts
from server.core import ids
from server.core.clock import in_shanghai
from server.core.errors import NotFound
from server.core.events import publish
from server.rewards.certificates.actions import issue_certificate
from server.unions.actor import Actor
from server.unions.people.models import Person

_ANYBODYS = (
    select(Attempt, QuizPaper)
    .join(QuizPaper, QuizPaper.attempt_id == Attempt.id)
    .where(Attempt.id == bindparam("attempt_id"))
    .with_for_update(of=Attempt)
    .execution_options(populate_existing=True)
)
_OWN = _ANYBODYS.where(Attempt.person_id == bindparam("asker_id"))


def submit_attempt(
    session: Session,
    attempt_id: UUID,
    late: Sequence[LateAnswer],
    *,
    asked_now: frozenset[UUID],
    actor: Actor,
    now: datetime,
) -> ResultOut:
    """Grade an attempt with what was saved and, if there is time left, with the answers that come along.

    `asked_now`: what the person's other papers ask, read beforehand, so that on SQLite nobody waits for it to write.
    After the deadline what arrived in time counts. Doing it again changes nothing. Raises NotFound, Invalid.
    """
    attempt, paper = _lock(session, attempt_id, actor.person_id)
    if attempt.status is AttemptStatus.GRADED:
        return get_result(session, attempt_id, actor.person_id, now)
    if now < attempt.deadline_at and late:
        attempt.answers = {**attempt.answers, **checked_answers(attempt, late, now)}
    marks, progress = _finish(session, attempt, paper, actor.enterprise_id, now)
    # One attempt at a level at a time: this one's number is that of all tries of its day.
    tries = attempt.try_number if attempt.day == in_shanghai(now).date() else 0
    return describe_result(
        session, attempt, paper, marks, is_best=progress.is_best, is_finished=progress.is_finished, tries=tries,
        asked_now=asked_now,
    )  # fmt: skip


def grade_overdue(session: Session, attempt_id: UUID, now: datetime) -> bool:
    """Grade an attempt whose time is over. False, and nothing done, while it still has time."""
    attempt, paper = _lock(session, attempt_id, None)
    if attempt.status is AttemptStatus.RUNNING:
        if now < attempt.deadline_at:
            return False
        enterprise_id = session.scalar(select(Person.enterprise_id).where(Person.id == attempt.person_id))
        _finish(session, attempt, paper, enterprise_id, now)
    return True


def _lock(session: Session, attempt_id: UUID, person_id: UUID | None) -> tuple[Attempt, QuizPaper]:
    """`person_id` None: whoever's it is."""
    statement, values = (_ANYBODYS, {}) if person_id is None else (_OWN, {"asker_id": person_id})
    row = session.execute(statement, {"attempt_id": attempt_id, **values}).one_or_none()
    if row is None:
        raise NotFound("没有找到这次闯关。", code="attempt_not_found")
    return row.Attempt, row.QuizPaper


def _finish(
    session: Session, attempt: Attempt, paper: QuizPaper, enterprise_id: UUID | None, now: datetime
) -> tuple[list[Mark], Progress]:
    marks = close_attempt(session, attempt, paper.questions, paper.pass_mark, now)
    ended_at = min(now, attempt.deadline_at)
    attempt.duration_ms = max(1, round((ended_at - attempt.started_at).total_seconds() * 1000))
    _note_signals(session, attempt, len(marks), attempt.duration_ms, now)
    session.flush()
    levels = len(get_facts(session, attempt.quiz_id).levels)
    progress = count_attempt(session, attempt, enterprise_id, levels, now)
    _tell(session, attempt, marks, progress.finished_now, now)
    return marks, progress


def _note_signals(session: Session, attempt: Attempt, total: int, duration_ms: int, now: datetime) -> None:
    for kind, detail in find_signals(attempt.answers, total, attempt.score or 0, duration_ms):
        session.add(AttemptSignal(id=ids.new_id(), attempt_id=attempt.id, kind=kind, detail=detail, noticed_at=now))


def _tell(session: Session, attempt: Attempt, marks: Sequence[Mark], finished: bool, now: datetime) -> None:
    person_id = attempt.person_id
    wrong = tuple(mark.asked.version_id for mark in marks if not mark.is_right)
    publish(session, AttemptGraded(at=now, actor_id=person_id, person_id=person_id, wrong=wrong))
    if finished:
        issue_certificate(session, attempt.quiz_id, person_id, now=now)
