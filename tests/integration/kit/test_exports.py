"""Long ledgers: written by a job, with word of how far it is, fetched by whoever asked, gone after a day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from server.core import clock
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.core.slice import declared
from server.core.storage.base import ObjectStore
from server.kit.exports import jobs
from server.kit.exports.ledgers import sending as ledger
from server.kit.exports.models import ExportState, ListExport
from server.kit.exports.queries import KEPT_UNDER, export_key
from server.kit.listing import Listing, Request
from server.kit.rows import walk_rows
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import RoleAssignment
from server.unions.roles import Level, Role
from tests.integration.rectification.test_rectification_list import LIST, fill
from tests.support.callers import Desk
from tests.support.ledgers import read_ledger
from tests.support.lists import open_lists
from tests.support.world import Someone, World

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
DeskOf = Callable[[Someone], Desk]
RunJobs = Callable[..., int]


@pytest.fixture(autouse=True)
def _everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MAX_ROWS", 5)


@pytest.fixture
def rows(database: Database, world: World) -> None:
    with database.transaction() as writer:
        fill(writer, world, 30, NOW, category=lambda number: "fire" if number % 2 else "electric")


def asked(desk: Desk, query: str = "") -> str:
    """The address of the page that one is led to."""
    answer = desk.get(f"{LIST}/ledger.xlsx{query}")
    assert answer.status == 303
    return answer.headers["Location"]


def exports(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "list.exported")))


@pytest.mark.usefixtures("rows")
def test_a_long_ledger_is_written_by_a_job_and_fetched_from_its_page(
    world: World, desk_of: DeskOf, database: Database, run_jobs: RunJobs
) -> None:
    desk = desk_of(world.people.district_reviewer)
    page = asked(desk, "?category=fire")
    waiting = desk.get(page).ok().text
    assert ("正在后台写" in waiting, 'http-equiv="refresh"' in waiting) == (True, True)
    assert desk.get(f"{page}/ledger.xlsx").status == 409
    run_jobs()
    ready = desk.get(page).ok().text
    assert ("共 10 条" in ready, 'http-equiv="refresh"' in ready) == (True, False)
    assert exports(database) == []  # nothing has left the house yet
    rows = read_ledger(desk.get(f"{page}/ledger.xlsx").ok().body)
    fire_in_the_south = [f"第{number}处" for number in range(30) if number % 2 and number % 3 != 2]
    assert [row["隐患"] for row in rows] == fire_in_the_south
    [entry] = exports(database)
    assert (entry.actor_id, entry.detail) == (world.people.district_reviewer.id, {"list": "整改", "rows": 10})


@pytest.mark.usefixtures("rows")
def test_it_is_for_whoever_asked_and_still_has_their_roles(
    world: World, desk_of: DeskOf, database: Database, run_jobs: RunJobs
) -> None:
    desk = desk_of(world.people.district_reviewer)
    page = asked(desk)
    run_jobs()
    for other in (world.people.city_reviewer, world.people.other_district_reviewer):
        assert desk_of(other).get(page).status == 404
        assert desk_of(other).get(f"{page}/ledger.xlsx").status == 404
    with database.transaction() as session:
        mine = RoleAssignment.person_id == world.people.district_reviewer.id
        session.execute(update(RoleAssignment).where(mine).values(union_id=world.unions.north))
    assert desk.get(f"{page}/ledger.xlsx").status == 409
    assert exports(database) == []


@pytest.mark.usefixtures("rows")
def test_a_role_that_was_lost_before_it_was_written_writes_nothing(
    world: World, desk_of: DeskOf, database: Database, run_jobs: RunJobs, object_store: ObjectStore
) -> None:
    page = asked(desk_of(world.people.district_reviewer))
    with database.transaction() as session:
        session.execute(delete(RoleAssignment).where(RoleAssignment.person_id == world.people.district_reviewer.id))
    run_jobs()
    with database.reading() as session:
        assert session.scalars(select(ListExport.state)).one() is ExportState.FAILED
    assert not object_store.exists(export_key(UUID(page.rsplit("/", 1)[1])))


@pytest.mark.usefixtures("rows")
def test_a_worker_that_died_over_it_begins_anew_and_one_whole_sheet_comes_of_it(
    world: World, desk_of: DeskOf, database: Database, settings: Settings, object_store: ObjectStore, run_jobs: RunJobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    desk = desk_of(world.people.city_reviewer)
    page = asked(desk)
    ctx, export_id = JobContext(settings, database, object_store), UUID(page.rsplit("/", 1)[1])
    monkeypatch.setattr(jobs, "TOLD_EVERY", 10)
    with monkeypatch.context() as dying:
        dying.setattr(jobs, "finish_export", _die)
        with pytest.raises(KeyboardInterrupt):
            jobs.write_list(ctx, export_id)
    assert "已写 30 条" in desk.get(page).ok().text
    run_jobs()
    jobs.write_list(ctx, export_id)  # woken up twice
    assert len(read_ledger(desk.get(f"{page}/ledger.xlsx").ok().body)) == 30
    assert not list(object_store.staging.glob("*.part"))


def _die(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("rows")
def test_asking_again_leads_to_the_sheet_that_is_on_its_way(world: World, desk_of: DeskOf) -> None:
    desk = desk_of(world.people.city_reviewer)
    assert asked(desk) == asked(desk) != asked(desk, "?category=fire")
    assert asked(desk_of(world.people.district_reviewer)) != asked(desk)


def test_whom_one_looked_for_is_forgotten_when_the_sheet_is_written(
    world: World, desk_of: DeskOf, database: Database, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MAX_ROWS", 0)
    name = quote(world.people.worker.name or "")
    desk = desk_of(world.people.admin)
    assert desk.get(f"/console/people/ledger.xlsx?q={name}&since=2020-01-01").status == 303
    run_jobs()
    with database.reading() as session:
        export = session.scalars(select(ListExport)).one()
    assert (export.state, export.written, export.query) == (ExportState.READY, 1, "since=2020-01-01")


@pytest.mark.usefixtures("rows")
def test_more_rows_than_a_sheet_holds_are_said_not_cut_off(
    world: World, desk_of: DeskOf, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MAX_ROWS", 20)
    desk = desk_of(world.people.city_reviewer)
    page = asked(desk)
    run_jobs()
    assert "没有写成" in desk.get(page).ok().text
    assert desk.get(f"{page}/ledger.xlsx").status == 409


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_it_is_gone_after_a_day(
    world: World, desk_of: DeskOf, database: Database, settings: Settings, object_store: ObjectStore,
    run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page = asked(desk_of(world.people.city_reviewer))
    run_jobs()
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    jobs.remove_expired(JobContext(settings, database, object_store))
    assert list(object_store.objects(KEPT_UNDER)) == []
    with database.reading() as session:
        assert session.get(ListExport, UUID(page.rsplit("/", 1)[1])) is None


def test_every_list_can_be_written_where_there_is_no_request(database: Database, world: World) -> None:
    """A worker has none: what describes a row must not lean on one."""
    places = open_lists(database, world)
    with database.transaction() as writer:
        fill(writer, world, 3, NOW)
    actor = Actor(
        world.people.city_reviewer.id, None, world.people.city_reviewer.id, None,
        (RoleAt(Role.CITY_REVIEWER, world.unions.city, Level.CITY, "市总"),),
    )  # fmt: skip
    lists = [each for each in declared().lists if isinstance(each, Listing) and each.sheet]
    assert len(lists) >= 8
    with database.reading() as session:
        for each in lists:
            filters = each.filters(**places.place(each))
            list(walk_rows(each, Request(session, actor, filters, NOW, is_sheet=True)))
