"""Reads of practice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.queries import list_asked_now
from server.activities.quiz.bank.models import Question, QuestionVersion
from server.activities.quiz.practice.models import PracticeCard
from server.activities.quiz.practice.repetition.shuffling import order_of
from server.activities.quiz.practice.schemas import CardOut, PracticeOut
from server.core.errors import NotFound

# A card rests while its question is retired or waits for its first approval.
_IN_USE = and_(
    Question.id == PracticeCard.question_id, Question.retired_at.is_(None), Question.approved.is_not(None)
)  # fmt: skip
_WORDS = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.approved)


def get_practice(session: Session, person_id: UUID, now: datetime) -> PracticeOut:
    """The card that has been due longest, and how many are due. Questions that a running paper of the person asks rest.
    Four statements."""
    asked_now = list_asked_now(session, person_id, now)
    due, total, next_due_at = count_cards(session, person_id, now, asked_now)
    words = _with_words(person_id).where(Question.id.not_in(asked_now))
    row = session.execute(words.order_by(PracticeCard.due_at, PracticeCard.id).limit(1)).first()
    is_due = row is not None and row.PracticeCard.due_at <= now
    return PracticeOut(
        due=due,
        total=total,
        next_due_at=None if is_due else next_due_at,
        card=_show(row.PracticeCard, row.QuestionVersion) if row is not None and is_due else None,
    )


def count_cards(
    session: Session, person_id: UUID, now: datetime, asked_now: frozenset[UUID]
) -> tuple[int, int, datetime | None]:
    """How many of somebody's cards are due, how many there are, and when the first is due; without `asked_now`."""
    statement = (
        select(
            func.count(case((PracticeCard.due_at <= now, 1))),
            func.count(PracticeCard.id),
            func.min(PracticeCard.due_at),
        )
        .join(Question, _IN_USE)
        .where(PracticeCard.person_id == person_id, Question.id.not_in(asked_now))
    )
    due, total, first = session.execute(statement).one()
    return due, total, first


def get_card(session: Session, card_id: UUID, person_id: UUID) -> tuple[PracticeCard, QuestionVersion]:
    """A card with the words in use, locked. Raises NotFound, also for another person's."""
    statement = _with_words(person_id).where(PracticeCard.id == card_id).with_for_update(of=PracticeCard)
    row = session.execute(statement).first()
    if row is None:
        raise NotFound("没有找到这道练习题。", code="card_not_found")
    return row.PracticeCard, row.QuestionVersion


def _with_words(person_id: UUID) -> Select[PracticeCard, QuestionVersion]:
    return (
        select(PracticeCard, QuestionVersion)
        .join(Question, _IN_USE)
        .join(QuestionVersion, _WORDS)
        .where(PracticeCard.person_id == person_id)
    )


def _show(card: PracticeCard, words: QuestionVersion) -> CardOut:
    order = order_of(card.id, card.round, words.kind, len(words.options))
    return CardOut(
        id=card.id,
        round=card.round,
        edition=words.number,
        kind=words.kind,
        topic=words.topic,
        stem=words.stem,
        options=[words.options[place] for place in order],
    )
