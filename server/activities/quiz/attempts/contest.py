"""Quizzes as rewards read them: who finished, and in which order."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, AttemptStatus, QuizStanding
from server.activities.quiz.levels.models import Quiz
from server.rewards.contests import Contest, Entrant, Ranked
from server.unions.people.models import Person
from server.unions.people.rules import shorten_name

BATCH = 5_000


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

    def has_finished(self, session: Session, contest_id: UUID, person_id: UUID) -> bool:
        """Whether the person has passed every level."""
        standing = session.get(QuizStanding, (person_id, contest_id))
        return standing is not None and standing.finished_at is not None

    def is_settled(self, session: Session, contest_id: UUID) -> bool:
        """Whether no attempt is running any more; those whose time is up are graded by the clock."""
        running = select(Attempt.id).where(Attempt.quiz_id == contest_id, Attempt.status == AttemptStatus.RUNNING)
        return session.scalar(running.limit(1)) is None

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
