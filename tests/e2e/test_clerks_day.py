"""A clerk's day in one story: what waits, twenty items, ten rechecks, the month's ledger, two notices, an extension, an
enterprise found by three characters, another campaign and back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from server.core import clock
from server.core.db import Database
from server.review.rectification.models import Rectification
from server.showcase.scenes import SCENES
from tests.e2e.test_reward_story import confirm
from tests.integration.rectification.conftest import Hand
from tests.support.browser import open_desktop, watch
from tests.support.callers import Desk, OverHttp
from tests.support.images import Sample
from tests.support.ledgers import read_ledger, sheet_of
from tests.support.papers import words_in
from tests.support.pictures import drawn
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.versions import version_of
from tests.support.world import World, make_campaign

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]

ITEMS, RECHECKS = 20, 10


@contextmanager
def opened_database(server: Service) -> Iterator[Database]:
    """What the service has kept."""
    database = Database(server.settings)
    try:
        yield database
    finally:
        database.close()


@pytest.fixture
def enterprise(live_server: Service, world: World) -> Hand:
    """The shipyard's reviewer, who puts things right there."""
    return Hand(Desk(OverHttp(live_server.base_url)).sign_in(world.people.enterprise_reviewer))


@pytest.fixture
def clerk(browser: Browser, live_server: Service, world: World, enterprise: Hand) -> Iterator[Page]:
    """The town's reviewer, signed in; the shipyard has passed up twenty hazards. Last year's campaign is over."""
    with opened_database(live_server) as database, database.transaction() as session:
        ended = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31), "is_current": False}
        make_campaign(session, world.unions.city, name="去年的活动", **ended)
    pictures = [Sample(drawn(name, 1), f"{name}.jpg") for name in SCENES]
    phone = live_server.phone("demo:worker-1")
    for number in range(ITEMS):
        hazard_id = phone.report(
            pictures[number % len(pictures)], category="electric", description=f"第{number + 1}处配电箱敞开",
            enterprise_id=world.unions.shipyard,
        )  # fmt: skip
        sent = {"version": version_of(enterprise.desk, hazard_id), "note": "请镇上处理"}
        passed = enterprise.desk.post(f"/console/submissions/{hazard_id}/pass_up", sent)
        assert passed.status == 303, passed.text[:2000]
    context = open_desktop(browser, live_server.base_url)
    page = signed_in_page(context, live_server, world.people.town_reviewer)
    troubles = watch(page)
    yield page
    context.close()
    # Chromium logs every refused request: whoever decides at once is told that there is nothing left to claim.
    assert [trouble for trouble in troubles if "409 (CONFLICT)" not in trouble] == []


@pytest.mark.slow("a whole day")
def test_a_day_at_the_desk(clerk: Page, enterprise: Hand, live_server: Service, world: World) -> None:
    live_server.wait_for_pictures()
    clerk.goto("/console/")
    clerk.locator(".tile", has_text=str(ITEMS)).first.click()
    clear_the_queue(clerk)
    rows = opened(live_server)
    assert len(rows) == ITEMS
    for row in rows[:RECHECKS]:
        enterprise.submit(row)
    asked = enterprise.move(rows[RECHECKS], "ask_extension", days="5", text="配件下周才到")
    assert asked.status == 303, asked.text[:2000]
    recheck(clerk)
    hand_in_the_month(clerk)
    print_two_notices(clerk)
    answer_the_extension(clerk)
    find_the_enterprise(clerk, world)
    look_at_another_campaign_and_back(clerk)


