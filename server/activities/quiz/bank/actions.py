"""Writes of the question bank."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.bank.models import Question, QuestionVersion
from server.activities.quiz.bank.schemas import QuestionIn
from server.activities.quiz.bank.shipped import Shipped
from server.core import ids


def load_shipped(session: Session, questions: Iterable[Shipped], *, now: datetime) -> tuple[int, int]:
    """Take over the questions that come with the software: new ones, and new words of old ones, are in use at once.

    Questions that somebody here has edited or retired stay as they are. Returns how many were added and renewed.
    """
    known = {question.code: question for question in session.scalars(select(Question))}
    newest = {
        version.question_id: version
        for version in session.scalars(
            select(QuestionVersion)
            .join(Question, Question.id == QuestionVersion.question_id)
            .where(QuestionVersion.number == Question.newest)
        )
    }
    added = renewed = 0
    for shipped in questions:
        question = known.get(shipped.code)
        if question is None:
            question = add_question(session, shipped.code, shipped.words, author_id=None, now=now)
            added += 1
        else:
            version = newest[question.id]
            if question.retired_at or version.author_id or read_words(version) == shipped.words:
                continue
            add_version(session, question, shipped.words, author_id=None, now=now)
            renewed += 1
        question.approved = question.newest
    session.flush()
    return added, renewed


def add_question(session: Session, code: str, words: QuestionIn, *, author_id: UUID | None, now: datetime) -> Question:
    """A new question with its first version, not approved yet."""
    question = Question(id=ids.new_id(), code=code, newest=0, created_at=now)
    session.add(question)
    add_version(session, question, words, author_id=author_id, now=now)
    return question


def add_version(
    session: Session, question: Question, words: QuestionIn, *, author_id: UUID | None, now: datetime
) -> QuestionVersion:
    """Newer words of a question. What is in use stays in use until these are approved."""
    question.newest += 1
    question.kind, question.topic, question.difficulty = words.kind, words.topic, words.difficulty
    question.statute, question.stem = words.statute, words.stem
    version = QuestionVersion(
        id=ids.new_id(),
        question_id=question.id,
        number=question.newest,
        author_id=author_id,
        created_at=now,
        approved_by_id=None,
        approved_at=None,
        **{**words.model_dump(), "options": list(words.options)},
    )
    session.add(version)
    return version


def read_words(version: QuestionVersion) -> QuestionIn:
    """A version's words as they were given."""
    return QuestionIn.model_validate({name: getattr(version, name) for name in QuestionIn.model_fields})
