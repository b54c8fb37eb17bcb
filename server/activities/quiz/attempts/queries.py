"""Reads of attempts for those who play: the list, the map, an attempt, its result."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, Table, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import (
    Attempt,
    AttemptColumns,
    AttemptStatus,
    QuizBest,
    QuizPaper,
    QuizStanding,
)
from server.activities.quiz.attempts.ports import ASKED_ELSEWHERE
from server.activities.quiz.attempts.rules import level_status, quiz_status
from server.activities.quiz.attempts.schemas import (
    AttemptOut,
    GradedQuestion,
    LevelOut,
    LevelStatus,
    QuestionOut,
    QuizList,
    QuizOut,
    QuizSummary,
    ResultOut,
    ToLearn,
)
from server.activities.quiz.attempts.scores.grading import (
    Asked,
    Mark,
    chosen_at,
    grade,
    unpack,
    versions_of,
    weak_topics,
)
from server.activities.quiz.bank.queries import Sheet, get_sheets
from server.activities.quiz.levels.models import Opening
from server.activities.quiz.levels.queries import LevelFacts, QuizFacts, get_facts, list_published
from server.core.clock import in_shanghai
from server.core.db import read_ahead
from server.core.errors import Conflict, NotFound
from server.core.prepared import Prepared
from server.unions.campaigns.schemas import Leaderboard

NOTHING = UUID(int=0)
_PAPERS, _TRIES = cast(Table, QuizPaper.__table__).c, cast(Table, Attempt.__table__).c
_RUNNING_PAPERS = select(_PAPERS.questions).where(
    _TRIES.id == _PAPERS.attempt_id,
    _TRIES.person_id == bindparam("asker_id"),
    _TRIES.status == AttemptStatus.RUNNING,
    _TRIES.deadline_at > bindparam("moment"),
    _TRIES.id != bindparam("but_id"),
)
Elsewhere = tuple[Select[Any], ...]
"""Who answers `ASKED_ELSEWHERE`."""


def papers_under_way(elsewhere: Elsewhere) -> CompoundSelect[Any]:
    """The papers of every kind that `asker_id` is answering at a `moment`, but for that of the attempt `but_id`."""
    return union_all(_RUNNING_PAPERS, *elsewhere)


@cache
def _list_papers(elsewhere: Elsewhere) -> Prepared:
    return Prepared(papers_under_way(elsewhere))


def list_own_quizzes(session: Session, person_id: UUID, now: datetime) -> QuizList:
    """Published quizzes with how far one has come. One statement when warm."""
    rows = session.scalars(select(QuizStanding).where(QuizStanding.person_id == person_id))
    standings = {row.quiz_id: row for row in rows}
    return QuizList(
        items=[
            QuizSummary(
                id=quiz.id,
                name=quiz.name,
                opens_at=quiz.opens_at,
                closes_at=quiz.closes_at,
                status=quiz_status(quiz, now),
                levels_total=len(quiz.levels),
                levels_passed=standings[quiz.id].levels_passed if quiz.id in standings else 0,
                score=standings[quiz.id].score if quiz.id in standings else 0,
            )
            for quiz in list_published(session)
        ]
    )


def get_map(session: Session, quiz_id: UUID, person_id: UUID, now: datetime) -> QuizOut:
    """A quiz with its levels as one person stands. Four statements at most. Raises NotFound."""
    quiz = get_facts(session, quiz_id)
    standing = session.get(QuizStanding, (person_id, quiz_id))
    mine = (QuizBest.person_id == person_id, QuizBest.quiz_id == quiz_id)
    bests = {row.level: row for row in session.scalars(select(QuizBest).where(*mine))}
    tries, running = _tries_today(session, quiz_id, person_id, now), _running(session, quiz_id, person_id, now)
    return QuizOut(
        id=quiz.id,
        name=quiz.name,
        rules=quiz.rules,
        opens_at=quiz.opens_at,
        closes_at=quiz.closes_at,
        status=quiz_status(quiz, now),
        opening=quiz.opening,
        is_listed=bool(standing and standing.is_listed),
        leaderboards=[Leaderboard(board) for board in quiz.leaderboards],
        finished_at=standing.finished_at if standing else None,
        score=standing.score if standing else 0,
        duration_ms=standing.duration_ms if standing else 0,
        levels=[_level(quiz, level, bests, tries.get(level.number, 0), running, now) for level in quiz.levels],
    )


def _level(
    quiz: QuizFacts,
    level: LevelFacts,
    bests: Mapping[int, QuizBest],
    tries: int,
    running: Mapping[int, UUID],
    now: datetime,
) -> LevelOut:
    best = bests.get(level.number)
    status = level_status(quiz, level, {number for number, row in bests.items() if row.has_passed}, now)
    waits = status is LevelStatus.LOCKED and quiz.opening is Opening.BY_DAY and level.opens_at is not None
    return LevelOut(
        number=level.number,
        name=level.name,
        status=status,
        opens_on=in_shanghai(level.opens_at).date() if waits and level.opens_at else None,
        questions=level.questions,
        seconds=level.seconds,
        pass_mark=level.pass_mark,
        tries_per_day=level.tries_per_day,
        tries_left=max(0, level.tries_per_day - tries),
        best_score=best.score if best else None,
        best_ms=best.duration_ms if best else None,
        running_attempt_id=running.get(level.number),
    )


def _tries_today(session: Session, quiz_id: UUID, person_id: UUID, now: datetime) -> dict[int, int]:
    statement = (
        select(Attempt.level, func.max(Attempt.try_number).label("tries"))
        .where(
            Attempt.person_id == person_id, Attempt.quiz_id == quiz_id, Attempt.day == in_shanghai(now).date()
        )
        .group_by(Attempt.level)
    )  # fmt: skip
    return {row.level: row.tries for row in session.execute(statement)}


def _running(session: Session, quiz_id: UUID, person_id: UUID, now: datetime) -> dict[int, UUID]:
    statement = select(Attempt.level, Attempt.id).where(
        Attempt.person_id == person_id,
        Attempt.quiz_id == quiz_id,
        Attempt.status == AttemptStatus.RUNNING,
        Attempt.deadline_at > now,
    )
    return {row.level: row.id for row in session.execute(statement)}


def get_attempt(session: Session, attempt_id: UUID, person_id: UUID, now: datetime) -> AttemptOut:
    """An attempt as it is answered, without what is right. Raises NotFound for another person's."""
    attempt, paper = _find(session, attempt_id, person_id)
    return describe_attempt(session, attempt, unpack(paper.questions), now)


