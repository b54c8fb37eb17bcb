"""One campaign of a city or a district is read off an index of its own, however much came since."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from server.activities.suggestions.listing import ADOPTED, SuggestionFilter
from server.kit.listing import Listing, Request, conditions_of, rows_statement, scopes_for
from server.oversight.letters.listing import LETTERS, LetterFilter
from server.review.escalation.listing import DISPATCH, DispatchFilter
from server.review.rectification.listing import RECTIFICATIONS, RectificationFilter
from server.rewards.points.listing import POINTS, PointsFilter
from tests.integration.review.test_review_plans import NOW, SCOPES, actor, plan, sorts
from tests.integration.review.test_review_plans import session as session
from tests.support.world import World

BY_CAMPAIGN = [
    (RECTIFICATIONS, RectificationFilter(status="accepted"), "ix_rectifications_{}_campaign"),
    (RECTIFICATIONS, RectificationFilter(status="closed"), "ix_rectifications_{}_campaign"),
    (DISPATCH, DispatchFilter(), "ix_overdue_items_{}_campaign"),
    (POINTS, PointsFilter(), "ix_points_transfers_campaign"),
]


def first_page(session: Session, listing: Listing[Any, Any], who: Any, filters: Any) -> str:
    asked = Request(session, who, filters, NOW)
    scopes = scopes_for(listing, asked)
    return plan(session, rows_statement(listing, asked, scopes, conditions_of(listing, asked), limit=51))


@pytest.mark.parametrize(("listing", "filters", "index"), BY_CAMPAIGN)
def test_one_campaign_in_a_wide_scope_is_read_off_an_index_of_its_own(
    session: Session, world: World, listing: Listing[Any, Any], filters: Any, index: str
) -> None:
    for name, role, level, union in SCOPES[:2]:
        who = actor(role, level, getattr(world.unions, union))
        found = first_page(session, listing, who, filters.model_copy(update={"campaign": world.campaign_id}))
        assert index.format(name) in found, found
        assert not sorts(found), found


def test_adopted_suggestions_are_read_off_an_index_that_holds_no_hazard(session: Session, world: World) -> None:
    for name, role, level, union in SCOPES:
        who = actor(role, level, getattr(world.unions, union))
        found = first_page(session, ADOPTED, who, SuggestionFilter(stage="all"))
        assert f"ix_submissions_{name}_adopted" in found, found
        assert not sorts(found), found


def test_letters_of_one_state_are_read_off_an_index_at_every_level(session: Session, world: World) -> None:
    for name, role, level, union in SCOPES:
        who = actor(role, level, getattr(world.unions, union))
        found = first_page(session, LETTERS, who, LetterFilter(status="withdrawn"))
        assert f"ix_letters_{name}_status" in found, found
        assert "ix_letters_issuer" in found, found
