"""What suggestions had brought before there was a status of it stays confirmed."""

from sqlalchemy import select

from server.activities.suggestions.models import ImplementationStatus, Suggestion
from server.core.db import Database
from server.migrations import run as migrations
from tests.migrations.test_data_kept import NOW, Old, fill, upgrade_to
from tests.migrations.test_data_kept import database as database


def test_a_benefit_that_was_confirmed_stays_so_and_any_other_suggestion_waits_for_it(database: Database) -> None:
    with database.engine.begin() as connection:
        fill(Old(connection))
    upgrade_to(database, "0040-1")
    with database.engine.begin() as connection:
        old = Old(connection)
        first = dict(connection.execute(select(old.table("submissions"))).mappings().one())
        same = {name: value for name, value in first.items() if name not in ("id", "number", "kind", "grade")}
        words = {"title": "加装光电保护", "present_state": "", "proposal": "在冲床两侧加装", "benefit": "", "risk": ""}

        def add(number: str, **values: object) -> object:
            submission_id = old.insert("submissions", **same, number=number, kind="suggestion")
            row = words | {"may_publish": True, "supporters": 0, "submission_id": submission_id}
            old.insert("suggestions", **row | values)
            return submission_id

        brought = add("2026-000001J", confirmed_at=NOW, confirmed_by_id=first["reporter_id"], hours=3)
        waiting = add("2026-000002J", published_at=NOW)
    migrations.upgrade(database)
    with database.reading() as session:
        found = {row.submission_id: (row.status, row.version) for row in session.scalars(select(Suggestion))}
    assert found == {brought: (ImplementationStatus.CONFIRMED, 1), waiting: (ImplementationStatus.PENDING, 1)}
