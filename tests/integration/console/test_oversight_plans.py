"""How the databases read the lists of supervision, training, coverage, drills, systems and assessment, and the log of
one person: along an index, sorting nothing, as they would have to in a city of a million.

Not here: the enterprises of plans (supervision_units), found by the plans that one sees, of which a city
has some hundreds a year.
"""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.core import ids
from server.core.db import Database
from server.core.slice import declared
from server.kit.listing import Listing, Request, conditions_of, rows_statement, scopes_for
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.integration.coverage.training import attend, count_coverage, hold_session
from tests.integration.review.test_review_plans import plan
from tests.support.world import World

TODAY = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
# The list, what it is narrowed to, who asks, the index that it has to be read off.
CASES: list[tuple[str, dict[str, str], str, str]] = [
    *(
        ("coverage_gaps", {"status": tab}, "district", "ix_coverage_facts_district")
        for tab in ("", "officers", "unsigned")
    ),
    ("coverage_gaps", {"status": "workers"}, "town", "ix_coverage_facts_town"),
    ("coverage_absent", {}, "enterprise", "ix_people_enterprise"),
    ("training_invited", {}, "enterprise", "ix_training_invitations_union"),
    ("training_invited", {"status": "all"}, "town", "ix_training_invitations_union"),
    ("training", {}, "district", "ix_training_sessions_district"),
    ("drill_dues", {}, "district", "ix_drill_dues_district"),
    ("drill_problems", {}, "district", "ix_drill_problems_district"),
    ("emergency_plans", {}, "district", "ix_emergency_plans_district"),
    ("emergency_plans", {"status": "revise"}, "town", "ix_emergency_plans_town_revise"),
    ("incidents", {}, "district", "ix_incidents_district"),
    ("supervision_plans", {}, "district", "ix_supervision_plans_district"),
    ("supervision_draws", {}, "district", "ix_supervision_draws_district"),
    ("held_systems", {}, "district", "ix_held_systems_district"),
    ("visits", {}, "district", "ix_visits_district"),
    ("visit_findings", {}, "district", "ix_rectifications_district"),
    ("assessments", {}, "district", "ix_assessments_district"),
    ("assessed_units", {}, "district", "ix_assessed_units_district"),
    ("assessed_units", {"status": "ranked", "run": str(UUID(int=1))}, "city", "ix_assessed_units_rank"),
    ("audit", {"who": str(UUID(int=1))}, "city", "ix_audit_entries_actor_id_id"),
]
PLACES = {"city": "city", "district": "south", "town": "seaside", "enterprise": "shipyard"}
MERGED = {"training_invited", "training", "visit_findings"}
"""Lists of several parts, each a page of rows read off the index in its order, which SQLite then puts in order."""
SCANNED = re.compile(r"SCAN (?!anon_|CONSTANT|safety_systems)|Seq Scan")
SORTED = re.compile(r"TEMP B-TREE FOR ORDER|Sort  \(")


def find_plan(database: Database, listing: Listing[Any, Any], filters: dict[str, str], role: RoleAt) -> str:
    with database.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            # Among few rows it would scan or sort anything: what is asked is whether it need not.
            for way in ("seqscan", "sort", "bitmapscan", "hashjoin"):
                session.execute(text(f"SET LOCAL enable_{way} = off"))
        who = Actor(ids.new_id(), "", ids.new_id(), None, (role,))
        asked = Request(session, who, listing.filters.model_validate(filters), TODAY)
        statement = rows_statement(
            listing, asked, scopes_for(listing, asked), conditions_of(listing, asked), limit=51
        )  # fmt: skip
        return plan(session, statement)


def test_a_page_goes_along_its_index_and_sorts_nothing(database: Database, world: World, time_machine: Any) -> None:
    time_machine.move_to(TODAY, tick=False)
    with database.transaction() as session:
        attend(session, hold_session(session, world, date(2026, 11, 2)), world.unions.shipyard, "p1")
    count_coverage(database)
    lists = {each.name: each for each in declared().lists}
    wrong = []
    for name, filters, level, index in CASES:
        role = RoleAt(Role(f"{level}_reviewer"), getattr(world.unions, PLACES[level]), Level(level), "")
        found = find_plan(database, lists[name], filters, role)
        is_sorted = SORTED.search(found) and name not in MERGED
        # Which of the indexes in that order PostgreSQL takes is chance among few rows.
        is_along = index in found or "Index Scan" in found
        if not is_along or SCANNED.search(found) or is_sorted:
            wrong.append(f"{name} {filters} {level}: not {index}\n{found}")
    assert not wrong, "\n\n".join(wrong)
