"""Reads of leaderboards and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.bank.models import Question, QuestionVersion
from server.activities.quiz.levels.queries import QuizFacts, get_facts
from server.activities.quiz.standings.models import BoardKind, QuestionFigure, QuizBoard, QuizBoardRow, QuizFigures
from server.activities.quiz.standings.schemas import BoardOut, BoardQuery, PlaceOut
from server.core.errors import NotFound
from server.core.web import cursors
from server.unions.actor import Actor
from server.unions.tree.models import Union

FEWEST = 10  # answers before a question's figures say anything


def check_chosen(quiz: QuizFacts, board: BoardKind) -> None:
    """Raises NotFound `leaderboard_off` unless the quiz's campaign chose that leaderboard."""
    if board not in quiz.leaderboards:
        raise NotFound("这次活动没有设这个排行榜。", code="leaderboard_off")


def get_board(session: Session, quiz_id: UUID, wanted: BoardQuery, actor: Actor) -> BoardOut:
    """A page by key, and where one stands oneself. Four statements at most. Raises NotFound, Invalid."""
    check_chosen(get_facts(session, quiz_id), wanted.board)
    shown = session.get(QuizBoard, (quiz_id, wanted.board))
    if shown is None:
        return BoardOut(computed_at=None, items=[], next=None, mine=None)
    snapshot, position = shown.snapshot, 0
    if wanted.after is not None:  # a cursor of an older snapshot goes on at the same place of the newest
        position = int(str(cursors.decode(wanted.after, int)[0]))
    places = (
        QuizBoardRow.quiz_id == quiz_id,
        QuizBoardRow.board == wanted.board,
        QuizBoardRow.snapshot == snapshot,
    )  # fmt: skip
    statement = select(QuizBoardRow).where(*places, QuizBoardRow.position > position)
    rows = session.scalars(statement.order_by(QuizBoardRow.position).limit(wanted.limit + 1)).all()
    subject_id = _own_subject(session, wanted.board, actor)
    mine = session.scalars(select(QuizBoardRow).where(*places, QuizBoardRow.subject_id == subject_id)).first()
    page = rows[: wanted.limit]
    return BoardOut(
        computed_at=shown.computed_at,
        items=[_place(row, subject_id) for row in page],
        next=cursors.encode(page[-1].position) if len(rows) > wanted.limit else None,
        mine=_place(mine, subject_id) if mine is not None else None,
    )


def _own_subject(session: Session, board: BoardKind, actor: Actor) -> UUID | None:
    if board is BoardKind.PEOPLE:
        return actor.person_id
    if board is BoardKind.ENTERPRISES or actor.enterprise_id is None:
        return actor.enterprise_id
    return session.scalar(select(Union.district_id).where(Union.id == actor.enterprise_id))


def _place(row: QuizBoardRow, subject_id: UUID | None) -> PlaceOut:
    return PlaceOut(
        rank=row.rank,
        label=row.label,
        score=row.score,
        duration_ms=row.duration_ms,
        coverage=row.coverage,
        high_share=row.high_share,
        people=row.people,
        is_mine=row.subject_id == subject_id,
    )


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """How a question did. `discrimination`: from -1 to 1, how far being right here goes with doing well; seconds."""

    question_id: UUID
    code: str
    stem: str
    topic: str
    asked: int
    right_rate: float
    discrimination: float | None
    seconds: float | None


def discrimination(figure: QuestionFigure) -> float | None:
    """The point-biserial correlation of a right answer with the attempt's score; None if either never varies."""
    n, right = figure.asked, figure.right
    spread = (n * right - right * right) * (n * figure.scores_squared - figure.scores**2)
    if n < FEWEST or spread <= 1e-9:
        return None
    return float((n * figure.scores_right - right * figure.scores) / sqrt(spread))


def list_hardest(session: Session, quiz_id: UUID, limit: int | None) -> list[QuestionLine]:
    """Questions that were asked often enough, the least often right first."""
    rate = QuestionFigure.right * 1.0 / QuestionFigure.asked
    statement = (
        select(QuestionFigure, QuestionVersion, Question.id, Question.code)
        .join(QuestionVersion, QuestionVersion.id == QuestionFigure.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(QuestionFigure.quiz_id == quiz_id, QuestionFigure.asked >= FEWEST)
        .order_by(rate, QuestionFigure.version_id)
        .limit(limit)
    )
    return [
        QuestionLine(
            question_id=question_id,
            code=code,
            stem=version.stem,
            topic=version.topic,
            asked=figure.asked,
            right_rate=figure.right / figure.asked,
            discrimination=discrimination(figure),
            seconds=figure.time_ms / figure.timed / 1000 if figure.timed else None,
        )
        for figure, version, question_id, code in session.execute(statement)
    ]


def find_figures(session: Session, quiz_id: UUID) -> QuizFigures | None:
    """The figures counted last."""
    return session.get(QuizFigures, quiz_id)


def list_places(session: Session, quiz_id: UUID, board: BoardKind, limit: int) -> Sequence[QuizBoardRow]:
    """The first places of the board shown now; none of one that the campaign did not choose."""
    shown = session.get(QuizBoard, (quiz_id, board)) if board in get_facts(session, quiz_id).leaderboards else None
    if shown is None:
        return ()
    statement = select(QuizBoardRow).where(
        QuizBoardRow.quiz_id == quiz_id, QuizBoardRow.board == board, QuizBoardRow.snapshot == shown.snapshot
    )
    return session.scalars(statement.order_by(QuizBoardRow.position).limit(limit)).all()
