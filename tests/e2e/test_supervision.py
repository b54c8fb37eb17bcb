"""A visit in the browser: planned, drawn, recorded without signal on the phone, sent, put right, counted."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect
from sqlalchemy import select, update

from server.core import clock
from server.core.db import Database
from server.oversight.supervision.models import Draw
from server.oversight.visits.models import Visit
from server.unions.scans.models import LinkedPhone
from tests.support import images
from tests.support.browser import open_desktop, open_phone, watch
from tests.support.ledgers import sheet_of
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.world import Someone, World

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]
SHOTS = os.environ.get("SUISHOUPAI_TEST_SHOTS")
Sit = Callable[[Someone], Page]


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page when somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"supervision-{name}.png", full_page=True)


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
    """That person's desk, signed in."""

    def open_desk(who: Someone) -> Page:
        contexts.append(open_desktop(browser, live_server.base_url))
        page = signed_in_page(contexts[-1], live_server, who)
        watched.append(watch(page))
        return page

    return open_desk


@pytest.fixture
def phone(browser: Browser, live_server: Service, world: World, contexts: list[BrowserContext]) -> Page:
    """The phone of the town's reviewer, linked to the account."""
    database = Database(live_server.settings)
    with database.transaction() as session:
        account_id = world.people.town_reviewer.id
        session.add(LinkedPhone(person_id=world.people.worker.id, account_id=account_id, linked_at=clock.now()))
    database.close()
    contexts.append(open_phone(browser, live_server.base_url))
    page = contexts[-1].new_page()
    page.set_viewport_size({"width": 375, "height": 812})
    return page


def shown(page: Page, name: str) -> Locator:
    return page.locator(f"uni-page-body:visible [data-test={name}]")


def mine(page: Page) -> Locator:
    """The visit at the shipyard in the phone's list."""
    return shown(page, "visit").filter(has_text="蓝海船舶")


def sign_by_hand(page: Page, side: str) -> None:
    """Draw with a finger."""
    part = shown(page, f"sign-{side}")
    part.locator("[data-test=choice-drawn]").click()
    pad = part.locator("[data-test=pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)
    for step in range(12):
        point = {"x": box["x"] + 40 + 18 * step, "y": box["y"] + 60 + 40 * (step % 3)}
        kind = "touchStart" if step == 0 else "touchMove"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"supervision-pad-{side}.png")
    part.locator("[data-test=signed]").click()
    expect(part.locator("uni-image.photo")).to_have_count(1)


def record(page: Page) -> None:
    """All of it, without a signal."""
    shown(page, "tab-talks").click()
    shown(page, "add-talk").click()
    shown(page, "talk-people").locator("input").fill("4")
    shown(page, "talk-words").locator("textarea").fill("手套发得少")
    shown(page, "tab-findings").click()
    shown(page, "add-finding").click()
    found = shown(page, "finding")
    found.locator("[data-test=place] input").fill("二号车间")
    found.locator("[data-test=description] textarea").fill("临边没有护栏")
    found.locator("[data-test=suggestion] textarea").fill("责令停产")
    with page.expect_file_chooser() as chooser:
        found.locator("[data-test=add-photo]").click()
    photo: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": images.jpeg(1).content}
    chooser.value.set_files([photo])
    expect(found.locator("uni-image.photo")).to_have_count(1)
    found.get_by_text("重大", exact=True).click()
    found.locator("[data-test=measures] textarea").fill("先停用")
    found.locator("uni-picker").click()
    page.locator(".uni-picker-action-confirm:visible").click()
    shoot(page, "phone-finding")
    shown(page, "tab-sign").click()
    shown(page, "situation").locator("textarea").fill("看了两个车间。")
    sign_by_hand(page, "team")
    shown(page, "name-team").locator("input").fill("李组长")
    shown(page, "sign-enterprise").locator("[data-test=choice-refused]").click()
    shown(page, "reason-enterprise").locator("input").fill("负责人外出")
    shown(page, "witness-enterprise").locator("input").fill("镇街工会干事")
    page.wait_for_timeout(300 if SHOTS else 0)
    shoot(page, "phone-signatures")
    shown(page, "send-record").click()
    expect(page.locator("uni-toast").get_by_text("不能写进督导意见")).to_be_visible()
    found.locator("[data-test=suggestion] textarea").fill("建议三日内装好护栏，请研究答复")
    shown(page, "send-record").click()
    page.locator(".uni-modal__btn_primary").click()


def plan(desk: Page) -> None:
    """A plan with somebody to go, published."""
    today = clock.day_of(clock.now())
    desk.goto("/console/supervision/new")
    desk.get_by_label("计划名称").fill("冬季随机抽查")
    desk.get_by_label("开始").fill(today.isoformat())
    desk.get_by_label("结束").fill((today + timedelta(days=20)).isoformat())
    desk.get_by_role("button", name="保存").click()
    address = desk.url
    desk.goto(f"{address}/teams")
    desk.get_by_label("审核员").select_option(index=1)
    desk.get_by_role("button", name="加上").click()
    expect(desk.locator(".toast-line").first).to_contain_text("已保存")
    desk.goto(address)
    desk.get_by_role("button", name="发布").click()
    desk.locator("#confirm [data-yes]").click()
    expect(desk.get_by_text("已发布，名单里的人都收到了消息")).to_be_visible()
    shoot(desk, "plan")


