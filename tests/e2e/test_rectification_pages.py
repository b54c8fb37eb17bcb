"""A rectification in the browser: photos sent by the page's script, before and after under a slider."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import open_desktop, open_phone, watch
from tests.support.images import Sample
from tests.support.pictures import drawn
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.world import Someone, World

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]
SHOTS = os.environ.get("SUISHOUPAI_TEST_SHOTS")


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page when somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"rectification-{name}.png", full_page=True)


@pytest.fixture
def pages(browser: Browser, live_server: Service) -> Iterator[list[Page]]:
    """Collects pages that are open; fails if one of them logged an error."""
    opened: list[Page] = []
    yield opened
    for page in opened:
        page.context.close()


def sit(browser: Browser, server: Service, who: Someone, pages: list[Page], *, phone: bool = False) -> Page:
    """Somebody's browser, signed in."""
    page = signed_in_page((open_phone if phone else open_desktop)(browser, server.base_url), server, who)
    pages.append(page)
    return page


def accept_one(page: Page) -> None:
    page.goto("/console/queue")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/submissions/*")
    expect(page.locator("[data-bar]")).to_be_visible()
    page.keyboard.press("3")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def open_first(page: Page) -> None:
    page.goto("/console/rectifications")
    page.locator("a[data-open]").first.click()
    page.wait_for_url("**/console/rectifications/*")


def photo(name: str, seed: int, to: Path) -> str:
    path = to / f"{name}-{seed}.jpg"
    path.write_bytes(drawn(name, seed))
    return str(path)


def test_a_hazard_is_put_right_shown_and_closed_by_somebody_else(
    browser: Browser, live_server: Service, world: World, pages: list[Page], tmp_path: Path
) -> None:
    before = [Sample(drawn("distribution box", seed), f"{seed}.jpg") for seed in range(2)]
    live_server.phone("demo:worker-1").report(
        *before, category="electric", description="配电箱门敞开，电线裸露", enterprise_id=world.unions.shipyard
    )
    town = sit(browser, live_server, world.people.town_reviewer, pages)
    troubles = watch(town)
    accept_one(town)
    rectifier = sit(browser, live_server, world.people.enterprise_reviewer, pages)
    troubles_there = watch(rectifier)
    open_first(rectifier)
    shoot(rectifier, "to-answer")
    rectifier.keyboard.press("u")
    rectifier.get_by_label("怎么整改的").fill("已更换箱门，电线穿管固定")
    files = [photo("blocked exit", 1, tmp_path), photo("distribution box", 7, tmp_path)]
    rectifier.get_by_label("整改后的照片").set_input_files(files)
    rectifier.get_by_role("button", name="上传并提交").click()
    expect(rectifier.locator(".rectification-chips")).to_contain_text("待复查")
    expect(rectifier.get_by_text("请让别人复查")).to_be_visible()
    live_server.wait_for_pictures()
    open_first(town)
    seam = town.get_by_label("左右移动，对比整改前后")
    expect(town.locator('[data-compare-image="after"]')).to_be_visible()
    seam.focus()
    town.keyboard.press("ArrowRight")
    assert town.locator("[data-compare]").evaluate("frame => frame.style.getPropertyValue('--seam')") == "51%"
    shoot(town, "to-recheck")
    town.get_by_role("button", name="并排看").click()
    expect(seam).to_be_hidden()
    town.keyboard.press("a")
    expect(town.get_by_label("到现场看过")).to_be_focused()
    town.keyboard.press("Space")
    shoot(town, "closing")
    town.keyboard.press("Control+Enter")
    town.wait_for_url("**/console/rectifications")
    expect(town.locator(".toast-line").first).to_contain_text("已销号")
    town.goto("/console/rectifications?status=closed")
    shoot(town, "list")
    assert troubles + troubles_there == []