def describe_attempt(session: Session, attempt: Attempt, asked: Sequence[Asked], now: datetime) -> AttemptOut:
    """An attempt with its paper, as it is answered. No statement when warm."""
    return AttemptOut(
        id=attempt.id,
        quiz_id=attempt.quiz_id,
        level=attempt.level,
        level_name=get_facts(session, attempt.quiz_id).level(attempt.level).name,
        status=attempt.status.value,
        started_at=attempt.started_at,
        deadline_at=attempt.deadline_at,
        now=now,
        questions=show_questions(session, attempt, asked),
    )


def show_questions(session: Session, attempt: AttemptColumns, asked: Sequence[Asked]) -> list[QuestionOut]:
    """A paper as it is answered, with what is ticked and nothing of what is right. No statement when warm."""
    sheets = get_sheets(session, [each.version_id for each in asked])
    return [
        QuestionOut(
            position=position,
            kind=sheets[each.version_id].kind,
            stem=sheets[each.version_id].stem,
            options=_shown(sheets[each.version_id], each),
            chosen=list(chosen_at(attempt.answers, position)),
        )
        for position, each in enumerate(asked)
    ]


def get_result(session: Session, attempt_id: UUID, person_id: UUID, now: datetime) -> ResultOut:
    """How a graded attempt went, with what is right and why. Raises NotFound, Conflict while it runs."""
    attempt, paper = _find(session, attempt_id, person_id)
    if attempt.status is not AttemptStatus.GRADED:
        raise Conflict("还没有交卷。", code="attempt_running")
    asked = unpack(paper.questions)
    marks = grade(asked, attempt.answers, get_sheets(session, [each.version_id for each in asked]))
    best = session.get(QuizBest, (person_id, attempt.quiz_id, attempt.level))
    standing = session.get(QuizStanding, (person_id, attempt.quiz_id))
    return describe_result(
        session,
        attempt,
        paper,
        marks,
        is_best=best is not None and best.attempt_id == attempt.id,
        is_finished=standing is not None and standing.finished_at is not None,
        tries=_tries_today(session, attempt.quiz_id, person_id, now).get(attempt.level, 0),
        asked_now=list_asked_now(session, person_id, now),
    )


