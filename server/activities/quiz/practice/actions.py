"""Writes of practice."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from fsrs import State
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.queries import list_asked_now
from server.activities.quiz.bank.models import QuestionVersion
from server.activities.quiz.bank.schemas import LETTERS
from server.activities.quiz.practice.models import PracticeCard
from server.activities.quiz.practice.queries import count_cards, get_card
from server.activities.quiz.practice.repetition.shuffling import order_of
from server.activities.quiz.practice.repetition.spacing import reschedule
from server.activities.quiz.practice.schemas import PracticeAnswerIn, PracticeResultOut
from server.core.errors import Conflict, Invalid
from server.core.ids import new_id


def take_up(session: Session, person_id: UUID, version_ids: Collection[UUID], *, at: datetime) -> None:
    """Put questions that somebody got wrong at `at` into their practice; those known there come again sooner.

    Safe to repeat: a card that was answered since is left alone.
    """
    statement = select(QuestionVersion.question_id).where(QuestionVersion.id.in_(version_ids)).distinct()
    question_ids = session.scalars(statement).all()
    mine = select(PracticeCard).where(
        PracticeCard.person_id == person_id, PracticeCard.question_id.in_(question_ids)
    )  # fmt: skip
    known = {card.question_id: card for card in session.scalars(mine.with_for_update())}
    for question_id in question_ids:
        card = known.get(question_id)
        if card is None:
            session.add(_new_card(person_id, question_id, at))
        elif card.reviewed_at is not None and card.reviewed_at < at:
            reschedule(card, is_right=False, now=at)
    session.flush()


def answer_card(
    session: Session, card_id: UUID, person_id: UUID, answer: PracticeAnswerIn, *, now: datetime
) -> PracticeResultOut:
    """Grade an answer and say when the question comes again. The same round sent again is graded but not counted.

    Raises NotFound, Conflict (answered elsewhere meanwhile, other words are in use now, or a running paper asks the
    same), Invalid.
    """
    card, words = get_card(session, card_id, person_id)
    asked_now = list_asked_now(session, person_id, now)
    if card.question_id in asked_now:
        raise Conflict("你有一份没交的卷子正在考这道题，交卷后再练。", code="asked_now")
    if answer.edition != words.number:
        raise Conflict("这道题刚刚有了新的文字，请重新作答。", code="card_changed")
    if answer.round not in (card.round, card.round - 1):
        raise Conflict("这道题已经答过了，请看下一道。", code="card_moved_on")
    order = order_of(card.id, answer.round, words.kind, len(words.options))
    if max(answer.chosen) >= len(order) or len(set(answer.chosen)) != len(answer.chosen):
        raise Invalid("请重新选择。", code="unknown_option", fields={"chosen": "没有这个选项"})
    right = {LETTERS.index(letter) for letter in words.answer}
    is_right = {order[place] for place in answer.chosen} == right
    if answer.round == card.round:
        reschedule(card, is_right, now)
        card.round += 1
        session.flush()
    return PracticeResultOut(
        is_right=is_right,
        right=[shown for shown, place in enumerate(order) if place in right],
        explanation=words.explanation,
        statute=words.statute,
        article=words.article,
        due_at=card.due_at,
        due=count_cards(session, person_id, now, asked_now)[0],
    )


def _new_card(person_id: UUID, question_id: UUID, at: datetime) -> PracticeCard:
    return PracticeCard(
        id=new_id(),
        person_id=person_id,
        question_id=question_id,
        state=State.Learning.value,
        step=0,
        due_at=at,
        round=0,
        created_at=at,
    )
