"""How the databases count for the home page of a city: along indexes of what is up to it, whatever its size."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from server.core import clock
from server.core.connections import raw_cursor
from server.core.db import Database
from tests.integration.console.waiting_rows import build
from tests.support.callers import Desk
from tests.support.world import Someone, World

GROWING = "submissions|rectifications|letters|overdue_items|assignments|escalations"
WHOLE = re.compile(rf"SCAN ({GROWING})\b|Seq Scan on ({GROWING})\b")
COUNT = re.compile(r"SELECT (\(SELECT )?count\(\*\)")


def test_the_counts_of_a_city_read_no_table_and_no_subtree_row_by_row(
    database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    with database.transaction() as session:
        build(session, world, clock.now())
    desk = desk_of(world.people.city_reviewer)
    desk.get("/console/").ok()
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        desk.get("/console/").ok()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    counts = [each for each in asked if COUNT.match(each[0])]
    assert len(counts) > 20
    is_lite = database.engine.dialect.name == "sqlite"
    with database.engine.connect() as connection:
        if not is_lite:  # with so few rows it would rather read them all
            connection.exec_driver_sql("SET enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if is_lite else "EXPLAIN "
        plans = []
        for statement, parameters in counts:
            if "$1" in statement:  # sent directly, as the server has it
                rows = raw_cursor(connection.connection.driver_connection).execute(explain + statement, parameters)
            else:
                rows = connection.exec_driver_sql(explain + statement, parameters).all()
            plans.append("\n".join(" ".join(str(part) for part in row) for row in rows))
            assert not WHOLE.search(plans[-1]), f"{statement}\n{plans[-1]}"
        if not is_lite:
            connection.exec_driver_sql("RESET enable_seqscan")
    below = [plan for plan in plans if "_city_due" in plan]
    assert len(below) == 4, "what is below is a first hundred by deadline; what is the city's own is found by that"
