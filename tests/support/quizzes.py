"""A quiz of the shipped questions that is open, and what is right in it."""

from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import QuizPaper
from server.activities.quiz.attempts.scores.grading import unpack
from server.activities.quiz.bank.queries import get_sheets
from server.activities.quiz.bank.shipped.questions import Shipped, read_shipped
from server.activities.quiz.levels.actions import publish_quiz
from server.activities.quiz.levels.models import Opening, Quiz, QuizLevel
from server.core import clock, ids

TRIES = 3
QUESTIONS = 4


@cache
def shipped_questions() -> tuple[Shipped, ...]:
    """All that come with the software: reading their files takes half a second."""
    return tuple(read_shipped())


def add_quiz(
    session: Session, campaign_id: UUID, levels: int = 2, *, seconds: int = 120, starts: timedelta = timedelta(days=-1),
    **changes: Any,
) -> UUID:  # fmt: skip
    """A published quiz of so many levels of four questions each, open from yesterday to tomorrow."""
    now, quiz_id = clock.now(), ids.new_id()
    values: dict[str, Any] = {"opening": Opening.BY_PASSING, "closes_at": now + timedelta(days=1), "name": "闯关"}
    values |= changes
    opens = values.pop("level_opens_at", None)
    session.add(
        Quiz(id=quiz_id, campaign_id=campaign_id, rules="", opens_at=now + starts, created_at=now, **values)
    )  # fmt: skip
    session.flush()
    for number in range(1, levels + 1):
        session.add(
            QuizLevel(
                quiz_id=quiz_id, number=number, name=f"第 {number} 关", seconds=seconds, pass_mark=60,
                tries_per_day=TRIES, quotas=[{"count": QUESTIONS}], opens_at=opens[number - 1] if opens else None,
            )
        )  # fmt: skip
    session.flush()
    publish_quiz(session, quiz_id, actor_id=None, now=now)
    return quiz_id


def right_places(session: Session, attempt_id: UUID) -> list[list[int]]:
    """The right places of every question of an attempt, as they are shown."""
    asked = unpack(session.get_one(QuizPaper, attempt_id).questions)
    sheets = get_sheets(session, [each.version_id for each in asked])
    return [
        [shown for shown, place in enumerate(each.order) if place in sheets[each.version_id].answer] for each in asked
    ]
