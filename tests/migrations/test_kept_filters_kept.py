"""Filters that were kept when the queue alone kept some."""

from server.core.db import Database
from server.kit.saved_filters.queries import list_filters
from server.migrations import run as migrations
from tests.migrations.test_data_kept import NOW, Old, before, upgrade_to
from tests.migrations.test_data_kept import database as database

KEEPING = ("rectifications", "dispatch", "points", "queue")


def test_filters_kept_before_are_the_queues(database: Database) -> None:
    upgrade_to(database, "0037")
    with database.engine.begin() as connection:
        old = Old(connection)
        person = old.insert("people", name="某人", is_active=True, version=1, created_at=NOW, updated_at=NOW)
        old.insert("saved_filters", person_id=person, name="火灾", query="category=fire", created_at=NOW)
    migrations.upgrade(database)
    with database.reading() as session:
        assert [(name, query) for _, name, query in list_filters(session, person, "queue")] == [
            ("火灾", "category=fire")
        ]
        assert list_filters(session, person, "rectifications") == []


def test_filters_kept_with_a_number_narrow_by_it_still(database: Database) -> None:
    upgrade_to(database, before("keep_numbers_of_kept_filters"))
    with database.engine.begin() as connection:
        old = Old(connection)
        person = old.insert("people", name="某人", is_active=True, version=1, created_at=NOW, updated_at=NOW)
        for list_name, query in (
            ("rectifications", "status=all&number=2026-123"), ("dispatch", "kind=submission&number=2026-000123Y"),
            ("points", "number=2026-9"), ("queue", "number=7"), ("rectifications", "category=fire"),
        ):  # fmt: skip
            row = {"person_id": person, "list_name": list_name, "name": query[:20], "query": query}
            old.insert("saved_filters", **row, created_at=NOW)
    migrations.upgrade(database)
    with database.reading() as session:
        found = {name: {query for *_, query in list_filters(session, person, name)} for name in KEEPING}
    assert found == {
        "rectifications": {"status=all&q=2026-123", "category=fire"},
        "dispatch": {"kind=submission&q=2026-000123Y"},
        "points": {"q=2026-9"},
        "queue": {"number=7"},  # never was a filter of the queue
    }
