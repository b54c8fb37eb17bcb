"""Leaderboards and figures of the quiz."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_

from server.activities.quiz.standings.computing.pages import pages_that_name
from server.activities.quiz.standings.listing import ABSENTEES, SCORES
from server.activities.quiz.standings.models import BoardKind, QuizBoardPage, QuizBoardRow
from server.activities.quiz.standings.panels import UNION_PANEL
from server.core.slice import ERASED_NAME, MenuEntry, PersonalRows, Section, Slice


def _named_on_a_board(person_id: UUID) -> ColumnElement[bool]:
    return and_(QuizBoardRow.board == BoardKind.PEOPLE, QuizBoardRow.subject_id == person_id)


SLICE = Slice(
    union_panels=(UNION_PANEL,),
    exports={"standings_console.workbook": "答题数据"},
    lists=(SCORES, ABSENTEES),
    menu=(
        MenuEntry(
            Section.QUIZ,
            30,
            "答题数据",
            "chart-line",
            "/console/quiz-figures",
            handbook="闯关",
            hint="参加人数、通过率和最难的题，每五分钟更新一次。",
            also=("/console/quiz-scores", "/console/quiz-absentees"),
        ),
    ),
    personal=(
        PersonalRows(model=QuizBoardPage, rows=pages_that_name, is_removed=True),
        PersonalRows(model=QuizBoardRow, rows=_named_on_a_board, blanked={"label": ERASED_NAME}),
    ),
)
