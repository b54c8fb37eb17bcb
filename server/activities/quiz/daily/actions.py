"""Writes of the question of the day."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.queries import list_asked_now
from server.activities.quiz.bank.queries import get_sheets
from server.activities.quiz.bank.schemas import LETTERS
from server.activities.quiz.daily.models import DailyLearner
from server.activities.quiz.daily.queries import describe, order_on, pick
from server.activities.quiz.daily.schemas import DailyAnswerIn, DailyOut
from server.activities.quiz.practice.actions import take_up
from server.core.clock import in_shanghai
from server.core.db import upsert
from server.core.errors import Conflict, Invalid


def answer_daily(session: Session, person_id: UUID, answer: DailyAnswerIn, *, now: datetime) -> DailyOut:
    """Answer the question of today; wrong, it goes into practice. The first answer of a day stands: sent again, or from
    another phone, it is told as it was.

    Raises Conflict (`question_changed`: another one is asked now), Invalid.
    """
    day, asked_now = in_shanghai(now).date(), list_asked_now(session, person_id, now)
    learner = _lock(session, person_id)
    if learner.answered_on == day:
        return describe(session, learner, asked_now, day)
    if answer.question_id != pick(session, day, asked_now):
        raise Conflict("今天换了一道题，请看新的。", code="question_changed")
    sheet = get_sheets(session, [answer.question_id])[answer.question_id]
    order = order_on(answer.question_id, day, sheet)
    if max(answer.chosen) >= len(order) or len(set(answer.chosen)) != len(answer.chosen):
        raise Invalid("请重新选择。", code="unknown_option", fields={"chosen": "没有这个选项"})
    chosen = sorted(order[place] for place in answer.chosen)
    if learner.keeps_streak:
        learner.days_in_a_row = _next_streak(learner, day)
    learner.answered_on, learner.version_id = day, answer.question_id
    learner.chosen = "".join(LETTERS[place] for place in chosen)
    session.flush()
    if set(chosen) != sheet.answer:
        take_up(session, person_id, [answer.question_id], at=now)
    return describe(session, learner, asked_now, day)


def switch_streak(session: Session, person_id: UUID, keeps_streak: bool, *, now: datetime) -> DailyOut:
    """Count days in a row, or not any more: what was counted is then gone."""
    asked_now = list_asked_now(session, person_id, now)
    learner, day = _lock(session, person_id), in_shanghai(now).date()
    if learner.keeps_streak != keeps_streak:
        learner.keeps_streak = keeps_streak
        learner.days_in_a_row = 1 if keeps_streak and learner.answered_on == day else 0
        session.flush()
    return describe(session, learner, asked_now, day)


def _next_streak(learner: DailyLearner, day: date) -> int:
    return learner.days_in_a_row + 1 if learner.answered_on == day - timedelta(days=1) else 1


def _lock(session: Session, person_id: UUID) -> DailyLearner:
    """The person's row, made if there is none: of two phones at once, one makes it."""
    session.execute(
        upsert(DailyLearner)
        .values(person_id=person_id, keeps_streak=True, days_in_a_row=0)
        .on_conflict_do_nothing(index_elements=["person_id"])
    )
    statement = select(DailyLearner).where(DailyLearner.person_id == person_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()
