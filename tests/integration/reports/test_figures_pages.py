"""The figures page: within one's scope, cut as asked, counted by a job where it would take long."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import cast

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from server.core import clock
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.jobs.models import Job
from server.core.jobs.registry import JobContext
from server.reports.figures import queries
from server.reports.figures.jobs import refresh
from server.reports.figures.models import FigureSnapshot
from server.review.submissions.models import Status
from server.unions.tree.models import Union
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Desk
from tests.support.counting import count_statements
from tests.support.world import Someone, World

PAGE = "/console/figures"
DeskOf = Callable[[Someone], Desk]


def fill(database: Database, world: World) -> None:
    """Five at the shipyard (two of them accepted), three at the brewery in the other district."""
    now = clock.now() - timedelta(days=1)
    with database.transaction() as session:
        insert_submissions(session, world, 3, now)
        insert_submissions(session, world, 2, now, status=Status.ACCEPTED, category="fire")
        insert_submissions(session, world, 3, now, union_id=world.unions.brewery)


def sheet(desk: Desk, query: str = "") -> dict[str, object]:
    """The workbook's summary."""
    answer = desk.get(f"{PAGE}.xlsx{query}").ok()
    book = load_workbook(BytesIO(answer.body), read_only=True)
    return {str(row[0]): row[1] for row in book["总览"].iter_rows(values_only=True) if row and len(row) > 1}


def test_the_city_sees_everything_and_a_district_its_own(database: Database, world: World, desk_of: DeskOf) -> None:
    fill(database, world)
    assert sheet(desk_of(world.people.city_reviewer))["上报"] == 8
    south = sheet(desk_of(world.people.district_reviewer))
    assert (south["上报"], south["已受理"], south["待受理"]) == (5, 2, 3)


def test_the_workbook_has_real_dates_and_shares_and_its_download_is_on_record(
    database: Database, world: World, desk_of: DeskOf
) -> None:
    fill(database, world)
    book = load_workbook(BytesIO(desk_of(world.people.city_reviewer).get(f"{PAGE}.xlsx").ok().body))
    assert isinstance(book["按天"]["A2"].value, datetime)
    assert "0%" in {cell.number_format for cell in book["按单位"]["E"]}
    assert {(sheet.freeze_panes, sheet["A1"].font.bold) for sheet in book} == {("A2", True)}
    with database.reading() as session:
        details = list(session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "list.exported")))
    assert [detail["list"] for detail in details] == ["统计"]


def test_a_subtree_outside_of_ones_scope_is_not_there(world: World, desk_of: DeskOf) -> None:
    desk = desk_of(world.people.district_reviewer)
    for path in (PAGE, f"{PAGE}.xlsx"):
        assert desk.get(f"{path}?union={world.unions.north}").status == 404
        assert desk.get(f"{path}?union={world.unions.city}").status == 404


def test_an_enterprise_sees_itself_alone(database: Database, world: World, desk_of: DeskOf) -> None:
    fill(database, world)
    desk = desk_of(world.people.enterprise_reviewer)
    assert sheet(desk)["上报"] == 5
    assert desk.get(f"{PAGE}?union={world.unions.bakery}").status == 404


def test_the_flags_of_enterprises_cut_every_figure(database: Database, world: World, desk_of: DeskOf) -> None:
    fill(database, world)
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.brewery).values(is_chemical=True))
    desk = desk_of(world.people.city_reviewer)
    assert sheet(desk, "?chemical=true")["上报"] == 3
    assert sheet(desk, "?chemical=true&high_risk=true")["上报"] == 0


def test_a_period_counts_by_the_day_of_arrival(database: Database, world: World, desk_of: DeskOf) -> None:
    fill(database, world)
    with database.transaction() as session:
        insert_submissions(session, world, 4, clock.now() - timedelta(days=20))
    desk = desk_of(world.people.city_reviewer)
    assert sheet(desk, "?period=week")["上报"] == 8
    assert sheet(desk, "?period=month")["上报"] == 12


def test_the_page_shows_pictures_and_the_same_in_tables(database: Database, world: World, desk_of: DeskOf) -> None:
    fill(database, world)
    page = desk_of(world.people.city_reviewer).get(PAGE).ok().text
    for name in ("funnel", "trend", "category", "union", "industry"):
        assert f'data-chart="{name}"' in page
    assert "火灾" in page
    assert 'id="charts-data"' in page


def test_a_filter_that_makes_no_sense_is_dropped(world: World, desk_of: DeskOf) -> None:
    assert desk_of(world.people.city_reviewer).get(f"{PAGE}?period=century&chemical=maybe&union=x").status == 200


def test_a_great_subtree_is_counted_by_one_job_and_shown_afterwards(
    database: Database, world: World, desk_of: DeskOf, run_jobs: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, world)
    monkeypatch.setattr(queries, "SMALL", 0)
    desk = desk_of(world.people.city_reviewer)
    for _ in range(2):
        assert "正在统计" in desk.get(PAGE).ok().text
    assert desk.get(f"{PAGE}.xlsx").status == 409
    with database.reading() as session:
        jobs = session.scalar(select(func.count()).select_from(Job).where(Job.name == "figures.count"))
    assert jobs == 1
    run_jobs()
    assert "正在统计" not in desk.get(PAGE).ok().text
    assert sheet(desk)["上报"] == 8


def test_a_snapshot_that_is_looked_at_is_counted_again(
    database: Database, world: World, desk_of: DeskOf, run_jobs: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, world)
    monkeypatch.setattr(queries, "SMALL", 0)
    desk = desk_of(world.people.city_reviewer)
    desk.get(PAGE).ok()
    run_jobs()
    with database.transaction() as session:
        insert_submissions(session, world, 1, clock.now())
        old = clock.now() - timedelta(minutes=11)
        session.execute(update(FigureSnapshot).values(computed_at=old))
    refresh(cast(JobContext, SimpleNamespace(database=database)))
    assert sheet(desk)["上报"] == 9


def test_a_snapshot_is_read_in_a_fixed_number_of_statements(
    database: Database, world: World, desk_of: DeskOf, run_jobs: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, world)
    monkeypatch.setattr(queries, "SMALL", 0)
    desk = desk_of(world.people.city_reviewer)
    desk.get(PAGE).ok()
    run_jobs()
    with count_statements(database.engine) as statements:
        desk.get(PAGE).ok()
    assert len(statements) <= 8
