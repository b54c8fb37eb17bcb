"""How an enterprise or a district took part in the quizzes."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from server.activities.quiz.levels.models import Quiz
from server.activities.quiz.standings.models import BoardKind, QuizBoard, QuizBoardRow
from server.activities.quiz.standings.permissions import PERMISSIONS
from server.core.errors import NotFound
from server.kit.panels import LINES, Line, Panel, UnionPanel
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.models import Union

BOARDS = {Level.ENTERPRISE: BoardKind.ENTERPRISES, Level.DISTRICT: BoardKind.DISTRICTS}


def _of_union(session: Session, actor: Actor, union: Union, _now: datetime) -> Panel:
    if union.level not in BOARDS or not actor.holds_over(union, PERMISSIONS["quiz.figures"]):
        raise NotFound
    shown = and_(
        QuizBoard.quiz_id == QuizBoardRow.quiz_id,
        QuizBoard.board == QuizBoardRow.board,
        QuizBoard.snapshot == QuizBoardRow.snapshot,
    )
    places = session.execute(
        select(Quiz.id, Quiz.name, QuizBoardRow.rank, QuizBoardRow.people, QuizBoardRow.coverage)
        .select_from(QuizBoardRow)
        .join(QuizBoard, shown)
        .join(Quiz, Quiz.id == QuizBoardRow.quiz_id)
        .where(QuizBoardRow.subject_id == union.id, QuizBoardRow.board == BOARDS[union.level])
        .order_by(Quiz.id.desc())
        .limit(LINES)
    ).all()
    return Panel(
        lines=[
            Line(
                text=each.name,
                href=f"/console/quiz-figures?quiz={each.id}",
                note=_told(each.people, each.coverage),
                status=f"第 {each.rank} 名",
            )
            for each in places
        ],
        nothing="还没有参加过。",
    )


def _told(people: int | None, coverage: float | None) -> str:
    parts = [f"{people} 人参加" if people is not None else "", f"参与率 {coverage:.0%}" if coverage is not None else ""]
    return " · ".join(filter(None, parts))


UNION_PANEL = UnionPanel(title="知识闯关", position=50, permission="quiz.figures", read=_of_union)