def draw(desk: Page, second: Page, database: Database) -> None:
    """Promised, drawn when the number is out and somebody of the union above has read it, too; opened: every enterprise
    of the town."""
    due = clock.day_of(clock.now()) + timedelta(days=1)
    desk.goto(f"{desk.url}/draws/new")
    desk.get_by_label("怎样分层").select_option("all")
    desk.get_by_label("每家抽几名检查人员").fill("1")
    desk.get_by_label("哪个数").fill("上证指数次日收盘点位")
    desk.get_by_label("哪天公布").fill(due.isoformat())
    desk.get_by_role("button", name="下一步：看名单").click()
    desk.get_by_label("全部抽几家").fill("2")
    desk.get_by_role("button", name="保存每层家数").click()
    expect(desk.locator(".toast-line").first).to_contain_text("已保存")
    desk.get_by_role("button", name="定下名单").click()
    desk.locator("#confirm [data-yes]").click()
    expect(desk.get_by_text("名单已定下").first).to_be_visible()
    with database.transaction() as session:  # the night is over
        session.execute(update(Draw).values(due_on=clock.day_of(clock.now())))
    desk.reload()
    desk.get_by_label("公开数值").fill("3312.45")
    desk.get_by_role("button", name="录入").click()
    expect(desk.get_by_text("您录入的是 3312.45")).to_be_visible()
    shoot(desk, "valued")
    second.goto(desk.url)
    expect(second.get_by_text("3312.45", exact=True)).to_have_count(0)
    second.get_by_label("照公告再填一遍公开数值").fill("3312.45")
    second.get_by_role("button", name="核对并抽取").click()
    second.locator("#confirm [data-yes]").click()
    expect(second.get_by_text("抽中的企业已经在计划里")).to_be_visible()
    shoot(second, "drawn")
    desk.reload()
    desk.get_by_role("link", name="冬季随机抽查").first.click()
    desk.get_by_role("link", name="受检企业").first.click()
    desk.get_by_role("button", name=re.compile("安排 .* 家督导")).click()
    desk.locator("#confirm [data-yes]").click()
    expect(desk.get_by_text("安排了 2 家的督导")).to_be_visible()
    cell = desk.locator("td[data-label=谁去]").first.bounding_box()
    assert cell is not None
    assert cell["width"] > 100, "a name stands in one line, not one character below the other"
    shoot(desk, "units")


def put_right(enterprise: Page, above: Page) -> None:
    """The enterprise says that it is done, and somebody else than who recorded it looks."""
    address = enterprise.url
    enterprise.keyboard.press("u")
    enterprise.get_by_label("怎么整改的").fill("已装护栏")
    after: FilePayload = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": images.jpeg(2).content}
    enterprise.get_by_label("整改后的照片").set_input_files([after])
    enterprise.get_by_role("button", name="上传并提交").click()
    expect(enterprise.locator(".rectification-chips")).to_contain_text("待复查")
    above.goto(address)
    above.keyboard.press("a")
    above.get_by_label("到现场看过").check()
    above.keyboard.press("Control+Enter")
    expect(above.locator(".toast-line").first).to_contain_text("已销号")


def test_a_visit_from_plan_and_draw_to_the_dispatch_table(
    sit: Sit, phone: Page, world: World, watched: list[list[str]], live_server: Service
) -> None:
    desk, database = sit(world.people.town_reviewer), Database(live_server.settings)
    plan(desk)
    draw(desk, sit(world.people.district_reviewer), database)
    with database.reading() as session:
        visit_id = session.scalar(select(Visit.id).where(Visit.enterprise_id == world.unions.shipyard))
    database.close()
    address = f"/console/visits/{visit_id}"
    phone.goto("/h5/?demo=worker-1")
    phone.locator("uni-tabbar").get_by_text("我的", exact=True).click()
    phone.locator("[data-test=visits]:visible").click()
    expect(shown(phone, "plan")).to_contain_text("冬季随机抽查")
    shoot(phone, "phone-list")
    mine(phone).click()
    expect(shown(phone, "tab-talks")).to_be_visible()
    shown(phone, "tab-sign").click()
    shown(phone, "activities").locator("textarea").fill("班组每周查一次隐患。")
    expect(shown(phone, "saving")).to_contain_text("换一部手机也能接着填", timeout=10_000)
    phone.wait_for_load_state("networkidle")
    phone.context.set_offline(True)
    record(phone)
    expect(mine(phone)).to_contain_text("网络")
    phone.context.set_offline(False)
    expect(mine(phone).get_by_text("已记录，待发意见")).to_be_visible(timeout=15_000)

    desk.goto(address)
    expect(desk.get_by_text("临边没有护栏")).to_be_visible()
    expect(desk.get_by_text("先停用")).to_be_visible()
    shoot(desk, "recorded")
    desk.get_by_role("button", name="发出意见书").click()
    desk.locator("#confirm [data-yes]").click()
    expect(desk.get_by_text("意见书已发出")).to_be_visible()
    enterprise = sit(world.people.enterprise_reviewer)
    link = enterprise.get_by_role("link", name="待整改")
    for _ in range(20):  # a job makes it
        enterprise.goto(address)
        if link.count():
            break
        enterprise.wait_for_timeout(250)
    shoot(enterprise, "enterprise")
    link.click()
    expect(enterprise.get_by_text("建议三日内装好护栏").first).to_be_visible()
    put_right(enterprise, sit(world.people.district_reviewer))

    desk.goto("/console/visits/dispatch?by=enterprise")
    shoot(desk, "dispatch")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="下载 Excel").click()
    rows = list(sheet_of(download.value.path().read_bytes()).values)
    assert rows[3][:6] == ("蓝海船舶修造有限公司", 1, 1, 0, 0, 1)
    assert [each for each in watched if each] == []
