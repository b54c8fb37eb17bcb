"""What comes after a report, on the worker's phone: anonymity, rectification, follows, rewards, suggestions."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect
from sqlalchemy import select, update

from server.core import clock, ids
from server.core.db import Database
from server.oversight.awards.models import AwardBatch, AwardObjection
from tests.integration.awards.conftest import Awards
from tests.integration.rectification.conftest import Case, Hand
from tests.integration.suggestions.conftest import Reviewer
from tests.support.browser import open_phone, watch
from tests.support.callers import Desk, OverHttp
from tests.support.images import Sample
from tests.support.pictures import drawn
from tests.support.service import Service
from tests.support.world import Someone, World

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]
SHOTS = os.environ.get("SUISHOUPAI_TEST_SHOTS")
CUT = "ERR_INTERNET_DISCONNECTED"  # what a browser says of a line that a test has cut
SMALL: ViewportSize = {"width": 375, "height": 812}


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page when somebody wants to look at it."""
    if not SHOTS:
        return
    page.wait_for_timeout(600)
    page.screenshot(path=Path(SHOTS) / f"worker-{name}.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    page.screenshot(path=Path(SHOTS) / f"worker-{name}-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")


@pytest.fixture
def pages(browser: Browser, live_server: Service) -> Iterator[Callable[[str], Page]]:
    """`pages("worker-1")`: that worker's phone on the home page. At the end: nothing went wrong, nothing too wide."""
    opened: list[tuple[Page, list[str]]] = []

    def open_as(worker: str) -> Page:
        page = open_phone(browser, live_server.base_url).new_page()
        page.set_viewport_size(SMALL)
        opened.append((page, watch(page)))
        page.goto(f"/h5/?demo={worker}")
        expect(page.locator("[data-test=camera]")).to_be_visible()
        return page

    yield open_as
    for page, _ in opened:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        page.context.close()
    troubles = [trouble for _, known in opened for trouble in known]
    assert [trouble for trouble in troubles if CUT not in trouble] == []


@pytest.fixture
def database(live_server: Service) -> Iterator[Database]:
    database = Database(live_server.settings)
    yield database
    database.close()


@pytest.fixture
def desk_of(live_server: Service) -> Callable[[Someone], Desk]:
    """Somebody's desk over HTTP."""
    return lambda who: Desk(OverHttp(live_server.base_url)).sign_in(who)


@pytest.fixture
def accepted(
    live_server: Service, world: World, database: Database, desk_of: Callable[[Someone], Desk]
) -> Callable[[], Case]:
    """A hazard of worker-1 in the shipyard that the town accepted."""

    def make() -> Case:
        hazard_id = live_server.phone("demo:worker-1").report(
            Sample(drawn("distribution box", 1), "1.jpg"), enterprise_id=world.unions.shipyard
        )
        answer = Reviewer(desk_of(world.people.town_reviewer)).decide(
            hazard_id, "accept", grade="3", reply="谢谢你，已请企业整改。"
        )
        assert answer.status == 303, answer.text[:1000]
        return Case(database, hazard_id)

    return make


def seen(page: Page, selector: str) -> Locator:
    """On the page that is on the screen: those below it in the stack stay in the document."""
    return page.locator(f"uni-page-body:visible {selector}")


def press(page: Page, words: str) -> None:
    """A button of the modal."""
    page.locator(".uni-modal__btn", has_text=words).click()


def choose(page: Page, button: Locator, name: str, seed: int) -> None:
    with page.expect_file_chooser() as chooser:
        button.click()
    picture: FilePayload = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": drawn(name, seed)}
    chooser.value.set_files([picture])


def test_an_anonymous_report_arrives_as_one_under_an_id_that_tells_only_the_day(
    pages: Callable[[str], Page], live_server: Service, world: World
) -> None:
    page = pages("worker-1")
    choose(page, page.locator("[data-test=camera]"), "distribution box", 1)
    page.locator("[data-test=category-electric]").click()
    expect(seen(page, "[data-test=who-sees]")).to_contain_text("看得到你的姓名")
    seen(page, "[data-test=anonymous]").click()
    expect(seen(page, "[data-test=anonymous]")).to_have_attribute("aria-checked", "true")
    seen(page, "[data-test=place] input").fill("三号车间东门")
    shoot(page, "form")
    page.locator("[data-test=send]").click()
    seen(page, "[data-test=again]").click()
    expect(seen(page, "[data-test^=hazard-]").first).to_contain_text("待受理")
    (report,) = live_server.phone("demo:worker-1").get("/api/v1/submissions").ok().json["items"]
    assert report["is_anonymous"]
    assert ids.tells_day_only(UUID(report["id"]))
    shoot(page, "home")


def test_who_sees_the_same_hazard_follows_it_from_the_hint_and_can_stop(
    pages: Callable[[str], Page], live_server: Service, world: World
) -> None:
    live_server.phone("demo:worker-1").report(
        Sample(drawn("distribution box", 1), "1.jpg"), enterprise_id=world.unions.shipyard
    )
    page = pages("worker-2")
    choose(page, page.locator("[data-test=camera]"), "distribution box", 5)
    page.locator("[data-test=category-electric]").click()
    seen(page, "[data-test=place] input").fill("三号车间东门")
    seen(page, "textarea").fill("配电箱门敞开，电线裸露")
    expect(seen(page, "[data-test=hints]")).to_contain_text("配电箱门敞开")
    shoot(page, "hints")
    seen(page, "[data-test=similar]").click()
    expect(seen(page, "[data-test=follow]")).to_be_in_viewport()
    seen(page, "[data-test=follow]").click()
    expect(seen(page, "[data-test=who-sees-added]")).to_contain_text("看得到照片和你的姓名")
    seen(page, "[data-test=add-photos]").click()
    shoot(page, "hints-added")
    seen(page, "[data-test=not-added]").click()
    seen(page, "[data-test=follow]").click()
    shoot(page, "hints-ways")
    seen(page, "[data-test=only-follow]").click()
    press(page, "不报了")
    expect(seen(page, "[data-test=followed]")).not_to_contain_text("共同上报人")  # a tap alone makes nobody one
    shoot(page, "follows")
    assert live_server.phone("demo:worker-2").get("/api/v1/submissions").ok().json["items"] == []
    seen(page, "[data-test=open]").click()
    expect(seen(page, "[data-test=followed-case]")).to_contain_text("配电箱门敞开")
    shoot(page, "followed-case")
    page.go_back()
    seen(page, "[data-test=unfollow]").click()
    press(page, "不再关注")
    expect(page.get_by_text("还没有关注")).to_be_visible()


def test_what_is_not_right_is_reopened_with_a_photo_without_signal_and_what_is_right_confirmed(
    pages: Callable[[str], Page], accepted: Callable[[], Case], world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    case = accepted()
    rectifier = Hand(desk_of(world.people.enterprise_reviewer))
    rectifier.submit(case.row, Sample(drawn("distribution box", 7), "7.jpg"), text="已更换箱门")
    page = pages("worker-1")
    page.goto(f"/h5/#/pages/hazard/detail?id={case.submission_id}")
    expect(page.locator("[data-test=story]")).to_contain_text("已更换箱门")
    expect(page.locator("[data-test=compare]")).to_be_visible()
    page.locator("[data-test=compare]").scroll_into_view_if_needed()
    box = page.locator("[data-test=compare]").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.3)
    expect(page.locator("[data-test=compare]")).to_have_attribute("aria-valuenow", "25")
    shoot(page, "rectification")
    page.locator("[data-test=reopen]").click()
    choose(page, seen(page, "[data-test=add-photo]"), "blocked exit", 3)
    seen(page, "[data-test=reopen-text] textarea").fill("箱门装上了，电线还露着")
    expect(seen(page, "uni-image.photo")).to_have_count(1)
    shoot(page, "reopen")
    page.context.set_offline(True)
    page.locator("[data-test=send-reopening]").click()
    expect(seen(page, "[data-test=rectification]")).to_contain_text("照片传完就生效")
    page.context.set_offline(False)
    expect(seen(page, "[data-test=rectify-status]")).to_have_text("整改中")
    rectifier.submit(case.row, Sample(drawn("distribution box", 8), "8.jpg"), text="电线已穿管")
    page.reload()
    page.locator("[data-test=confirm]").click()
    press(page, "确认")
    expect(seen(page, "[data-test=rectify-status]")).to_have_text("已销号")
    shoot(page, "confirmed")
    assert case.moves[-3:] == ["send_back", "submit", "close"]


def test_an_award_is_objected_to_paid_and_its_receipt_confirmed(
    pages: Callable[[str], Page],
    accepted: Callable[[], Case],
    world: World,
    database: Database,
    desk_of: Callable[[Someone], Desk],
) -> None:
    case = accepted()
    Hand(desk_of(world.people.enterprise_reviewer)).submit(case.row, Sample(drawn("distribution box", 7), "7.jpg"))
    Hand(desk_of(world.people.town_reviewer)).move(case.row, "close", way="on_site").ok()
    city = world.people.city_reviewer
    awards = Awards(desk_of(city), database, world.unions.city, city)
    (batch_id,) = awards.scheme(grades="3")
    assert awards.post(f"/{batch_id}/compute") == 303
    assert awards.post(f"/{batch_id}/publish") == 303

    page = pages("worker-1")
    page.locator("[data-test=tile-award]").click()
    expect(seen(page, "[data-test=award]")).to_contain_text("100元")
    shoot(page, "awards")
    seen(page, "[data-test=notices]").click()
    seen(page, "[data-test=notice]").click()
    expect(seen(page, "[data-test=entry]")).to_have_count(1)
    seen(page, "[data-test=objection-text] textarea").fill("名单上漏了一起上报的工友")
    shoot(page, "notice")
    seen(page, "[data-test=object]").click()
    expect(seen(page, "[data-test=objection]")).to_contain_text("漏了一起上报的工友")

    with database.transaction() as session:  # days later, the objection answered
        session.execute(update(AwardBatch).values(objections_until=clock.now() - timedelta(minutes=1)))
        objection_id = session.scalars(select(AwardObjection.id)).one()
    answer = {"uphold": "false", "text": "已核对，他是之后才看到的。"}
    assert awards.post(f"/objections/{objection_id}/answer", **answer) == 303
    assert awards.post(f"/{batch_id}/finalise") == 303
    (entry,) = awards.entries(batch_id)
    assert awards.post(f"/entries/{entry.id}/payment", method="银行转账", voucher="2026-001") == 303
    page.goto("/h5/#/pages/rewards/index")
    page.reload()
    seen(page, "[data-test=receipt]").click()
    press(page, "收到了")
    expect(seen(page, "[data-test=receipt]")).to_have_count(0)
    seen(page, "[data-test=points]").click()
    expect(seen(page, "[data-test=point]").first).to_be_visible()
    shoot(page, "points")


def test_a_suggestion_kept_as_a_draft_is_sent_adopted_and_supported_by_a_colleague(
    pages: Callable[[str], Page], live_server: Service, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    page = pages("worker-1")
    page.locator("[data-test=tile-bulb]").click()
    page.locator("[data-test=write-suggestion]").click()
    expect(seen(page, "[data-test=send-suggestion]")).to_be_visible()
    page.go_back()  # looked at and left: no draft of it
    expect(seen(page, "[data-test=parcel]")).to_have_count(0)
    page.locator("[data-test=write-suggestion]").click()
    page.locator("[data-test=suggestion-s_equipment]").click()
    seen(page, "[data-test=title] input").fill("给冲床加装光电保护")
    seen(page, "[data-test=proposal] textarea").fill("在冲床两侧加装光电保护，手进入就停。")
    seen(page, "[data-test=co-author]").click()
    page.get_by_label("第1位姓名").fill("钱工")
    page.wait_for_timeout(500)  # the framework hands typed words on ten times a second
    shoot(page, "suggestion-form")
    page.goto("about:blank")
    page.goto("/h5/")
    page.locator("[data-test=parcel]").click()
    expect(seen(page, "[data-test=title] input")).to_have_value("给冲床加装光电保护")
    page.locator("[data-test=send-suggestion]").click()
    expect(seen(page, "[data-test^=hazard-]").first).to_contain_text("给冲床加装光电保护")
    (sent,) = live_server.phone("demo:worker-1").get("/api/v1/submissions").ok().json["items"]
    town = Reviewer(desk_of(world.people.town_reviewer))
    assert town.decide(UUID(sent["id"]), "accept", reply="好建议，年内装上。").status == 303
    Reviewer(desk_of(world.people.enterprise_reviewer)).plan(UUID(sent["id"]))
    page.reload()
    seen(page, "[data-test^=hazard-]").first.click()
    expect(seen(page, "[data-test=reply]")).to_contain_text("好建议，年内装上。")
    expect(seen(page, "[data-test=plan]")).to_contain_text("采购光电保护装置")
    shoot(page, "suggestion")
    assert town.post(UUID(sent["id"]), "publish").status == 303
    colleague = pages("worker-2")
    colleague.locator("[data-test=tile-bulb]").click()
    expect(seen(colleague, "[data-test=published]")).to_contain_text("给冲床加装光电保护")
    seen(colleague, "[data-test=support]").click()
    expect(seen(colleague, "[data-test=support]")).to_contain_text("已支持 1")
    shoot(colleague, "suggestions")
    assert world.people.worker.name not in colleague.content()
    seen(colleague, "[data-test=published]").click()
    complain(colleague)
    assert "1 件举报要处理" in town.desk.get("/console/").ok().text


def complain(page: Page) -> None:
    """About what somebody else published; from there to what a hazard is, in pictures."""
    seen(page, "[data-test=complain]").click()
    expect(seen(page, "[data-test=send-complaint]")).to_have_text("先选一个理由")
    seen(page, "[data-test=reason-wrong]").click()
    shoot(page, "complain")
    seen(page, "[data-test=send-complaint]").click()
    expect(seen(page, "[data-test=complained]")).to_contain_text("公开的建议")
    shoot(page, "complained")
    page.goto("/h5/#/help/pages/hazards")
    expect(seen(page, "[data-test^=scene-]")).to_have_count(14)
    shoot(page, "hazards")
    choose(page, seen(page, "[data-test=take-fire]"), "distribution box", 3)
    expect(seen(page, "[data-test=send]")).to_have_text("写一下在哪里")  # its kind is known
