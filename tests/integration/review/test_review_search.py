"""Chinese text search: a substring is found, and nothing else, on both databases."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from server.activities.hazards.models import Hazard
from server.core import ids
from server.core.db import Database
from server.core.text import fold
from server.review.search.actions import index_submission
from server.review.search.queries import matching
from tests.integration.review.conftest import Reviewer
from tests.integration.review.rows import insert_submissions
from tests.integration.review.test_review_queue import shown
from tests.support.callers import Desk, Phone
from tests.support.images import jpeg
from tests.support.world import Someone, World

NOW = datetime.now(UTC)
ALPHABET = "配电箱门开aA1-\"'* 😀é"


def found(session: Session, query: str) -> set[UUID]:
    statement = matching(session, query)
    return set(session.scalars(statement)) if statement is not None else set()


def test_a_text_is_found_by_each_of_its_substrings_and_by_nothing_else(world: World, database: Database) -> None:
    chance = random.Random(7)
    with database.transaction() as session:
        made = insert_submissions(session, world, 60, NOW, place="", union_id=world.unions.seaside)
        texts = {each: "".join(chance.choices(ALPHABET, k=chance.randint(1, 9))) for each in made}
        for submission_id, text in texts.items():
            session.execute(update(Hazard).where(Hazard.submission_id == submission_id).values(description=text))
            index_submission(session, submission_id)
    with database.reading() as session:
        for _ in range(250):
            query = "".join(chance.choices(ALPHABET, k=chance.randint(1, 4)))
            terms = [fold(word) for word in query.split()]
            expected = {
                each
                for each, text in texts.items()
                if terms and all(term in fold(text) or term in "触电" for term in terms)
            }
            assert found(session, query) == expected, query


def test_fields_do_not_run_into_each_other(world: World, database: Database) -> None:
    with database.transaction() as session:
        (made,) = insert_submissions(session, world, 1, NOW, place="东门")
        session.execute(update(Hazard).values(description="配电箱"))
        index_submission(session, made)
        assert found(session, "箱东") == set()
        assert found(session, "配电 东门 触电 船舶") == {made}


def test_a_reviewer_finds_by_words_place_category_and_enterprise(town: Reviewer, phone: Phone, world: World) -> None:
    hazard_id = phone.report(
        jpeg(), enterprise_id=world.unions.shipyard, description="灭火器过期", place="二号仓库", category="fire"
    )
    phone.report(jpeg(2), enterprise_id=world.unions.bakery, description="地面湿滑", place="后厨")
    for query in ("灭火器", "火器过", "仓库", "火灾", "蓝海船舶", "灭", "期", "灭火 仓库"):
        assert shown(town.desk, f"q={query}") == [hazard_id], query
    assert shown(town.desk, "q=灭器") == []


def test_the_scope_holds_in_the_search_too(desk_of: Callable[[Someone], Desk], phone: Phone, world: World) -> None:
    phone.report(jpeg(), enterprise_id=world.unions.shipyard, description="灭火器过期")
    assert shown(desk_of(world.people.other_district_reviewer), "q=灭火器") == []


def test_what_an_answer_adds_is_found(town: Reviewer, phone: Phone, world: World) -> None:
    hazard_id = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    town.move(hazard_id, "return", reply="在哪？")
    assert shown(town.desk, "q=锅炉房") == []
    phone.put(f"/api/v1/submissions/{hazard_id}/answers/{ids.new_id()}", {"text": "锅炉房旁", "photos": []}).ok()
    assert shown(town.desk, "q=锅炉房") == [hazard_id]


@pytest.mark.parametrize("query", ['"', "*", "AND", "a:b", "(", "' OR 1=1 --", "<->", "\\", "%", "_"])
def test_signs_that_mean_something_to_a_search_engine_mean_nothing_here(
    town: Reviewer, phone: Phone, world: World, query: str
) -> None:
    phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    assert shown(town.desk, f"q={quote(query)}") == []
