"""How the databases read lists that are narrowed to days they are not sorted by: along an index of those days."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Select, text
from sqlalchemy.orm import Session

from server.activities.suggestions.listing import ADOPTED, SuggestionFilter
from server.core.db import Database
from server.kit.listing import Listing, Request, read_along, rows_statement, scopes_for
from server.oversight.letters.listing import LETTERS, LetterFilter
from server.review.rectification.listing import RECTIFICATIONS, RectificationFilter
from server.rewards.points.listing import POINTS, PointsFilter
from server.unions.actor import Actor
from server.unions.roles import Level, Role
from tests.integration.review.test_review_plans import actor, plan, sorts
from tests.support.world import World

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAYS = {"since": date(2025, 2, 1), "until": date(2025, 2, 28)}
LISTS = [
    (RECTIFICATIONS, RectificationFilter(status="open", day_of="opened", **DAYS), ["ix_rectifications_{}_opened"]),
    (RECTIFICATIONS, RectificationFilter(status="closed", day_of="closed", **DAYS), ["ix_rectifications_{}_closed"]),
    (RECTIFICATIONS, RectificationFilter(status="open", day_of="sent", **DAYS), ["ix_rectifications_{}_sent"]),
    (LETTERS, LetterFilter(**DAYS), ["ix_letters_{}_issued", "ix_letters_issuer_issued"]),
    (ADOPTED, SuggestionFilter(stage="all", **DAYS), ["ix_submissions_{}_decided_adopted"]),
    (POINTS, PointsFilter(**DAYS), ["ix_points_transfers_at"]),
]

NAMES = ["opened", "closed", "sent", "issued", "decided", "points"]


def _page(session: Session, listing: Listing[Any, Any], who: Actor, filters: Any) -> Select[Any]:
    """The statement of a page, for a planner that would rather walk an index, as it would with a million rows."""
    if session.get_bind().dialect.name == "postgresql":
        for way in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))
    asked = Request(session, who, filters, NOW)
    scopes = scopes_for(listing, asked)
    read, conditions = read_along(listing, asked, scopes)
    return rows_statement(read, asked, scopes, conditions, limit=51)


@pytest.mark.parametrize(("level", "role"), [("city", Role.CITY_REVIEWER), ("district", Role.DISTRICT_REVIEWER)])
@pytest.mark.parametrize(("listing", "filters", "indexes"), LISTS, ids=NAMES)
def test_days_long_ago_are_read_off_an_index_of_them(
    database: Database,
    world: World,
    listing: Listing[Any, Any],
    filters: Any,
    indexes: list[str],
    level: str,
    role: Role,
) -> None:
    seat = world.unions.city if level == "city" else world.unions.south
    who = actor(role, Level(level), seat)
    with database.transaction() as session:
        found = plan(session, _page(session, listing, who, filters))
    for index in indexes:
        assert index.format(level) in found, found
    assert len(indexes) > 1 or not sorts(found), found  # several subtrees are read one by one, and put in order again


def test_adopted_suggestions_of_one_campaign_are_read_off_an_index_of_it(database: Database, world: World) -> None:
    who = actor(Role.CITY_REVIEWER, Level.CITY, world.unions.city)
    asked = SuggestionFilter(stage="all", campaign=world.campaign_id)
    with database.transaction() as session:
        found = plan(session, _page(session, ADOPTED, who, asked))
    assert "ix_submissions_city_campaign_adopted" in found, found
    assert not sorts(found), found
