"""Filters that were kept when the queue alone kept some, and those that narrowed by a number."""

from server.kit.saved_filters.queries import list_filters
from tests.migrations.climbing import NEWEST, NOW, Old, Story, before, story

KEEPING = ("rectifications", "dispatch", "points", "queue")


@story
def filters_kept_before_are_the_queues(old: Old) -> Story:
    old = yield "0037"
    person = old.insert("people", name="某人", is_active=True, version=1, created_at=NOW, updated_at=NOW)
    old.insert("saved_filters", person_id=person, name="火灾", query="category=fire", created_at=NOW)
    database = yield NEWEST
    with database.reading() as session:
        kept = [(name, query) for _, name, query in list_filters(session, person, "queue")]
        assert kept == [("火灾", "category=fire")]
        assert list_filters(session, person, "rectifications") == []


@story
def filters_kept_with_a_number_narrow_by_it_still(old: Old) -> Story:
    old = yield before("keep_numbers_of_kept_filters")
    person = old.insert("people", name="某人", is_active=True, version=1, created_at=NOW, updated_at=NOW)
    for list_name, query in (
        ("rectifications", "status=all&number=2026-123"), ("dispatch", "kind=submission&number=2026-000123Y"),
        ("points", "number=2026-9"), ("queue", "number=7"), ("rectifications", "category=fire"),
    ):  # fmt: skip
        row = {"person_id": person, "list_name": list_name, "name": query[:20], "query": query}
        old.insert("saved_filters", **row, created_at=NOW)
    database = yield NEWEST
    with database.reading() as session:
        found = {name: {query for *_, query in list_filters(session, person, name)} for name in KEEPING}
    assert found == {
        "rectifications": {"status=all&q=2026-123", "category=fire"},
        "dispatch": {"kind=submission&q=2026-000123Y"},
        "points": {"q=2026-9"},
        "queue": {"number=7"},  # never was a filter of the queue
    }
