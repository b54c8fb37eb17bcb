"""Which level is open to whom. Pure."""

from collections.abc import Collection
from datetime import datetime

from server.activities.quiz.attempts.schemas import LevelStatus, QuizStatus
from server.activities.quiz.levels.models import Opening
from server.activities.quiz.levels.queries import LevelFacts, QuizFacts


def quiz_status(quiz: QuizFacts, now: datetime) -> QuizStatus:
    """Whether it is open."""
    if now < quiz.opens_at:
        return QuizStatus.COMING
    return QuizStatus.OPEN if now < quiz.closes_at and not quiz.is_archived else QuizStatus.CLOSED


def level_status(quiz: QuizFacts, level: LevelFacts, passed: Collection[int], now: datetime) -> LevelStatus:
    """Whether a level can be tried by somebody who has passed the levels in `passed`."""
    state = quiz_status(quiz, now)
    if level.number in passed:
        return LevelStatus.PASSED
    if state is QuizStatus.CLOSED:
        return LevelStatus.CLOSED
    return (
        LevelStatus.OPEN if state is QuizStatus.OPEN and _is_reached(quiz, level, passed, now) else LevelStatus.LOCKED
    )


def may_start(quiz: QuizFacts, level: LevelFacts, passed: Collection[int], now: datetime) -> bool:
    """A level that was passed may be tried again for a better score."""
    return quiz_status(quiz, now) is QuizStatus.OPEN and _is_reached(quiz, level, passed, now)


def _is_reached(quiz: QuizFacts, level: LevelFacts, passed: Collection[int], now: datetime) -> bool:
    if quiz.opening is Opening.BY_DAY:
        return level.opens_at is not None and level.opens_at <= now
    return level.number == 1 or level.number - 1 in passed
