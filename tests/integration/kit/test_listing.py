"""What every list has from the kit, shown on the list of rectifications."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from server.core.audit.models import AuditEntry
from server.core.clock import day_in_words, day_of
from server.core.db import Database
from server.review.rectification.models import RecheckWay, RectifyStatus
from tests.integration.rectification.test_rectification_list import LIST, fill
from tests.support.callers import Desk
from tests.support.ledgers import HEADS, read_ledger, sheet_of
from tests.support.pages import links
from tests.support.world import Someone, World

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
DeskOf = Callable[[Someone], Desk]


def numbers(page: str) -> list[int]:
    return [int(each) for each in re.findall(r"data-open>第(\d+)处", page)]


def tabs(page: str) -> dict[str, str]:
    """Each tab's count as shown, "" where none is."""
    (bar,) = re.findall(r'<ul class="tabs.*?</ul>', page, re.DOTALL)
    return {name: count for name, _, count in (link.text.partition(" ") for link in links(bar))}


def has_link(page: str, words: str) -> bool:
    return any(link.text == words for link in links(page))


def link(page: str, rel: str) -> str | None:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page)
    return html.unescape(found[1]) if found else None


def test_counts_of_tabs_obey_the_filters(database: Database, world: World, desk_of: DeskOf) -> None:
    statuses = (RectifyStatus.OPEN, RectifyStatus.ACCEPTED)
    with database.transaction() as writer:
        fill(
            writer, world, 6, NOW, status=lambda number: statuses[number % 2],
            category=lambda number: "fire" if number < 3 else "electric",
        )  # fmt: skip
    desk = desk_of(world.people.city_reviewer)
    whole, fire = tabs(desk.get(LIST).ok().text), tabs(desk.get(f"{LIST}?category=fire").ok().text)
    assert (whole["办理中"], whole["待整改"], whole["整改中"]) == ("6", "3", "3")
    assert (fire["办理中"], fire["待整改"], fire["整改中"]) == ("3", "2", "1")


def test_switching_tabs_keeps_the_filters(world: World, desk_of: DeskOf) -> None:
    page = desk_of(world.people.city_reviewer).get(f"{LIST}?category=fire").ok().text
    assert f'href="{LIST}?category=fire&amp;status=closed"' in page


def test_one_goes_back_to_the_page_before(database: Database, world: World, desk_of: DeskOf) -> None:
    with database.transaction() as writer:
        fill(writer, world, 130, NOW)
    desk = desk_of(world.people.city_reviewer)
    first = desk.get(LIST).ok().text
    second = desk.get(link(first, "next") or "").ok().text
    third = desk.get(link(second, "next") or "").ok().text
    assert numbers(third) == list(range(100, 130))
    assert link(third, "next") is None
    again = desk.get(link(third, "prev") or "").ok().text
    assert numbers(again) == numbers(second) == list(range(50, 100))
    beginning = desk.get(link(again, "prev") or "").ok().text
    assert numbers(beginning) == numbers(first) == list(range(50))
    assert link(beginning, "prev") is None


def test_the_order_is_turned_round(database: Database, world: World, desk_of: DeskOf) -> None:
    with database.transaction() as writer:
        fill(writer, world, 60, NOW)
    desk = desk_of(world.people.city_reviewer)
    page = desk.get(f"{LIST}?reverse=1").ok().text
    assert numbers(page) == list(range(59, 9, -1))
    assert numbers(desk.get(link(page, "next") or "").ok().text) == list(range(9, -1, -1))


def test_days_from_and_to_are_both_included_as_shanghai_counts_them(
    database: Database, world: World, desk_of: DeskOf
) -> None:
    midnight = datetime(2026, 11, 22, 16, tzinfo=UTC)  # the 23rd begins in Shanghai
    with database.transaction() as writer:
        fill(writer, world, 4, NOW, due_at=lambda number: midnight + timedelta(days=number, seconds=-1))
    desk = desk_of(world.people.city_reviewer)
    assert numbers(desk.get(f"{LIST}?since=2026-11-23&until=2026-11-24").ok().text) == [1, 2]
    assert desk.get(f"{LIST}?since=yesterday").status == 422


# --- the ledger -------------------------------------------------------------------------------------------------------


def test_the_ledger_holds_what_is_filtered_whole_and_is_on_record(
    database: Database, world: World, desk_of: DeskOf
) -> None:
    with database.transaction() as writer:
        fill(writer, world, 120, NOW, category=lambda number: "fire" if number % 2 else "electric")
    answer = desk_of(world.people.city_reviewer).get(f"{LIST}/ledger.xlsx?category=fire").ok()
    assert [row["隐患"] for row in read_ledger(answer.body)] == [f"第{number}处" for number in range(1, 120, 2)]
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "list.exported")).one()
    assert entry.actor_id == world.people.city_reviewer.id
    assert entry.detail == {"list": "整改", "rows": 60}


def test_the_ledger_reaches_no_further_than_the_list(database: Database, world: World, desk_of: DeskOf) -> None:
    with database.transaction() as writer:
        fill(writer, world, 6, NOW)
    answer = desk_of(world.people.other_district_reviewer).get(f"{LIST}/ledger.xlsx").ok()
    assert [row["隐患"] for row in read_ledger(answer.body)] == ["第2处", "第5处"]
    assert desk_of(world.people.town_reviewer).get(f"{LIST}/ledger.xlsx?union={world.unions.north}").status == 404


