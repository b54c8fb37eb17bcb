"""How the databases answer the queue's questions: from one index, in its order, without sorting."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from sqlalchemy import CompoundSelect, Select, text, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.db import Database
from server.kit import listing
from server.kit.keyset import Key
from server.kit.listing import (
    PAGE_SIZE,
    Request,
    conditions_of,
    counts_statement,
    read_along,
    read_page,
    rows_statement,
)
from server.kit.scope import scopes_of
from server.review.queue.listing import QUEUE
from server.review.queue.permissions import MAY
from server.review.queue.schemas import SHOWN, QueueFilter
from server.review.submissions import queries
from server.review.submissions.models import Status, Submission
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.integration.review.rows import insert_submissions
from tests.support.world import World

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ROWS = 300


@pytest.fixture
def session(database: Database, world: World) -> Iterator[Session]:
    """A few rows, and a planner that would rather walk an index than scan or sort, as it would with a million."""
    places = (world.unions.shipyard, world.unions.bakery, world.unions.brewery)
    statuses = (Status.QUEUED, Status.QUEUED, Status.ACCEPTED)
    with database.transaction() as writer:
        insert_submissions(
            writer, world, ROWS, NOW,
            union_id=lambda number: places[number % 3], status=lambda number: statuses[number % 2 + number % 4 // 3],
            due_at=lambda number: NOW + timedelta(seconds=number * 7919 % ROWS),
        )  # fmt: skip
    with database.transaction() as reader:
        if reader.get_bind().dialect.name == "postgresql":
            for way in ("seqscan", "sort", "bitmapscan"):
                reader.execute(text(f"SET LOCAL enable_{way} = off"))
        yield reader


def plan(
    session: Session,
    statement: Select[*tuple[Any, ...]] | CompoundSelect[Any],
    parameters: Mapping[str, object] | None = None,
) -> str:
    """The plan in the database's own words."""
    compiled = statement.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
    explain = "EXPLAIN QUERY PLAN " if session.get_bind().dialect.name == "sqlite" else "EXPLAIN "
    connection = session.connection()
    processors = cast(Any, compiled)._bind_processors  # the values as the driver wants them
    given = compiled.construct_params(dict(parameters or {}))
    values = {name: processors[name](value) if name in processors else value for name, value in given.items()}
    if session.get_bind().dialect.name == "sqlite":  # those within a list have no processor
        values = {name: value.hex if isinstance(value, UUID) else value for name, value in values.items()}
    positional = compiled.positiontup
    sent: Any = tuple(values[name] for name in positional) if positional is not None else values
    rows = connection.exec_driver_sql(explain + str(compiled), sent).all()
    return "\n".join(" ".join(str(part) for part in row) for row in rows)


def actor(role: Role, level: Level, *unions: UUID) -> Actor:
    return Actor(ids.new_id(), "", ids.new_id(), None, tuple(RoleAt(role, union, level, "") for union in unions))


def sorts(found: str) -> bool:
    return "TEMP B-TREE" in found or "Sort" in found


def page(
    session: Session, who: Actor, filters: QueueFilter, *, key: Key | None = None, back: bool = False
) -> Select[Any]:
    """The statement of a page of the queue."""
    asked = Request(session, who, filters, NOW)
    scopes = scopes_of(session, who, MAY)
    read, conditions = read_along(QUEUE, asked, scopes)
    return rows_statement(read, asked, scopes, conditions, limit=51, key=key, back=back)


SCOPES = [
    ("city", Role.CITY_REVIEWER, Level.CITY, "city"),
    ("district", Role.DISTRICT_REVIEWER, Level.DISTRICT, "south"),
    ("town", Role.TOWN_REVIEWER, Level.TOWN, "seaside"),
    ("enterprise", Role.ENTERPRISE_REVIEWER, Level.ENTERPRISE, "shipyard"),
]


def test_a_page_is_read_off_one_index_at_every_level(session: Session, world: World) -> None:
    for name, role, level, union in SCOPES:
        who = actor(role, level, getattr(world.unions, union))
        for filters, index in ((QueueFilter(), "due"), (QueueFilter(status="all"), "all")):
            key: tuple[object, ...] = (NOW, ids.new_id()) if index == "due" else (ids.new_id(),)
            for cursor, back in ((None, False), (key, False), (key, True)):
                found = plan(session, page(session, who, filters, key=cursor, back=back))
                assert f"ix_submissions_{name}_{index}" in found, found
                assert not sorts(found), found


def test_one_campaign_in_a_wide_scope_is_read_off_an_index_of_its_own(session: Session, world: World) -> None:
    for name, role, level, union in SCOPES[:2]:
        who = actor(role, level, getattr(world.unions, union))
        for filters, index in ((QueueFilter(), "due"), (QueueFilter(status="all"), "all")):
            one = filters.model_copy(update={"campaign": world.campaign_id})
            found = plan(session, page(session, who, one))
            assert f"ix_submissions_{name}_campaign_{index}" in found, found
            assert not sorts(found), found


