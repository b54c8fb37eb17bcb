"""How the databases find what may be hinted at: off the one index of the place, backwards, and no further than told."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from server.review.duplicates.matching.hints import READ, newest_near
from server.review.submissions.routing.answering_union import Route
from tests.integration.review.test_review_plans import NOW, plan, session, sorts
from tests.support.world import World

__all__ = ["session"]  # the fixture: rows, and a planner that thinks of a million


@pytest.mark.parametrize("level", ["enterprise", "town", "district", "city"])
def test_hints_are_read_off_one_index_at_every_level(session: Session, world: World, level: str) -> None:  # the fixture
    unions = world.unions
    ids: dict[str, UUID | None] = {
        "enterprise": unions.shipyard, "town": unions.seaside, "district": unions.south, "city": unions.city,
    }  # fmt: skip
    for above in ("enterprise", "town", "district"):
        if above == level:
            break
        ids[above] = None
    route = Route(unions.city, "", unions.city, ids["district"], ids["town"], ids["enterprise"])
    statement = newest_near(route, NOW + timedelta(days=1))
    found = plan(session, statement)
    assert f"ix_submissions_{level}_all" in found
    assert not sorts(found)
    assert len(session.execute(statement).all()) <= READ