def test_the_slider_follows_a_finger_and_nothing_runs_over_the_edge_of_a_phone(
    browser: Browser, live_server: Service, world: World, pages: list[Page], tmp_path: Path
) -> None:
    before = Sample(drawn("distribution box", 3), "3.jpg")
    live_server.phone("demo:worker-1").report(
        before, category="electric", description="配电箱门敞开", enterprise_id=world.unions.shipyard
    )
    accept_one(sit(browser, live_server, world.people.town_reviewer, pages))
    rectifier = sit(browser, live_server, world.people.enterprise_reviewer, pages, phone=True)
    open_first(rectifier)
    rectifier.get_by_role("button", name="提交整改结果").tap()
    rectifier.get_by_label("整改后的照片").set_input_files([photo("distribution box", 9, tmp_path)])
    rectifier.get_by_role("button", name="上传并提交").tap()
    expect(rectifier.locator(".rectification-chips")).to_contain_text("待复查")
    live_server.wait_for_pictures()
    rectifier.reload()
    frame = rectifier.locator("[data-compare]")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box is not None
    rectifier.touchscreen.tap(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)
    seam = float(frame.evaluate("frame => frame.style.getPropertyValue('--seam')").rstrip("%"))
    assert 20 <= seam <= 30
    assert rectifier.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(rectifier, "phone")
    rectifier.goto("/console/rectifications")
    assert rectifier.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(rectifier, "phone-list")


def test_several_are_rechecked_in_a_row_by_keyboard_and_the_rest_side_by_side(
    browser: Browser, live_server: Service, world: World, pages: list[Page], tmp_path: Path
) -> None:
    """No hand leaves the keys: the next one comes by itself; side by side each gets its own conclusion."""
    worker, count = live_server.phone("demo:worker-1"), 4
    for seed in range(count):
        worker.report(
            Sample(drawn("distribution box", 20 + seed), f"{seed}.jpg"), category="electric",
            description=f"第{seed}个配电箱", enterprise_id=world.unions.shipyard,
        )  # fmt: skip
    town = sit(browser, live_server, world.people.town_reviewer, pages)
    rectifier = sit(browser, live_server, world.people.enterprise_reviewer, pages)
    troubles = watch(town)
    for _ in range(count):
        accept_one(town)
    for seed in range(count):
        rectifier.goto("/console/rectifications?status=open")
        rectifier.locator("a[data-open]").first.click()
        rectifier.wait_for_url("**/console/rectifications/*")
        rectifier.keyboard.press("u")
        rectifier.get_by_label("整改后的照片").set_input_files([photo("blocked exit", 30 + seed, tmp_path)])
        rectifier.keyboard.press("Control+Enter")
        expect(rectifier.locator(".rectification-chips")).to_contain_text("待复查")
    live_server.wait_for_pictures()

    town.goto("/console/rectifications?status=submitted")
    town.keyboard.press("j")
    town.keyboard.press("Enter")
    for left, (key, choice) in enumerate((("a", "ArrowDown"), ("d", "没有接地"))):
        expect(town.locator(".position")).to_have_text(f"1 / {count - left}")
        town.wait_for_load_state()  # what listens for keys comes after what is read
        town.keyboard.press(key)
        if key == "a":
            town.keyboard.press(choice)
        else:
            town.keyboard.type(choice)
        with town.expect_navigation():
            town.keyboard.press("Control+Enter")
    town.keyboard.press("b")
    town.wait_for_url("**/console/rectifications?status=submitted")
    town.keyboard.press("*")
    town.keyboard.press("r")
    town.wait_for_url("**/console/rectifications/rechecks?*ids=*")
    shoot(town, "side-by-side")
    assert town.evaluate("document.documentElement.scrollWidth <= innerWidth")
    town.get_by_label("看照片").check()
    town.locator("h1").click()
    town.keyboard.press("1")  # nobody stands on a row yet: the first is meant
    town.keyboard.press("2")
    town.keyboard.type("箱门还开着")
    town.keyboard.press("Control+Enter")
    town.wait_for_url("**/console/rectifications?status=submitted")
    expect(town.locator(".toast-line").first).to_contain_text("已复查 2 条")
    for tab, found in (("closed", 2), ("accepted", 2), ("submitted", 0)):
        town.goto(f"/console/rectifications?status={tab}")
        expect(town.locator("a[data-open]")).to_have_count(found)
    assert troubles == []
