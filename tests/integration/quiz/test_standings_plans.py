"""How the databases read who took part in a quiz, and who did not: enterprise by enterprise of the subtree."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from server.activities.quiz.standings.computing.participation import count_participation
from server.activities.quiz.standings.computing.scoped import count_scope
from server.activities.quiz.standings.listing import ABSENTEES, SCORES, QuizFilter, ScoreFilter, numbers_readable
from server.core import clock, ids
from server.core.db import Database
from server.kit.listing import Listing, Request, conditions_of, rows_statement, scopes_for
from server.kit.scope import Scope
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.integration.quiz.test_who_took_part import allow
from tests.integration.quiz.test_who_took_part import played as played
from tests.integration.review.test_review_plans import plan, sorts
from tests.support.world import World


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize(
    ("listing", "filters", "people"),
    [(SCORES, ScoreFilter(), "ix_quiz_standings_enterprise"), (ABSENTEES, QuizFilter(), "ix_people_enterprise")],
)
def test_a_page_of_a_district_goes_along_its_enterprises_and_sorts_nothing(
    played: UUID, database: Database, world: World, listing: Listing[Any, Any], filters: Any, people: str, deep: bool
) -> None:
    allow(database)
    role = RoleAt(Role.DISTRICT_REVIEWER, world.unions.south, Level.DISTRICT, "")
    with database.transaction() as session:
        asked = Request(session, Actor(ids.new_id(), "", ids.new_id(), None, (role,)), filters, clock.now())
        statement = rows_statement(
            listing, asked, scopes_for(listing, asked), conditions_of(listing, asked), limit=51,
            key=(world.unions.shipyard, ids.new_id()) if deep else None,
        )  # fmt: skip
        if not is_lite(session):  # with so few rows it would rather read them all
            for way in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
                session.execute(text(f"SET LOCAL enable_{way} = off"))
        found = plan(session, statement)
    assert "ix_unions_district" in found, found
    assert people in found, found
    assert "SCAN people" not in found
    assert "Seq Scan" not in found
    if is_lite(session):
        assert "TEMP B-TREE FOR ORDER BY" not in found, found  # what is sorted is of one enterprise
        assert ("id>" in found) == deep, found
        assert "enterprise_id=?" in found, found  # of each enterprise its own people alone


def is_lite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_figures_of_a_district_read_nothing_but_the_index_of_standings(
    played: UUID, database: Database, world: World, backend: Callable[..., Any]
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    with database.reading() as session:
        event.listen(database.engine, "before_cursor_execute", note)
        try:
            figures = count_scope(session, played, Scope("district_id", world.unions.south))
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        [(statement, parameters)] = [each for each in asked if "quiz_standings" in each[0]]
        found = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert figures.whole.people == sum(part.people for part in figures.parts) == 1
    assert "USING COVERING INDEX ix_quiz_standings_enterprise" in str(found), found
    assert not sorts(str(found)), found


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_a_count_reads_no_attempt_that_was_graded_before_the_last_one(
    played: UUID, database: Database, backend: Callable[..., Any]
) -> None:
    asked: list[tuple[str, Any]] = []
    now = clock.now()
    with database.reading() as session:
        before = count_participation(session, played, 1, {}, now)

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    with database.reading() as session:
        event.listen(database.engine, "before_cursor_execute", note)
        try:
            count_participation(session, played, 1, before, now)
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        plans = "\n".join(
            str(row) for statement, parameters in asked
            for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        )  # fmt: skip
    assert plans.count("USING INDEX ix_quiz_attempts_graded (quiz_id=? AND graded_at") == 3, (
        plans
    )  # days, not yet, levels
    assert "COVERING INDEX ix_quiz_standings_enterprise" in plans, plans
    assert "COVERING INDEX ix_quiz_standings_score" in plans, plans
    assert "SCAN quiz_" not in plans, plans


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_whose_numbers_a_sheet_may_give_is_asked_person_by_person(
    played: UUID, database: Database, world: World, backend: Callable[..., Any]
) -> None:
    role = RoleAt(Role.CITY_REVIEWER, world.unions.city, Level.CITY, "")
    who = Actor(ids.new_id(), "", ids.new_id(), None, (role,))
    with database.reading() as session:
        found = plan(session, numbers_readable([ids.new_id()], who))
    assert "SEARCH people USING INDEX sqlite_autoindex_people_1 (id=?)" in found.splitlines()[0], found
    assert "MULTI-INDEX" not in found, found
