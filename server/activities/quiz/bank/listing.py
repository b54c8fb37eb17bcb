"""The list of the question bank, by code."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, select

from server.activities.quiz.bank.actions import read_words
from server.activities.quiz.bank.formats.sheets import COLUMNS, cells_of
from server.activities.quiz.bank.formats.spellings import DIFFICULTY_NAMES, KIND_NAMES
from server.activities.quiz.bank.models import Question
from server.activities.quiz.bank.permissions import PERMISSIONS
from server.activities.quiz.bank.queries import STATES, list_newest, list_statutes, narrowing
from server.activities.quiz.bank.schemas import STATE_NAMES, QuestionFilter, QuestionState
from server.activities.quiz.bank.texts import TOPICS
from server.kit.filters import Control, search_control, select_control
from server.kit.keyset import Order
from server.kit.listing import Listing, Request, Tab
from server.kit.todos import todo_of_list

TABLE = cast(Table, Question.__table__)


def _controls(asked: Request[QuestionFilter]) -> list[Control]:
    filters = asked.filters
    return [
        select_control(filters, "kind", "题型", KIND_NAMES),
        select_control(filters, "difficulty", "难度", DIFFICULTY_NAMES),
        select_control(filters, "topic", "主题", {topic: topic for topic in TOPICS}),
        select_control(filters, "statute", "法规", {each: each for each in list_statutes(asked.session) if each}),
        search_control(filters, "q", "题干里的字或编号"),
    ]


def _describe(asked: Request[QuestionFilter], rows: Sequence[Any]) -> Sequence[Any]:
    """Rows as they are; for a sheet the newest words, as the sheet has them that is read in."""
    if not asked.is_sheet:
        return rows
    words = list_newest(asked.session, [row.id for row in rows])
    return [cells_of(row.code, read_words(words[row.id])) for row in rows]


QUESTIONS: Listing[QuestionFilter, Any] = Listing(
    name="questions",
    title="题库",
    ledger="题库清单",
    path="/console/questions",
    filters=QuestionFilter,
    table=TABLE,
    source=select(TABLE),
    order=Order((TABLE.c.code,), (str,)),
    order_texts=("按编号", "按编号，倒序"),
    scopes=None,
    narrow=lambda asked: narrowing(asked.filters),
    controls=_controls,
    describe=_describe,
    sheet=COLUMNS,
    tabs=tuple(Tab(state, STATE_NAMES[state], (conditions,)) for state, conditions in STATES.items()),
    tab_name="state",
    lacks={
        "union": "the bank is everybody's",
        "days": "a question is looked for by what it says, not by when it came",
    },
)

WAITING = todo_of_list(
    "questions",
    "{} 道题目等审定",
    QUESTIONS,
    QuestionFilter(state=QuestionState.WAITING),
    PERMISSIONS["question.approve"],
)
