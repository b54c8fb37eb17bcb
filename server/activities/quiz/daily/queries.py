"""Reads of the question of the day."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.activities.quiz.attempts.queries import list_asked_now
from server.activities.quiz.bank.queries import Sheet, get_sheets, list_drawable
from server.activities.quiz.bank.schemas import LETTERS
from server.activities.quiz.daily.models import DailyLearner
from server.activities.quiz.daily.schemas import DailyOut, DailyQuestion, DailyResult
from server.activities.quiz.practice.repetition.shuffling import order_of
from server.core.clock import in_shanghai


def get_daily(session: Session, person_id: UUID, now: datetime) -> DailyOut:
    """The question of today, and once it is answered, what is right. Two statements when warm, and one for each kind of
    paper beside the quiz's."""
    learner = session.get(DailyLearner, person_id)
    return describe(session, learner, list_asked_now(session, person_id, now), in_shanghai(now).date())


def describe(session: Session, learner: DailyLearner | None, asked_now: Collection[UUID], day: date) -> DailyOut:
    """The day as it stands for one person. A question that a running paper of theirs asks is not told."""
    answered = learner if learner is not None and learner.answered_on == day else None
    version_id = answered.version_id if answered is not None else pick(session, day, asked_now)
    sheets = get_sheets(session, [version_id] if version_id is not None else [])
    told = [(each, order_on(key, day, each)) for key, each in sheets.items() if each.question_id not in asked_now]
    keeps_streak = learner is None or learner.keeps_streak
    return DailyOut(
        day=day,
        is_answered=answered is not None,
        question=next((_ask(version_id, *each) for each in told if version_id is not None), None),
        result=next((_explain(*each, answered.chosen or "") for each in told if answered is not None), None),
        keeps_streak=keeps_streak,
        days_in_a_row=answered.days_in_a_row if answered is not None and keeps_streak else None,
    )


def pick(session: Session, day: date, asked_now: Collection[UUID]) -> UUID | None:
    """The version asked on a day: the same for everybody whose papers do not ask it just now, so that colleagues can
    talk about it. By hash of day and question: what is added to or taken from the bank seldom moves it."""
    free = [each for each in list_drawable(session) if each.question_id not in asked_now]
    chosen = min(free, key=lambda each: hashlib.sha256(f"{day}:{each.question_id}".encode()).digest(), default=None)
    return chosen.version_id if chosen else None


def order_on(version_id: UUID, day: date, sheet: Sheet) -> list[int]:
    """The original place of each option as it is shown on a day."""
    return order_of(version_id, day.toordinal(), sheet.kind, len(sheet.options))


def _ask(version_id: UUID, sheet: Sheet, order: list[int]) -> DailyQuestion:
    return DailyQuestion(
        id=version_id,
        kind=sheet.kind,
        topic=sheet.topic,
        stem=sheet.stem,
        options=[sheet.options[place] for place in order],
    )


def _explain(sheet: Sheet, order: list[int], letters: str) -> DailyResult:
    chosen = {LETTERS.index(letter) for letter in letters}
    return DailyResult(
        chosen=[shown for shown, place in enumerate(order) if place in chosen],
        right=[shown for shown, place in enumerate(order) if place in sheet.answer],
        is_right=chosen == sheet.answer,
        explanation=sheet.explanation,
        statute=sheet.statute,
        article=sheet.article,
    )
