"""The reviewers' console in Chromium, against the running service: by keyboard, at office and phone size."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, ViewportSize, expect
from sqlalchemy import select, update

from server.core import clock
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.storage.factory import open_store
from server.review.escalation.jobs import sweep_overdue
from server.review.rectification.models import Rectification
from server.review.submissions.models import Submission
from server.unions.tree.models import Union
from tests.support import images
from tests.support.browser import open_desktop, open_phone, watch
from tests.support.callers import Desk, OverHttp
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.versions import version_of
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

Opened = Callable[..., Page]
NARROW: ViewportSize = {"width": 1024, "height": 768}
PAGES = (
    "/console/queue?status=all", "/console/import", "/console/account", "/console/help", "/console/quizzes/new",
    "/console/awards/summary", "/console/questions/import",
)  # fmt: skip
"""Beside what the menu leads to."""
CUT_OFF = """() => {  // controls that reach beyond the screen where nothing scrolls to them
  const scrolls = (e) => e && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const controls = [...document.querySelectorAll("main :is(a, button, input, select, textarea)")];
  return controls.filter((e) => e.offsetParent && e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e))
    .map((e) => e.outerHTML.slice(0, 80));
}"""
FAINT = """() => {  // words with less contrast than WCAG AA asks for, as they are painted
  const colour = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const over = (top, share, ground) => ground.map((v, at) => top[at] * share + v * (1 - share));
  const up = (e) => (e ? [e, ...up(e.parentElement)] : []);
  return [...document.querySelectorAll("body *")].flatMap((e) => {
    const words = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent.trim()).join("");
    if (!words || !e.offsetParent || e.closest(".visually-hidden, [disabled]")) return [];
    const grounds = up(e).map((n) => colour(getComputedStyle(n).backgroundColor)).filter((c) => c[3] !== 0);
    const ground = grounds.reverse().reduce((below, c) => over(c, c[3] ?? 1, below), [255, 255, 255]);
    const style = getComputedStyle(e), ink = colour(style.color);
    const share = up(e).reduce((all, n) => all * getComputedStyle(n).opacity, ink[3] ?? 1);
    const [high, low] = [light(over(ink, share, ground)), light(ground)].sort((a, b) => b - a);
    const isLarge = parseFloat(style.fontSize) >= 24;
    const ratio = (high + 0.05) / (low + 0.05);
    return ratio < (isLarge ? 3 : 4.5) ? [`${ratio.toFixed(2)} ${words.slice(0, 20)}`] : [];
  });
}"""


@pytest.fixture
def console(browser: Browser, live_server: Service, world: World) -> Iterator[Opened]:
    """Opens the console, signed in. Fails the test if any page logged an error or broke the content policy."""
    contexts: list[BrowserContext] = []
    troubles: list[list[str]] = []

    def open_as(who: Someone, opened: Callable[[Browser, str], BrowserContext] = open_desktop) -> Page:
        context = opened(browser, live_server.base_url)
        contexts.append(context)
        page = signed_in_page(context, live_server, who)
        troubles.append(watch(page))
        return page

    yield open_as
    for context in contexts:
        context.close()
    # Chromium logs every refused request; being told of a colleague's decision is one.
    assert [trouble for each in troubles for trouble in each if "409 (CONFLICT)" not in trouble] == []


def report(server: Service, world: World, count: int) -> None:
    """Hazards of a worker, one photo each, with their pictures made."""
    phone = server.phone("demo:worker-1")
    for seed in range(count):
        phone.report(images.jpeg(seed), category="fire", enterprise_id=world.unions.shipyard, place=f"{seed + 1}号车间")


def test_a_reviewer_clears_items_without_the_mouse(console: Opened, live_server: Service, world: World) -> None:
    report(live_server, world, 2)
    page = console(world.people.district_reviewer)
    page.goto("/console/queue")
    expect(page.locator("[data-row]")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/submissions/*")
    expect(page.locator("[data-bar]")).to_be_visible()
    first = page.url
    page.keyboard.press("3")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != first and "/console/submissions/" in url)
    page.keyboard.press("d")
    page.keyboard.type("这里已经整改过了，谢谢你。")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/console/queue*")
    expect(page.locator("[data-row]")).to_have_count(0)
    page.goto("/console/queue?status=accepted")
    expect(page.locator("[data-row]")).to_have_count(1)


def test_photos_get_most_of_the_review_page(console: Opened, live_server: Service, world: World) -> None:
    report(live_server, world, 1)
    page = console(world.people.district_reviewer)
    page.goto("/console/queue")
    page.locator("[data-open]").first.click()
    stage = page.locator("[data-stage]").bounding_box()
    assert stage is not None
    assert stage["width"] * stage["height"] >= 0.6 * 1366 * 768


def test_the_one_who_comes_second_is_told_and_keeps_what_was_typed(
    console: Opened, live_server: Service, world: World
) -> None:
    report(live_server, world, 1)
    first = console(world.people.district_reviewer)
    second = console(world.people.city_reviewer)
    for page in (first, second):
        page.goto("/console/queue")
        page.locator("[data-open]").first.click()
        expect(page.locator("[data-bar]")).to_be_visible()
    first.keyboard.press("2")
    with first.expect_navigation():
        first.keyboard.press("Control+Enter")
    second.keyboard.press("d")
    second.keyboard.type("我先看到的")
    with second.expect_response(lambda response: response.url.endswith("/decline")) as answer:
        second.keyboard.press("Control+Enter")
    assert answer.value.status == 409
    expect(second.get_by_text("没有发出，可以复制）：我先看到的")).to_be_visible()


def open_narrow(browser: Browser, base_url: str) -> BrowserContext:
    """An old office screen."""
    return browser.new_context(
        base_url=base_url, viewport=NARROW, locale="zh-CN", timezone_id="Asia/Shanghai"
    )  # fmt: skip


@pytest.mark.parametrize("opened", [open_narrow, open_phone], ids=["narrow", "phone"])
def test_every_page_of_the_menu_fits_its_screen_can_be_read_and_logs_no_error(
    opened: Callable[..., BrowserContext], console: Opened, live_server: Service, world: World
) -> None:
    report(live_server, world, 1)
    page = console(world.people.admin, opened)
    page.goto("/console/")
    links = page.locator('nav a[href^="/console/"]')
    menu = {link.get_attribute("href") or "" for link in links.all()}
    assert len(menu) > len(PAGES)
    for path in sorted(menu.union(PAGES)):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than the screen"
        assert page.evaluate(CUT_OFF) == [], path
        twice = page.evaluate(
            "(() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);"
            " return ids.filter((id, at) => ids.indexOf(id) !== at); })()"
        )
        assert twice == [], path
        bare = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
            ".filter((e) => !e.labels?.length && !e.ariaLabel && !e.getAttribute('aria-labelledby')).map((e) => e.name)"
        )
        assert bare == [], path
        assert page.evaluate(FAINT) == [], path


def test_at_1024_pixels_no_list_of_work_has_to_be_scrolled_sideways(
    console: Opened, live_server: Service, world: World
) -> None:
    report(live_server, world, 2)
    town = Desk(OverHttp(live_server.base_url)).sign_in(world.people.town_reviewer)
    database = Database(live_server.settings)
    with database.reading() as session:
        found = session.scalars(select(Submission.id)).all()
    sent = {"version": version_of(town, found[0]), "grade": "2"}
    assert town.post(f"/console/submissions/{found[0]}/accept", sent).status == 303
    long = "青岛前湾联合集装箱码头机械设备维修有限责任公司"
    with database.transaction() as session:
        past = clock.now() - timedelta(days=30)
        session.execute(update(Union).where(Union.id == world.unions.shipyard).values(name=long))
        late = {"due_at": past, "asked_days": 10, "place": "三号车间东门外第二排货架旁边的消防通道"}
        session.execute(update(Rectification).values(late))
        session.execute(update(Submission).where(Submission.id == found[1]).values(due_at=past))
    sweep_overdue(JobContext(live_server.settings, database, open_store(live_server.settings)))
    database.close()
    page = console(world.people.district_reviewer, open_narrow)
    for path in ("/console/rectifications", "/console/dispatch", "/console/queue"):
        page.goto(path)
        expect(page.locator("[data-row]").first).to_be_visible()
        wide = page.evaluate(
            "(() => { const e = document.querySelector('.table-wrap:has([data-list])');"
            " return e.scrollWidth - e.clientWidth; })()"
        )
        assert wide <= 0, f"{path} is {wide} px wider than its place"


def test_a_message_is_seen_and_can_be_closed_while_the_search_is_open(console: Opened, world: World) -> None:
    page = console(world.people.city_reviewer)
    page.goto("/console/queue")
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="查找")
    expect(dialog).to_be_visible()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('htmx:sendError'))")
    said = page.get_by_role("alert").filter(has_text="没有连上服务器")
    expect(said).to_be_visible()
    said.get_by_role("button", name="关闭").click()  # refused by Playwright if anything lies over it
    expect(said).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("body > #toasts")).to_have_count(1)


def test_who_stays_with_words_not_sent_sees_the_days_that_the_page_is_about(console: Opened, world: World) -> None:
    page = console(world.people.city_reviewer)
    page.goto("/console/bulletins/new?kind=bulletin")
    since = page.get_by_label("从")
    before = since.input_value()
    page.get_by_label("正文").click()  # browsers ask those alone who have touched the page
    page.keyboard.type("写了很久的话。")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    since.fill("2026-01-01")
    expect(since).to_have_value(before)
    expect(page.get_by_label("正文")).to_have_value(re.compile("写了很久的话"))
    assert asked == ["beforeunload"]
    page.remove_listener("dialog", stay)
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        since.fill("2026-01-01")
    expect(since).to_have_value("2026-01-01")
