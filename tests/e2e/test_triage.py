"""Clearing the queue without the mouse: one after the other, and many at once."""

import time
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from server.core import clock
from server.core.db import Database
from server.showcase.scenes import SCENES
from server.wiring import wire
from tests.integration.review.rows import insert_submissions
from tests.support.browser import open_desktop, watch
from tests.support.images import Sample
from tests.support.pictures import drawn
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.world import World

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]


@pytest.fixture
def items() -> int:
    """How many hazards are waiting."""
    return 8


@pytest.fixture
def reported(live_server: Service, world: World, items: int) -> list[UUID]:
    """Hazards waiting, with their pictures."""
    pictures = [Sample(drawn(name, 1), f"{name}.jpg") for name in SCENES]
    phone = live_server.phone("demo:worker-1")
    return [
        phone.report(
            pictures[number % len(pictures)], category="electric", description=f"第 {number} 处",
            enterprise_id=world.unions.shipyard,
        )
        for number in range(items)
    ]  # fmt: skip


@pytest.fixture
def desk(browser: Browser, live_server: Service, world: World, reported: list[UUID]) -> Iterator[Page]:
    """A district reviewer's browser, signed in."""
    context = open_desktop(browser, live_server.base_url)
    page = signed_in_page(context, live_server, world.people.district_reviewer)
    troubles = watch(page)
    yield page
    context.close()
    assert troubles == []


def test_items_are_cleared_by_keys_alone_and_the_next_pictures_are_there_before(
    desk: Page, live_server: Service, items: int
) -> None:
    live_server.wait_for_pictures()
    desk.goto("/console/queue")
    expect(desk.locator("[data-row] img")).to_have_count(items)
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    started = time.monotonic()
    for done in range(items):
        expect(desk.locator(".position")).to_have_text(f"1 / {items - done}")
        ahead = [link.get_attribute("href") for link in desk.locator("link[rel=prefetch][as=image]").all()]
        assert bool(ahead) == (done < items - 1)
        if ahead:
            desk.wait_for_function("url => performance.getEntriesByName(url).length", arg=_whole(desk, ahead[0]))
        address = desk.url
        desk.keyboard.press(str(1 + done % 4))
        expect(desk.locator("#accept-reply")).to_be_focused()
        desk.keyboard.press("Control+Enter")
        desk.wait_for_url(lambda url, before=address: url != before)  # type: ignore[misc]  # bound now, not when called
    taken = time.monotonic() - started
    expect(desk.locator(".nothing")).to_contain_text("都处理完了")
    assert taken < 5 * items, f"{taken / items:.1f} s for each"
    print(f"cleared {items} items in {taken:.1f} s")


def _whole(page: Page, path: str | None) -> str:
    origin: str = page.evaluate("location.origin")
    return f"{origin}{path}" if path and path.startswith("/") else str(path)


def test_skipping_and_going_back_change_nothing(desk: Page, items: int) -> None:
    desk.goto("/console/queue")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator(".position")).to_have_text(f"1 / {items}")
    desk.keyboard.press("s")
    expect(desk.locator(".position")).to_have_text(f"2 / {items}")
    desk.keyboard.press("j")
    expect(desk.locator(".position")).to_have_text(f"3 / {items}")
    desk.keyboard.press("k")
    expect(desk.locator(".position")).to_have_text(f"2 / {items}")


def test_keys_pressed_while_a_page_still_loads_are_taken_up_once_it_has(desk: Page, items: int) -> None:
    late: list[Route] = []
    desk.route("**/console-*.js", lambda route: late.append(route))
    desk.goto("/console/queue", wait_until="commit")
    expect(desk.locator("[data-row]")).to_have_count(items)
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    late[0].continue_()
    expect(desk.locator(".position")).to_have_text(f"2 / {items}")


def test_many_are_chosen_and_decided_by_keys_and_taken_back_by_one(desk: Page, items: int) -> None:
    desk.goto("/console/queue")
    for _ in range(3):
        desk.keyboard.press("j")
        desk.keyboard.press("x")
    bar = desk.locator("[data-triage]")
    expect(bar).to_contain_text("已选 3 条")
    desk.keyboard.press("3")
    expect(desk.locator("#accept-reply")).to_be_focused()
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**batch=*")
    expect(desk.locator(".batch-notice")).to_contain_text("已受理 3 条")
    expect(desk.locator("[data-row]")).to_have_count(items - 3)
    desk.keyboard.press("z")
    expect(desk.locator(".batch-notice")).to_contain_text("已撤销 3 条")
    expect(desk.locator("[data-row]")).to_have_count(items)


def test_the_whole_page_and_a_range_are_chosen_at_once(desk: Page, items: int) -> None:
    desk.goto("/console/queue")
    bar = desk.locator("[data-triage]")
    expect(bar).to_be_hidden()
    desk.keyboard.press("*")
    expect(bar).to_contain_text(f"已选 {items} 条")
    desk.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    desk.locator("[data-pick]").nth(2).click()
    desk.locator("[data-pick]").nth(7).click(modifiers=["Shift"])
    expect(bar).to_contain_text("已选 6 条")


def test_a_filter_is_kept_used_renamed_and_dropped(desk: Page) -> None:
    desk.goto("/console/queue?category=electric")
    desk.locator(".keep-filter summary").click()
    desk.fill("#filter-name", "触电类")
    desk.keyboard.press("Enter")
    kept = desk.locator(".saved-filter")
    expect(kept).to_contain_text("触电类")
    desk.goto("/console/queue")
    kept.get_by_role("link").click()
    desk.wait_for_url("**category=electric")
    kept.locator("summary").click()
    kept.locator("input[name=name]").fill("电")
    desk.get_by_role("button", name="改名").click()
    expect(kept.get_by_role("link")).to_have_text("电")
    kept.locator("summary").click()
    desk.get_by_role("button", name="删除").click()
    expect(kept).to_have_count(0)


@pytest.mark.parametrize("items", [0])
def test_all_that_the_list_holds_is_decided_beyond_the_page(
    desk: Page, live_server: Service, world: World, items: int
) -> None:
    wire()  # the service has its own process
    with Database(live_server.settings).transaction() as session:
        insert_submissions(session, world, 54, clock.now())
    desk.goto("/console/queue")
    desk.keyboard.press("*")
    expect(desk.locator("[data-triage-count]")).to_have_text("已选 50 条")
    desk.get_by_role("button", name="选中全部 54 条").click()
    expect(desk.locator("[data-triage-count]")).to_have_text("已选 54 条")
    desk.keyboard.press("4")
    expect(desk.locator("#accept-reply")).to_be_focused()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("已受理 54 条")).to_be_visible(timeout=60_000)
