"""Attempts at a quiz as they are after it: the questions of each and all answers, most of them right."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench_parts.seeding import Row
from server.activities.quiz.attempts.models import Attempt, AttemptStatus, QuizStanding
from server.activities.quiz.attempts.scores.grading import pack, score_of, shuffle_options
from server.activities.quiz.bank.actions import load_shipped
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.queries import get_sheets, list_drawable
from server.activities.quiz.bank.shipped.questions import read_shipped
from server.core import ids
from server.core.clock import in_shanghai

PAPERS = 1_000  # different ones; more would tell nothing new
RIGHT = 0.8  # of all answers
PASS_MARK = 60
PLAYED = timedelta(days=30)  # in which they all play


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it is stored, its shape, and the right answers as bit masks."""

    questions: list[Any]
    option_counts: str
    is_multiple: str
    right: tuple[int, ...]


def make_papers(session: Session, questions: int, chance: random.Random, now: datetime) -> list[Paper]:
    """Of the questions that are shipped, which are loaded."""
    load_shipped(session, read_shipped(), now=now)
    session.flush()
    drawable = list_drawable(session)
    return [_paper(session, chance.sample(drawable, questions), chance) for _ in range(PAPERS)]


def _paper(session: Session, drawn: Sequence[Any], chance: random.Random) -> Paper:
    dice: Any = chance  # the same for the same city, where the service wants dice that nobody can foresee
    asked = [shuffle_options(question, dice) for question in drawn]
    sheets = get_sheets(session, [each.version_id for each in asked])
    return Paper(
        pack(asked),
        "".join(str(question.options) for question in drawn),
        "".join("m" if question.kind is QuestionKind.MULTIPLE else "s" for question in drawn),
        tuple(
            sum(1 << shown for shown, place in enumerate(each.order) if place in sheets[each.version_id].answer)
            for each in asked
        ),
    )


def attempts(
    session: Session, quiz_id: UUID, papers: Sequence[Paper], chance: random.Random, now: datetime
) -> Iterator[Row]:
    """One of each who takes part."""
    people = session.scalars(select(QuizStanding.person_id).where(QuizStanding.quiz_id == quiz_id))
    for person_id in people.yield_per(10_000):
        attempt_id = ids.new_id()
        paper, started = _paper_of(attempt_id, papers), now - PLAYED * chance.random()
        is_right = [chance.random() < RIGHT for _ in paper.right]
        moment, answers = int(started.timestamp() * 1000), {}
        first = moment
        for position, mask in enumerate(paper.right):
            moment += chance.randrange(2_000, 12_000)
            answers[str(position)] = [mask if is_right[position] else 1 if mask != 1 else 2, moment]
        score = score_of(sum(is_right), len(is_right))
        yield {
            "id": attempt_id,
            "person_id": person_id,
            "quiz_id": quiz_id,
            "level": 1,
            "day": in_shanghai(started).date(),
            "try_number": 1,
            "status": AttemptStatus.GRADED,
            "started_at": started,
            "deadline_at": started + timedelta(minutes=10),
            "option_counts": paper.option_counts,
            "is_multiple": paper.is_multiple,
            "answers": answers,
            "device": "",
            "graded_at": started + timedelta(milliseconds=moment - first),
            "score": score,
            "right": sum(is_right),
            "duration_ms": moment - first,
            "has_passed": score >= PASS_MARK,
        }


def stored_papers(session: Session, quiz_id: UUID, papers: Sequence[Paper]) -> Iterator[Row]:
    """The paper of each attempt."""
    for attempt_id in session.scalars(select(Attempt.id).where(Attempt.quiz_id == quiz_id)).yield_per(10_000):
        questions = _paper_of(attempt_id, papers).questions
        yield {"attempt_id": attempt_id, "pass_mark": PASS_MARK, "questions": questions}


def _paper_of(attempt_id: UUID, papers: Sequence[Paper]) -> Paper:
    return papers[attempt_id.int % len(papers)]


def bests(session: Session, quiz_id: UUID) -> Iterator[Row]:
    """Each attempt is the best of its person."""
    rows = session.execute(
        select(Attempt.id, Attempt.person_id, Attempt.level, Attempt.score, Attempt.duration_ms, Attempt.has_passed)
        .where(Attempt.quiz_id == quiz_id)
    )  # fmt: skip
    for row in rows.yield_per(10_000):
        yield {
            "person_id": row.person_id,
            "quiz_id": quiz_id,
            "level": row.level,
            "attempt_id": row.id,
            "score": row.score,
            "duration_ms": row.duration_ms,
            "has_passed": row.has_passed,
        }
