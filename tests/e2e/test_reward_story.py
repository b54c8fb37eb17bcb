"""The whole life of a hazard in the browser: reported, accepted, put right, closed, awarded, published, paid."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from sqlalchemy import update

from server.core import clock
from server.core.db import Database
from server.oversight.awards.models import AwardBatch
from tests.support.browser import open_desktop, open_phone, watch
from tests.support.pictures import drawn
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.world import Someone, World

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]
SHOTS = os.environ.get("SUISHOUPAI_TEST_SHOTS")
Sit = Callable[[Someone], Page]


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page when somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"story-{name}.png", full_page=True)


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    """Collects browsers that are open."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.fixture
def watched() -> list[list[str]]:
    """What went wrong, page by page."""
    return []


@pytest.fixture
def sit(browser: Browser, live_server: Service, contexts: list[BrowserContext], watched: list[list[str]]) -> Sit:
    """`sit(world.people.town_reviewer)`: that person's desk, signed in."""

    def open_desk(who: Someone) -> Page:
        contexts.append(open_desktop(browser, live_server.base_url))
        page = signed_in_page(contexts[-1], live_server, who)
        watched.append(watch(page))
        return page

    return open_desk


def report(phone: Page) -> None:
    """Photograph and send, as a worker does."""
    phone.goto("/h5/?demo=worker-1")
    camera = phone.locator("[data-test=camera]")
    expect(camera).to_be_visible()
    with phone.expect_file_chooser() as chooser:
        camera.click()
    picture: FilePayload = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": drawn("distribution box", 1)}
    chooser.value.set_files([picture])
    phone.locator("[data-test=category-electric]").click()
    phone.locator("[data-test=place]:visible input").fill("3号车间东门")
    phone.locator("[data-test=send]").click()
    phone.locator("[data-test=again]").click()
    expect(phone.locator("uni-page-body:visible [data-test^=hazard-]").first).to_contain_text("待受理")


def accept(town: Page) -> None:
    """Grade it by keyboard."""
    town.goto("/console/queue")
    town.keyboard.press("j")
    town.keyboard.press("Enter")
    town.wait_for_url("**/console/submissions/*")
    expect(town.locator("[data-bar]")).to_be_visible()
    town.keyboard.press("3")
    town.keyboard.press("Control+Enter")
    town.wait_for_url("**/console/queue*")


def put_right(enterprise: Page, picture: Path) -> None:
    """Answer with a photo of how it is now."""
    enterprise.goto("/console/rectifications")
    enterprise.locator("a[data-open]").first.click()
    enterprise.wait_for_url("**/console/rectifications/*")
    enterprise.keyboard.press("u")
    enterprise.get_by_label("怎么整改的").fill("已更换箱门，电线穿管固定")
    enterprise.get_by_label("整改后的照片").set_input_files([str(picture)])
    enterprise.get_by_role("button", name="上传并提交").click()
    expect(enterprise.locator(".rectification-chips")).to_contain_text("待复查")


def close(town: Page) -> None:
    """Recheck on site."""
    town.goto("/console/rectifications")
    town.locator("a[data-open]").first.click()
    town.wait_for_url("**/console/rectifications/*")
    town.keyboard.press("a")
    town.get_by_label("到现场看过").check()
    town.keyboard.press("Control+Enter")
    expect(town.locator(".toast-line").first).to_contain_text("已销号")


def set_up_award(city: Page) -> None:
    """A budget, and a scheme of one batch from it."""
    city.goto("/console/awards")
    city.get_by_text("新建预算").click()
    budget = city.locator("form[action='/console/awards/budgets']")
    budget.get_by_label("名称").fill("查保促专项奖励资金")
    budget.get_by_label("总额（元）").fill("10000")
    budget.get_by_role("button", name="建立预算").click()
    city.get_by_text("新建方案").click()
    scheme = city.locator("form[action='/console/awards/schemes']")
    scheme.get_by_label("名称").fill("优秀职工")
    scheme.get_by_label("总名额").fill("1")
    scheme.get_by_label("分几批").fill("1")
    scheme.get_by_label("每个名额（元）").fill("500")
    scheme.get_by_role("button", name="建立方案").click()
    city.get_by_role("link", name="优秀职工").first.click()


def confirm(page: Page) -> None:
    page.locator("dialog[open] [data-yes]").click()  # messages lie in the dialog, too, with buttons of their own


def test_a_report_is_put_right_closed_awarded_published_and_paid(
    browser: Browser,
    live_server: Service,
    world: World,
    sit: Sit,
    contexts: list[BrowserContext],
    watched: list[list[str]],
    tmp_path: Path,
) -> None:
    contexts.append(open_phone(browser, live_server.base_url))
    phone = contexts[-1].new_page()
    report(phone)
    town, enterprise, city = (
        sit(who) for who in (world.people.town_reviewer, world.people.enterprise_reviewer, world.people.city_reviewer)
    )
    accept(town)
    after = tmp_path / "after.jpg"
    after.write_bytes(drawn("distribution box", 9))
    put_right(enterprise, after)
    close(town)

    set_up_award(city)
    city.get_by_role("button", name="计算名单").click()
    candidates = city.locator("section", has=city.get_by_role("heading", name="候选和名单"))
    expect(candidates).to_contain_text("500.00 元")
    shoot(city, "computed")
    city.get_by_role("button", name="公示", exact=True).click()
    confirm(city)
    expect(city.get_by_role("link", name="公示页")).to_be_visible()
    phone.goto(city.get_by_role("link", name="公示页").get_attribute("href") or "")
    expect(phone.locator("main")).to_contain_text("500.00 元")
    assert world.people.worker.name not in phone.content()
    shoot(phone, "notice")
    expect(city.get_by_role("button", name="确定名单")).to_have_count(0)  # not while people may still object
    end_objections(live_server)

    city.reload()
    city.get_by_role("button", name="确定名单").click()
    confirm(city)
    city.get_by_text("登记发放").click()
    city.get_by_label("凭证号").fill("2026-001")
    city.get_by_role("button", name="登记", exact=True).click()
    confirm(city)
    expect(candidates).to_contain_text("2026-001")
    shoot(city, "paid")
    assert not any(watched), watched


def end_objections(server: Service) -> None:
    """Days later: nobody waits five working days in a test."""
    database = Database(server.settings)
    with database.transaction() as session:
        session.execute(update(AwardBatch).values(objections_until=clock.now() - timedelta(minutes=1)))
    database.close()