@pytest.mark.parametrize(("day_of", "index"), [("sent", "sent"), ("due", "due")])
def test_days_long_ago_are_read_off_their_index_in_a_wide_scope(
    session: Session, world: World, day_of: str, index: str
) -> None:
    days = QueueFilter.model_validate({"day_of": day_of, "since": "2026-11-20", "until": "2026-11-21"})
    for name, role, level, union in SCOPES[:2]:
        who = actor(role, level, getattr(world.unions, union))
        one = plan(session, page(session, who, days))
        assert f"ix_submissions_{name}_{index}" in one, one
        assert not sorts(one), one
        every = plan(session, page(session, who, days.model_copy(update={"status": "all"})))
        assert every.count(f"ix_submissions_{name}_{index}") == len(SHOWN), every


def test_what_is_narrowed_to_days_is_whole_and_turns_its_pages(session: Session, world: World) -> None:
    """More than a page of it, from a day to a day, in the order of those days and back again."""
    session.execute(update(Submission).values(created_at=Submission.due_at))
    who = actor(Role.CITY_REVIEWER, Level.CITY, world.unions.city)
    until = (NOW + timedelta(seconds=ROWS // 2)).date()
    days = QueueFilter.model_validate({"status": "all", "day_of": "sent", "since": until, "until": until})
    first = read_page(QUEUE, Request(session, who, days, NOW, is_sheet=True))
    moments = [row.created_at for row in first.rows]
    assert len(moments) == PAGE_SIZE
    assert moments == sorted(moments, reverse=True)
    second = read_page(QUEUE, Request(session, who, asked_by(days, first.next_href), NOW, is_sheet=True))
    assert second.rows[0].created_at < moments[-1]
    again = read_page(QUEUE, Request(session, who, asked_by(days, second.previous_href), NOW, is_sheet=True))
    assert [row.id for row in again.rows] == [row.id for row in first.rows]
    day_after = {"since": until + timedelta(days=1), "until": None}
    assert not read_page(QUEUE, Request(session, who, days.model_copy(update=day_after), NOW, is_sheet=True)).rows


def asked_by(filters: QueueFilter, href: str | None) -> QueueFilter:
    """The filters of another page."""
    return filters.model_validate(dict(parse_qsl((href or "").partition("?")[2])))


def test_an_enterprise_is_not_told_the_order_of_what_came_on_a_day(session: Session, world: World) -> None:
    days = QueueFilter.model_validate({"status": "all", "day_of": "sent", "since": "2026-11-20"})
    for level, union, is_sorted in ((Level.ENTERPRISE, "shipyard", False), (Level.DISTRICT, "south", True)):
        who = actor(Role.ENTERPRISE_REVIEWER, level, getattr(world.unions, union))
        read, _ = read_along(QUEUE, Request(session, who, days, NOW), scopes_of(session, who, MAY))
        assert ("created_at" in read.order_of(days).names) is is_sorted


def test_counts_are_read_off_the_index_too(session: Session, world: World) -> None:
    who = actor(Role.DISTRICT_REVIEWER, Level.DISTRICT, world.unions.south)
    found = plan(session, *counts_statement(QUEUE, scopes_of(session, who, MAY), (), NOW))
    assert "ix_submissions_district_due" in found, found
    assert "Seq Scan" not in found
    assert "SCAN submissions" not in found


def test_counts_of_what_is_filtered_look_at_the_first_rows_of_the_index(session: Session, world: World) -> None:
    who = actor(Role.DISTRICT_REVIEWER, Level.DISTRICT, world.unions.south)
    asked = Request(session, who, QueueFilter(category="fire", mine=True), NOW)
    found = plan(
        session, listing._sampled_counts(QUEUE, asked, scopes_of(session, who, MAY), conditions_of(QUEUE, asked))
    )
    assert found.count("ix_submissions_district_due") == len(QUEUE.tabs) - 1, found
    assert not sorts(found), found


def test_two_scopes_are_read_off_their_indexes_and_merged(session: Session, world: World) -> None:
    who = actor(Role.TOWN_REVIEWER, Level.TOWN, world.unions.seaside, world.unions.hillside)
    found = plan(session, page(session, who, QueueFilter()))
    assert found.count("ix_submissions_town_due") == 2, found
    assert "Seq Scan on submissions" not in found


def test_two_scopes_give_one_list_in_order(session: Session, world: World) -> None:
    who = actor(Role.TOWN_REVIEWER, Level.TOWN, world.unions.seaside, world.unions.hillside)
    one = actor(Role.CITY_REVIEWER, Level.CITY, world.unions.city)
    filters = QueueFilter()
    merged = session.execute(page(session, who, filters)).all()
    whole = session.execute(page(session, one, filters)).all()
    assert [row.id for row in merged] == [row.id for row in whole]
    assert QUEUE.order_of(filters).cursor(merged[-1]) == QUEUE.order_of(filters).cursor(whole[-1])


def test_ones_own_submissions_are_read_off_the_reporters_index(session: Session, world: World) -> None:
    statement = queries._SUMMARIES.where(Submission.reporter_id == world.people.worker.id)
    found = plan(session, statement.order_by(Submission.id.desc()).limit(21))
    assert "ix_submissions_reporter" in found, found
    assert not sorts(found), found
