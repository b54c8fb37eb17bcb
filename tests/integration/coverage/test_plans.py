"""How the databases read the lists of coverage and of invitations: along an index, sorting nothing."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.core import ids
from server.core.db import Database
from server.kit.listing import Listing, Request, conditions_of, rows_statement, scopes_for
from server.oversight.coverage.listing import ABSENT, GAPS, AbsentFilter, GapFilter
from server.oversight.training.invitations.listing import INVITED, InvitedFilter, View
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.integration.coverage.training import attend, count_coverage, hold_session
from tests.integration.review.test_review_plans import plan, sorts
from tests.support.world import World

TODAY = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
CASES: list[tuple[Listing[Any, Any], Any, str, str]] = [
    *((GAPS, GapFilter(status=tab), "district", "ix_coverage_facts_district") for tab in ("", "officers", "unsigned")),
    (GAPS, GapFilter(status="workers"), "town", "ix_coverage_facts_town"),
    (ABSENT, AbsentFilter(), "enterprise", "ix_people_enterprise"),
    (INVITED, InvitedFilter(), "enterprise", "ix_training_invitations_union"),
    (INVITED, InvitedFilter(status=View.ALL), "town", "ix_training_invitations_union"),
]


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)  # PostgreSQL chooses by chance between few rows
@pytest.mark.parametrize(("listing", "filters", "level", "index"), CASES)
def test_a_page_goes_along_its_index_and_sorts_nothing(
    database: Database, world: World, listing: Listing[Any, Any], filters: Any, level: str, index: str,
    time_machine: Any,
) -> None:  # fmt: skip
    time_machine.move_to(TODAY, tick=False)
    unions = {"district": world.unions.south, "town": world.unions.seaside, "enterprise": world.unions.shipyard}
    role = RoleAt(Role(f"{level}_reviewer"), unions[level], Level(level), "")
    with database.transaction() as session:
        attend(session, hold_session(session, world, date(2026, 11, 2)), world.unions.shipyard, "p1")
    count_coverage(database)
    with database.transaction() as session:
        asked = Request(session, Actor(ids.new_id(), "", ids.new_id(), None, (role,)), filters, TODAY)
        statement = rows_statement(
            listing, asked, scopes_for(listing, asked), conditions_of(listing, asked), limit=51
        )  # fmt: skip
        found = plan(session, statement)
    assert index in found, found
    assert not re.search(r"SCAN (?!anon_|CONSTANT)", found), found
    assert not sorts(found) or listing is INVITED, found  # each of few unions is sorted by its index, then merged
