"""The figures page: within one's scope, cut as asked, each number with the items behind it."""

import html
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from server.core import clock
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.review.submissions.models import Status
from server.unions.tree.models import Union
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Desk
from tests.support.counting import count_statements
from tests.support.figures import count_figures
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
PAGE = "/console/figures"
DeskOf = Callable[[Someone], Desk]


def fill(database: Database, world: World) -> None:
    """Five at the shipyard (two of them accepted), three at the brewery in the other district."""
    now = clock.now() - timedelta(days=1)
    with database.transaction() as session:
        insert_submissions(session, world, 3, now)
        insert_submissions(session, world, 2, now, status=Status.ACCEPTED, category="fire")
        insert_submissions(session, world, 3, now, union_id=world.unions.brewery)
    count_figures(database)


def book(desk: Desk, query: str = "") -> Any:
    return load_workbook(BytesIO(desk.get(f"{PAGE}.xlsx{query}").ok().body))


def sheet(desk: Desk, query: str = "", column: int = 1) -> dict[str, object]:
    """The workbook's summary: this period, or last year's with column 2."""
    rows = book(desk, query)["总览"].iter_rows(values_only=True)
    return {str(row[0]).strip(): row[column] for row in rows if row and len(row) > 2}


def test_the_city_sees_everything_and_a_district_its_own(database: Database, world: World, desk_of: DeskOf) -> None:
    fill(database, world)
    assert sheet(desk_of(world.people.city_reviewer))["上报"] == 8
    south = sheet(desk_of(world.people.district_reviewer))
    assert (south["上报"], south["已受理"], south["待受理"]) == (5, 2, 3)


def test_the_workbook_has_real_dates_and_shares_and_its_download_is_on_record(
    database: Database, world: World, desk_of: DeskOf
) -> None:
    fill(database, world)
    found = book(desk_of(world.people.city_reviewer))
    assert isinstance(found["逐日逐月"]["A2"].value, datetime)
    assert "0%" in {cell.number_format for cell in found["按单位"]["G"]}
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
    count_figures(database)
    desk = desk_of(world.people.city_reviewer)
    assert sheet(desk, "?chemical=true")["上报"] == 3
    assert sheet(desk, "?chemical=true&high_risk=true")["上报"] == 0


def test_a_period_counts_by_the_day_it_was_sent_with_last_years_same_days_beside_it(
    database: Database, world: World, desk_of: DeskOf, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 8, 20, 4, 0, tzinfo=clock.SHANGHAI))
    with database.transaction() as session:
        for day, count in (
            (date(2026, 8, 19), 1), (date(2026, 8, 1), 2), (date(2026, 7, 31), 4), (date(2026, 1, 1), 8),
            (date(2025, 8, 20), 16), (date(2025, 8, 21), 32), (date(2025, 12, 31), 64),
        ):  # fmt: skip
            insert_submissions(
                session, world, count, datetime(day.year, day.month, day.day, 23, 59, tzinfo=clock.SHANGHAI)
            )
    count_figures(database)
    desk = desk_of(world.people.city_reviewer)
    for query, now, before in (
        ("?period=month", 3, 16),  # the year before only up to the same day, while the month is not over
        ("?period=month&on=2026-07-15", 4, 0),
        ("?period=quarter", 7, 16),
        ("?period=year", 15, 16),
        ("?period=year&on=2025-03-01", 112, 0),
        ("?period=days7", 1, 16),
        ("?since=2026-07-31&until=2026-08-01", 6, 0),
        ("?since=2026-08-01&until=2026-07-31", 6, 0),  # the wrong way round
        ("?since=2026-08-19&until=2026-08-19", 1, 0),
        ("", 127, None),
    ):
        assert (sheet(desk, query)["上报"], sheet(desk, query, 2)["上报"]) == (now, before), query


def test_the_large_screen_opens_with_the_campaign_of_the_figures(world: World, desk_of: DeskOf) -> None:
    page = desk_of(world.people.city_reviewer).get(f"{PAGE}?campaign={world.campaign_id}").ok().text
    assert f'href="/console/screen?union={world.unions.city}&amp;campaign={world.campaign_id}"' in page