def test_the_ledger_is_ready_to_be_read_filtered_and_printed(database: Database, world: World, desk_of: DeskOf) -> None:
    with database.transaction() as writer:
        fill(writer, world, 2, NOW, excerpt="=1+1", place="@东门")
    sheet = sheet_of(desk_of(world.people.city_reviewer).get(f"{LIST}/ledger.xlsx").ok().body)
    heads = {cell.value: cell for cell in sheet[HEADS]}
    assert all(cell.font.bold for cell in sheet[HEADS])
    assert (sheet.freeze_panes, sheet.print_title_rows) == (f"A{HEADS + 1}", f"${HEADS}:${HEADS}")
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert sheet.auto_filter.ref == f"A{HEADS}:{sheet.cell(HEADS + 2, sheet.max_column).coordinate}"
    due = sheet.cell(HEADS + 1, heads["整改期限"].column)
    assert (due.value.isoformat(), due.number_format) == ("2026-11-23T00:00:00", "yyyy-mm-dd")
    hazard = sheet.cell(HEADS + 1, heads["隐患"].column)
    assert (hazard.data_type, hazard.value) == ("s", "=1+1")
    assert (hazard.alignment.wrap_text, sheet.print_options.gridLines) == (True, True)  # whole words and lines on paper
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[HEADS]]
    assert widths[hazard.column - 1] == max(widths)
    assert sum(widths) < 260  # more would be printed too small to read


def test_the_ledger_says_what_it_is_of_what_by_whom_and_when_and_numbers_its_rows(
    database: Database, world: World, desk_of: DeskOf
) -> None:
    with database.transaction() as writer:
        fill(writer, world, 4, NOW, category=lambda number: "fire" if number % 2 else "electric")
    query = f"category=fire&union={world.unions.south}&since=2026-11-01"
    content = desk_of(world.people.city_reviewer).get(f"{LIST}/ledger.xlsx?{query}").ok().body
    title, covered = (row[0] for row in sheet_of(content).iter_rows(max_row=2, values_only=True))
    assert title == "隐患整改台账"
    said = dict(part.split("：", 1) for part in covered.split("　　"))
    assert said["填报单位"] == "青岛市总工会"
    assert said["范围"] == "办理中；单位：市南区总工会；类别：火灾；期限从：2026-11-01"
    assert said["填报日期"] == day_in_words(day_of(datetime.now(UTC)))
    assert [row["序号"] for row in read_ledger(content)] == [1, 2]


def test_rectifications_closed_in_a_month_are_a_ledger_that_tells_the_day_alone(
    database: Database, world: World, desk_of: DeskOf
) -> None:
    closed = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)  # the last minute of October in Shanghai
    with database.transaction() as writer:
        fill(writer, world, 2, NOW)
        fill(
            writer, world, 2, NOW, status=RectifyStatus.CLOSED, closed_by_id=world.people.worker.id,
            recheck_way=RecheckWay.BY_PHOTOS, rectified_by_id=world.people.enterprise_reviewer.id,
            submitted_at=closed, reopen_until=NOW, closed_at=lambda number: closed + timedelta(minutes=number),
        )  # fmt: skip
    query = "status=all&day_of=closed&since=2026-10-01&until=2026-10-31"
    [row] = read_ledger(desk_of(world.people.city_reviewer).get(f"{LIST}/ledger.xlsx?{query}").ok().body)
    day = datetime.fromisoformat("2026-10-31")
    assert (row["进展"], row["复查方式"], row["销号日期"]) == ("已销号", "报告人确认", day)


# --- kept filters -----------------------------------------------------------------------------------------------------


FIRE = {"name": "火灾", "query": "category=fire&after=x"}


def test_every_list_keeps_filters_of_its_own(world: World, desk_of: DeskOf) -> None:
    desk = desk_of(world.people.city_reviewer)
    back = desk.post(
        "/console/lists/rectifications/filters?category=fire", {"name": "火灾", "query": "category=fire&after=x"}
    )
    assert (back.status, back.headers["Location"]) == (303, f"{LIST}?category=fire")
    assert has_link(desk.get(LIST).ok().text, "火灾")
    assert not has_link(desk.get("/console/queue").ok().text, "火灾")
    desk.post("/console/lists/queue/filters", FIRE)
    assert has_link(desk.get("/console/queue").ok().text, "火灾")
    assert desk.post("/console/lists/nothing/filters", FIRE).status == 404


def test_a_number_finds_its_rectification(database: Database, world: World, desk_of: DeskOf) -> None:
    with database.transaction() as writer:
        fill(writer, world, 3, NOW)
    desk = desk_of(world.people.city_reviewer)
    number = re.findall(r"\d{4}-\d{6}Y", desk.get(LIST).ok().text)[1]
    found = desk.get(f"{LIST}?q={number}")
    assert found.status == 303
    assert number in desk.get(found.headers["Location"]).ok().text
    assert numbers(desk.get(f"{LIST}?q=1999-000001").ok().text) == []
