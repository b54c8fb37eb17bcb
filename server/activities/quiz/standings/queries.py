"""Reads of leaderboards and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, Uuid, bindparam, select
from sqlalchemy.orm import Session

from server.activities.quiz.bank.models import Question, QuestionVersion
from server.activities.quiz.levels.queries import QuizFacts, get_facts
from server.activities.quiz.standings.computing.pages import PLACE, render_page
from server.activities.quiz.standings.models import (
    BoardKind,
    QuestionFigure,
    QuizBoard,
    QuizBoardPage,
    QuizBoardRow,
    QuizFigures,
)
from server.activities.quiz.standings.schemas import PAGE, BoardOut, BoardQuery, PlaceOut
from server.core.db import read_ahead
from server.core.errors import NotFound
from server.core.prepared import Prepared
from server.core.web import cursors
from server.unions.actor import Actor
from server.unions.tree.models import Union

FEWEST = 10  # answers before a question's figures say anything


def check_chosen(quiz: QuizFacts, board: BoardKind) -> None:
    """Raises NotFound `leaderboard_off` unless the quiz's campaign chose that leaderboard."""
    if board not in quiz.leaderboards:
        raise NotFound("这次活动没有设这个排行榜。", code="leaderboard_off")


@dataclass(frozen=True, slots=True)
class Board:
    """A page of a leaderboard with where one stands oneself, as it is sent (BoardOut). `etag` changes with either."""

    body: bytes
    etag: str


def get_board(session: Session, quiz_id: UUID, wanted: BoardQuery, actor: Actor) -> Board:
    """A page by key, and where one stands oneself. One statement for the first pages, two for others, however long the
    leaderboard. Raises NotFound, Invalid.

    A cursor is a position: one of an older snapshot goes on at the same place of the newest.
    """
    check_chosen(get_facts(session, quiz_id), wanted.board)
    after = int(str(cursors.decode(wanted.after, int)[0])) if wanted.after is not None else 0
    asker_id = actor.person_id if wanted.board is BoardKind.PEOPLE else actor.enterprise_id
    found = read_ahead(session, _LOOK[wanted.board], {"the_quiz_id": quiz_id, "after": after, "asker_id": asker_id})
    if not found:
        nothing = BoardOut(computed_at=None, items=[], next=None, mine=None)
        return Board(nothing.model_dump_json().encode(), "nothing")
    [(snapshot, computed_at, digest, page, *place)] = found
    if page is None or wanted.limit != PAGE:
        rendered = render_page(
            session, quiz_id, wanted.board, snapshot, computed_at, after=after, limit=wanted.limit
        )  # fmt: skip
        page, digest = rendered.body, rendered.digest
    own = dict(zip(PlaceOut.model_fields, place, strict=True))
    mine = PlaceOut.model_validate(own).model_dump_json().encode() if own["position"] is not None else b"null"
    return Board(page[:-1] + b',"mine":' + mine + b"}", f"{digest}-{own['position'] or 0}")


def _look(board: BoardKind) -> Select[Any]:
    """What is shown, the page as it is kept, and one's own place: each None where there is none."""
    asker_id: Any = bindparam("asker_id", type_=Uuid())
    if board is BoardKind.DISTRICTS:
        asker_id = select(Union.district_id).where(Union.id == asker_id).scalar_subquery()
    this, page, own = cast(Table, QuizBoard.__table__), cast(Table, QuizBoardPage.__table__), PLACE[0].table
    kept = (page.c.quiz_id == this.c.quiz_id) & (page.c.board == this.c.board) & (page.c.after == bindparam("after"))
    placed = (own.c.quiz_id == this.c.quiz_id) & (own.c.board == this.c.board) & (own.c.snapshot == this.c.snapshot)
    return (
        select(this.c.snapshot, this.c.computed_at, page.c.digest, page.c.body, *PLACE)
        .select_from(this.outerjoin(page, kept).outerjoin(own, placed & (own.c.subject_id == asker_id)))
        .where(this.c.quiz_id == bindparam("the_quiz_id"), this.c.board == board, this.c.snapshot > 0)
    )


_LOOK = {board: Prepared(_look(board)) for board in BoardKind}


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
