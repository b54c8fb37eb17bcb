"""How the databases find what is to be checked: along the index of what came in, without sorting."""

from sqlalchemy import text

from server.assignments.responses.listing import CHECKS, CheckFilter
from server.core import clock
from server.core.db import Database
from server.kit.listing import Request, conditions_of, rows_statement, scopes_for
from server.unions.roles import Role
from tests.integration.review.test_review_plans import plan, sorts
from tests.support.tasks import actor_at
from tests.support.world import World


def test_what_came_in_is_read_in_its_order(database: Database, world: World) -> None:

    city = actor_at(database, world.people.city_reviewer.id, Role.CITY_REVIEWER, world.unions.city)
    with database.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            for way in ("seqscan", "sort", "bitmapscan", "hashjoin"):
                session.execute(text(f"SET LOCAL enable_{way} = off"))
        asked = Request(session, city, CheckFilter(), clock.now())
        statement = rows_statement(CHECKS, asked, scopes_for(CHECKS, asked), conditions_of(CHECKS, asked), limit=51)
        found = plan(session, statement)
    assert "ix_assignment_recipients_arrival" in found
    assert not sorts(found), found