def test_a_whole_february_has_the_whole_one_of_a_leap_year_beside_it(
    database: Database, world: World, desk_of: DeskOf, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2029, 3, 5, 4, 0, tzinfo=clock.SHANGHAI))
    with database.transaction() as session:
        for count, month, day in ((1, 2, 28), (2, 2, 29), (4, 3, 1)):
            insert_submissions(session, world, count, datetime(2028, month, day, 12, tzinfo=clock.SHANGHAI))
    count_figures(database)
    desk = desk_of(world.people.city_reviewer)
    assert sheet(desk, "?period=month&on=2029-02-01", 2)["上报"] == 3
    assert sheet(desk, "?since=2029-02-15&until=2029-02-28", 2)["上报"] == 1


def test_the_page_shows_pictures_and_the_same_in_tables(database: Database, world: World, desk_of: DeskOf) -> None:
    fill(database, world)
    page = desk_of(world.people.city_reviewer).get(PAGE).ok().text
    for name in ("funnel", "trend", "category", "union", "industry"):
        assert f'data-chart="{name}"' in page
    assert "火灾" in page
    assert 'id="charts-data"' in page


def test_one_day_is_drawn_as_columns_and_nothing_as_words(database: Database, world: World, desk_of: DeskOf) -> None:
    fill(database, world)
    desk, day = desk_of(world.people.city_reviewer), clock.day_of(clock.now() - timedelta(days=1))
    page = html.unescape(desk.get(f"{PAGE}?since={day}&until={day}").ok().text)
    assert re.search(r'"trend": ?{"kind": ?"columns"', page)
    empty = desk.get(f"{PAGE}?since=2020-01-01&until=2020-01-02").ok().text
    assert 'data-chart="' not in empty
    assert empty.count("这段时间没有") >= 2


def test_every_figure_says_what_it_counts_in_words_that_anybody_reads(world: World, desk_of: DeskOf) -> None:
    page = desk_of(world.people.city_reviewer).get(PAGE).ok().text
    assert page.count("÷（") == 3
    for jargon in ("九成", "一半", "中位数", "分位", "快照"):
        assert jargon not in page
    assert "数字截至" in page


def test_what_changed_a_moment_ago_is_said_to_be_still_counted(
    database: Database, world: World, desk_of: DeskOf
) -> None:
    desk = desk_of(world.people.city_reviewer)
    with database.transaction() as session:
        insert_submissions(session, world, 2, clock.now())
    assert "刚有 2 处变动，一分钟内计入" in desk.get(PAGE).ok().text
    count_figures(database)
    assert "处变动" not in desk.get(PAGE).ok().text


def test_a_filter_that_makes_no_sense_is_dropped(world: World, desk_of: DeskOf) -> None:
    desk = desk_of(world.people.city_reviewer)
    for query in ("period=century&chemical=maybe&union=x", "period=month&on=2199-12-31", "since=0001-01-01&until=x",
                  "period=year&on=2000-01-01"):  # fmt: skip
        assert desk.get(f"{PAGE}?{query}").status == 200, query


def test_a_page_is_read_in_a_fixed_number_of_statements(database: Database, world: World, desk_of: DeskOf) -> None:
    fill(database, world)
    desk = desk_of(world.people.city_reviewer)
    desk.get(f"{PAGE}?period=year").ok()
    with count_statements(database.engine) as statements:
        desk.get(f"{PAGE}?period=year").ok()
    assert len(statements) <= 14


def test_unions_stand_in_their_official_order_and_are_never_ranked(
    database: Database, world: World, desk_of: DeskOf
) -> None:
    fill(database, world)
    page = desk_of(world.people.city_reviewer).get(PAGE).ok().text
    table = page[page.index('id="union-title"') :]
    assert re.findall(r"市[南北]区(?=\s*</a)", table) == ["市南区", "市北区"]
    assert "排名" not in re.sub("不排名次", "", page)
