"""The reviewers' console in Chromium, against the running service: by keyboard, at office and phone size."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support import images
from tests.support.browser import open_desktop, open_phone, watch
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

Opened = Callable[..., Page]
PAGES = (
    "/console/", "/console/queue", "/console/queue?status=all", "/console/unions", "/console/people", "/console/import",
    "/console/audit", "/console/jobs", "/console/account", "/console/templates", "/console/campaigns",
)  # fmt: skip


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
    with second.expect_response(lambda response: response.request.method == "POST") as answer:
        second.keyboard.press("Control+Enter")
    assert answer.value.status == 409
    expect(second.get_by_text("没有发出，可以复制）：我先看到的")).to_be_visible()


@pytest.mark.parametrize("opened", [open_desktop, open_phone], ids=["office", "phone"])
def test_every_page_fits_its_screen_and_logs_no_error(
    opened: Callable[..., object], console: Opened, live_server: Service, world: World, tmp_path: Path
) -> None:
    report(live_server, world, 1)
    page = console(world.people.admin, opened)
    for path in PAGES:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than the screen"
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
