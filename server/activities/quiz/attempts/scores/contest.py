"""Quizzes as rewards read them: who finished, and in which order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, AttemptSignal, AttemptStatus, QuizStanding
from server.activities.quiz.attempts.signals.sharing import note_shared_of_quiz
from server.activities.quiz.levels.models import Quiz
from server.rewards.contests import Contest, Doubt, Entrant, Ranked
from server.unions.people.models import Person
from server.unions.people.rules import shorten_name

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class QuizContests:
    """The reader that rewards are given. Standings of people who want no place on leaderboards count all the same."""

    def list_contests(self, session: Session) -> Iterable[Contest]:
        """Published quizzes, the newest first."""
        statement = select(Quiz).where(Quiz.published_at.is_not(None)).order_by(Quiz.closes_at.desc())
        return [_contest(quiz) for quiz in session.scalars(statement)]

    def describe(self, session: Session, contest_id: UUID) -> Contest | None:
        """The quiz as a contest; None before it is published."""
        quiz = session.get(Quiz, contest_id)
        return _contest(quiz) if quiz is not None and quiz.published_at is not None else None

    def hold(self, session: Session, contest_id: UUID) -> None:
        """Edits of the quiz and of its levels take the same lock."""
        session.get(Quiz, contest_id, with_for_update=True, populate_existing=True)

    def has_finished(self, session: Session, contest_id: UUID, person_id: UUID) -> bool:
        """Whether the person has passed every level."""
        standing = session.get(QuizStanding, (person_id, contest_id))
        return standing is not None and standing.finished_at is not None

    def is_settled(self, session: Session, contest_id: UUID) -> bool:
        """Whether no attempt is running any more; those whose time is up are graded by the clock."""
        running = select(Attempt.id).where(Attempt.quiz_id == contest_id, Attempt.status == AttemptStatus.RUNNING)
        return session.scalar(running.limit(1)) is None

    def notice(self, session: Session, contest_id: UUID, now: datetime) -> None:
        """Flag what only a look at all attempts together shows."""
        note_shared_of_quiz(session, contest_id, now)

    def iter_doubts(self, session: Session, contest_id: UUID) -> Iterator[Doubt]:
        """Whoever has an unjudged signal on an attempt that is not void."""
        statement = (
            select(Attempt.person_id, Person.name, QuizStanding.finished_at)
            .join(AttemptSignal, AttemptSignal.attempt_id == Attempt.id)
            .join(Person, Person.id == Attempt.person_id)
            .outerjoin(
                QuizStanding,
                (QuizStanding.person_id == Attempt.person_id) & (QuizStanding.quiz_id == Attempt.quiz_id),
            )
            .where(Attempt.quiz_id == contest_id, AttemptSignal.verdict.is_(None), Attempt.voided_at.is_(None))
            .distinct()
            .order_by(Attempt.person_id)
        )
        for row in session.execute(statement):
            yield Doubt(row.person_id, shorten_name(row.name), has_finished=row.finished_at is not None)

    def iter_finishers(self, session: Session, contest_id: UUID) -> Iterator[Entrant]:
        """Everybody who passed every level."""
        statement = (
            select(QuizStanding.person_id, QuizStanding.enterprise_id, Person.name)
            .join(Person, Person.id == QuizStanding.person_id)
            .where(QuizStanding.quiz_id == contest_id, QuizStanding.finished_at.is_not(None))
            .order_by(QuizStanding.person_id)
        )
        for row in session.execute(statement.execution_options(yield_per=BATCH)):
            yield Entrant(row.person_id, row.enterprise_id, shorten_name(row.name))

    def iter_ranking(self, session: Session, contest_id: UUID, limit: int) -> Iterator[Ranked]:
        """The higher score, then the shorter time, then who got there first."""
        statement = (
            select(QuizStanding)
            .where(QuizStanding.quiz_id == contest_id, QuizStanding.score > 0)
            .order_by(
                QuizStanding.score.desc(), QuizStanding.duration_ms, QuizStanding.updated_at, QuizStanding.person_id
            )
            .limit(limit)
        )
        for rank, row in enumerate(session.scalars(statement), 1):
            yield Ranked(row.person_id, rank, row.score, row.duration_ms)


def _contest(quiz: Quiz) -> Contest:
    return Contest(quiz.id, quiz.name, quiz.closes_at, quiz.campaign_id)