def describe_result(
    session: Session,
    attempt: Attempt,
    paper: QuizPaper,
    marks: Sequence[Mark],
    *,
    is_best: bool,
    is_finished: bool,
    tries: int,
    asked_now: frozenset[UUID],
) -> ResultOut:
    """A graded attempt as its result, without the questions that another paper asks now (`list_asked_now`). `tries`:
    how many were begun at this level today. No statement when warm."""
    sheets = get_sheets(session, [mark.asked.version_id for mark in marks])
    level = get_facts(session, attempt.quiz_id).level(attempt.level)
    return ResultOut(
        id=attempt.id,
        quiz_id=attempt.quiz_id,
        level=attempt.level,
        score=attempt.score or 0,
        right=attempt.right or 0,
        total=len(marks),
        passed=bool(attempt.has_passed),
        pass_mark=paper.pass_mark,
        duration_ms=attempt.duration_ms or 0,
        is_best=is_best,
        quiz_finished=is_finished,
        tries_left=max(0, level.tries_per_day - tries),
        questions=explain_questions(marks, sheets, asked_now),
        learn=[ToLearn(topic=topic, wrong=wrong) for topic, wrong in weak_topics(marks, sheets)],
    )


def list_asked_now(session: Session, person_id: UUID, now: datetime) -> frozenset[UUID]:
    """Questions on papers that the person is answering: what is right in them is told by nothing until these are in.

    One statement when warm.
    """
    values = {"asker_id": person_id, "moment": now, "but_id": NOTHING}
    rows = read_ahead(session, _list_papers(ASKED_ELSEWHERE.answers), values)
    return questions_on(session, [paper for [paper] in rows])


def questions_on(session: Session, papers: Iterable[Sequence[Any]]) -> frozenset[UUID]:
    """Questions on papers that were stored. No statement when warm."""
    return frozenset(sheet.question_id for sheet in get_sheets(session, versions_of(papers)).values())


def _find(session: Session, attempt_id: UUID, person_id: UUID) -> tuple[Attempt, QuizPaper]:
    statement = (
        select(Attempt, QuizPaper)
        .join(QuizPaper, QuizPaper.attempt_id == Attempt.id)
        .where(Attempt.id == attempt_id, Attempt.person_id == person_id)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound("没有找到这次闯关。", code="attempt_not_found")
    return row.Attempt, row.QuizPaper


def _shown(sheet: Sheet, asked: Asked) -> list[str]:
    return [sheet.options[place] for place in asked.order]


def explain_questions(
    marks: Sequence[Mark], sheets: Mapping[UUID, Sheet], asked_now: frozenset[UUID]
) -> list[GradedQuestion]:
    """What was right and why, without the questions that another paper asks now."""
    graded = []
    for position, mark in enumerate(marks):
        sheet = sheets[mark.asked.version_id]
        if sheet.question_id in asked_now:
            continue
        graded.append(
            GradedQuestion(
                position=position,
                kind=sheet.kind,
                stem=sheet.stem,
                options=_shown(sheet, mark.asked),
                chosen=list(mark.chosen),
                right=list(mark.right),
                is_right=mark.is_right,
                explanation=sheet.explanation,
                statute=sheet.statute,
                article=sheet.article,
            )
        )
    return graded
