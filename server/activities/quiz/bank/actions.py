"""Writes of the question bank."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.bank.models import Question, QuestionVersion
from server.activities.quiz.bank.queries import get_version
from server.activities.quiz.bank.schemas import QuestionIn
from server.activities.quiz.bank.shipped.questions import Shipped
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.unions.actor import Actor

WANTED = {"解析": "explanation", "法规": "statute", "条款": "article"}


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


def create_question(session: Session, words: QuestionIn, *, actor: Actor, now: datetime) -> Question:
    """A question written here; its number follows from its id."""
    question = add_question(session, f"own-{ids.new_id().hex[-12:]}", words, author_id=actor.person_id, now=now)
    session.flush()
    _record(session, "question.created", question, actor, now)
    return question


def edit_question(
    session: Session, question_id: UUID, words: QuestionIn, version: int, *, actor: Actor, now: datetime
) -> None:
    """Newer words, which wait for approval. The same words again change nothing. Raises Conflict, NotFound."""
    question = _lock(session, question_id, version)
    if read_words(get_version(session, question, question.newest)) == words:
        return
    add_version(session, question, words, author_id=actor.person_id, now=now)
    _record(session, "question.edited", question, actor, now)


def approve_question(session: Session, question_id: UUID, version: int, *, actor: Actor, now: datetime) -> None:
    """Let the newest words be drawn. Raises Forbidden to their author, Invalid if something is missing, Conflict."""
    question = _lock(session, question_id, version)
    words = get_version(session, question, question.newest)
    if question.approved == question.newest:
        raise Conflict("这道题已经审核通过。", code="question_approved")
    if actor.is_own(words.author_id):
        raise Forbidden("自己写的题目要请别人审核。", code="own_question")
    missing = [name for name, text in WANTED.items() if not getattr(words, text)]
    if missing:
        raise Invalid(f"还缺{'、'.join(missing)}，补全以后再审核。", code="question_incomplete")
    question.approved, words.approved_by_id, words.approved_at = question.newest, actor.person_id, now
    _record(session, "question.approved", question, actor, now)


def retire_question(session: Session, question_id: UUID, version: int, *, actor: Actor, now: datetime) -> None:
    """Draw it no more; tries that are running keep it. Raises Conflict, NotFound."""
    question = _lock(session, question_id, version)
    if question.retired_at is None:
        question.retired_at = now
        _record(session, "question.retired", question, actor, now)


def restore_question(session: Session, question_id: UUID, version: int, *, actor: Actor, now: datetime) -> None:
    """Take a retired question into use again. Raises Conflict, NotFound."""
    question = _lock(session, question_id, version)
    if question.retired_at is not None:
        question.retired_at = None
        _record(session, "question.restored", question, actor, now)


def _lock(session: Session, question_id: UUID, version: int) -> Question:
    question = session.scalars(select(Question).where(Question.id == question_id).with_for_update()).first()
    if question is None:
        raise NotFound("没有找到这道题。", code="question_not_found")
    if question.version != version:
        raise Conflict("这道题刚刚被别人改过，请看过以后再改。", code="question_changed")
    return question


def _record(session: Session, action: str, question: Question, actor: Actor, now: datetime) -> None:
    record(
        session, action, subject_type="question", subject_id=question.id, actor_id=actor.person_id, at=now,
        detail={"code": question.code, "version": question.newest},
    )  # fmt: skip


def read_words(version: QuestionVersion) -> QuestionIn:
    """A version's words as they were given."""
    return QuestionIn.model_validate({name: getattr(version, name) for name in QuestionIn.model_fields})