def clear_the_queue(clerk: Page) -> None:
    """By keys alone: open the first, grade, send, and the next is there."""
    clerk.wait_for_url("**/console/queue*")
    expect(clerk.locator("[data-row] img")).to_have_count(ITEMS)
    clerk.keyboard.press("j")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/console/submissions/*")
    started = time.monotonic()
    for done in range(ITEMS):
        expect(clerk.locator(".position")).to_have_text(f"1 / {ITEMS - done}")
        before = clerk.url
        clerk.keyboard.press(str(2 + done % 3))
        expect(clerk.locator("#accept-reply")).to_be_focused()
        clerk.keyboard.press("Control+Enter")
        clerk.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]  # bound now
    assert time.monotonic() - started < 5 * ITEMS
    expect(clerk.locator(".nothing")).to_contain_text("都处理完了")


def opened(server: Service) -> list[Rectification]:
    """The rectifications that the acceptances opened, once they were told of."""
    rows: list[Rectification] = []
    with opened_database(server) as database:
        while len(rows) < ITEMS:
            time.sleep(0.2)
            with database.reading() as session:
                rows = list(session.scalars(select(Rectification).order_by(Rectification.id)))
    return rows


def waiting_for(clerk: Page, words: str) -> None:
    """What home says that waits, opened."""
    clerk.goto("/console/")
    home = clerk.url
    clerk.get_by_role("list", name="还等您处理的").get_by_role("link", name=words).click()
    clerk.wait_for_url(lambda url: url != home)  # until loaded: a page hears keys once its scripts have run


def recheck(clerk: Page) -> None:
    """Ten in a row by keys: passed, and the next one comes by itself."""
    waiting_for(clerk, "复查")
    expect(clerk.locator("a[data-open]")).to_have_count(RECHECKS)
    clerk.keyboard.press("j")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/console/rectifications/*")
    for done in range(RECHECKS):
        expect(clerk.locator(".position")).to_have_text(f"1 / {RECHECKS - done}")
        clerk.keyboard.press("a")
        clerk.keyboard.press("ArrowDown")
        before = clerk.url
        clerk.keyboard.press("Control+Enter")
        clerk.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]  # bound now
    clerk.goto("/console/rectifications?status=closed")
    expect(clerk.locator("a[data-open]")).to_have_count(RECHECKS)


def hand_in_the_month(clerk: Page) -> None:
    """The ledger of what was sent this month, as it goes up: opened and read."""
    today = clock.in_shanghai(clock.now()).date()
    clerk.goto("/console/queue?status=all")
    clerk.get_by_label("日期按").select_option("上报")
    clerk.locator("[name=since]").fill(today.replace(day=1).isoformat())
    clerk.wait_for_url("**since=*")
    clerk.locator("[name=until]").fill(today.isoformat())
    clerk.wait_for_url("**until=*")
    with clerk.expect_download() as waiting:
        clerk.get_by_role("link", name="导出台账").click()
    content = waiting.value.path().read_bytes()
    rows = read_ledger(content)
    assert [row["序号"] for row in rows] == list(range(1, ITEMS + 1))
    assert {row["单位"] for row in rows} == {"蓝海船舶修造有限公司"}
    assert "台账" in str(sheet_of(content)["A1"].value)


def print_two_notices(clerk: Page) -> None:
    """Two notices from the list, as one file: issued with their numbers, written by the worker, opened."""
    clerk.goto("/console/rectifications?status=open")
    boxes = clerk.locator("input[name=picked]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    clerk.get_by_role("button", name="整改通知单").click()
    confirm(clerk)
    clerk.wait_for_url("**/console/exports/*")
    with clerk.expect_download() as waiting:
        clerk.get_by_role("link", name="下载").click()
    assert words_in(waiting.value.path().read_bytes()).count("隐患整改通知单") == 2


def answer_the_extension(clerk: Page) -> None:
    """Home says that one asks for more time: granted, as long as it asked for."""
    waiting_for(clerk, "延期")
    clerk.keyboard.press("j")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/console/rectifications/*")
    clerk.keyboard.press("a")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator(".toast-line").first).to_contain_text("延期")


def find_the_enterprise(clerk: Page, world: World) -> None:
    """From any page, by three characters."""
    clerk.keyboard.press("Control+k")
    clerk.keyboard.type("海船舶")
    hit = clerk.get_by_role("dialog", name="查找").get_by_role("link", name="蓝海船舶修造有限公司")
    hit.last.focus()
    clerk.keyboard.press("Enter")
    clerk.wait_for_url(f"**/console/unions/{world.unions.shipyard}/overview")


def look_at_another_campaign_and_back(clerk: Page) -> None:
    """Last year's has nothing here; all of them have all."""
    clerk.goto("/console/queue?status=all")
    expect(clerk.locator("[data-row]")).to_have_count(ITEMS)
    clerk.get_by_label("只看哪个活动").select_option("去年的活动（已结束）")
    expect(clerk.get_by_text("只看活动“去年的活动”")).to_be_visible()
    expect(clerk.locator("[data-row]")).to_have_count(0)
    clerk.get_by_label("只看哪个活动").select_option("全部活动")
    expect(clerk.locator("[data-row]")).to_have_count(ITEMS)
