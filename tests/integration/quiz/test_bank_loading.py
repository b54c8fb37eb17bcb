"""The shipped questions in a database: taken over, renewed, and left alone where people here have decided otherwise."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from server.activities.quiz.bank.actions import add_version, load_shipped
from server.activities.quiz.bank.models import Question, QuestionVersion
from server.activities.quiz.bank.queries import get_sheets, list_drawable
from server.activities.quiz.bank.shipped.questions import Shipped
from server.core.db import Database
from tests.support.quizzes import shipped_questions
from tests.support.world import World

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def questions() -> list[Shipped]:
    return list(shipped_questions()[:20])


def renamed(shipped: Shipped) -> Shipped:
    return replace(shipped, words=shipped.words.model_copy(update={"stem": "换了一种问法：" + shipped.words.stem}))


def test_shipped_questions_are_in_use_and_loading_again_changes_nothing(
    database: Database, questions: list[Shipped]
) -> None:
    with database.transaction() as session:
        assert load_shipped(session, questions, now=NOW) == (20, 0)
    with database.transaction() as session:
        assert load_shipped(session, questions, now=NOW) == (0, 0)
        assert session.scalar(select(func.count()).select_from(QuestionVersion)) == 20
        drawable = list_drawable(session)
        sheets = get_sheets(session, [one.version_id for one in drawable])
    assert {sheet.stem for sheet in sheets.values()} == {one.words.stem for one in questions}


def test_new_words_of_the_next_release_are_in_use_and_the_old_ones_stay_readable(
    database: Database, questions: list[Shipped]
) -> None:
    with database.transaction() as session:
        load_shipped(session, questions, now=NOW)
        assert load_shipped(session, [renamed(questions[0]), *questions[1:]], now=NOW) == (0, 1)
        row = session.scalars(select(Question).where(Question.code == questions[0].code)).one()
        assert (row.newest, row.approved) == (2, 2)
        stems = select(QuestionVersion.stem).where(QuestionVersion.question_id == row.id)
        assert questions[0].words.stem in session.scalars(stems.order_by(QuestionVersion.number)).all()


def test_what_was_edited_or_retired_here_is_left_alone(
    database: Database, questions: list[Shipped], world: World
) -> None:
    with database.transaction() as session:
        load_shipped(session, questions, now=NOW)
        edited, retired = (
            session.scalars(select(Question).where(Question.code == one.code)).one() for one in questions[:2]
        )
        mine = renamed(questions[0]).words
        add_version(session, edited, mine, author_id=world.people.city_reviewer.id, now=NOW)
        retired.retired_at = NOW
        session.flush()
        assert load_shipped(session, [renamed(renamed(one)) for one in questions[:2]], now=NOW) == (0, 0)
        assert (edited.stem, edited.approved, retired.newest) == (mine.stem, 1, 1)
