"""The worker's pages in Chromium at phone size, against the running service: with and without signal."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from tests.support import images
from tests.support.browser import open_desktop, open_phone
from tests.support.images import Sample
from tests.support.servers import wait_until
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.world import World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

HOME = "/h5/?demo=worker-1"


@pytest.fixture
def phone_context(browser: Browser, live_server: Service) -> Iterator[BrowserContext]:
    """A worker's phone; its storage outlives its pages."""
    context = open_phone(browser, live_server.base_url)
    yield context
    context.close()


def open_home(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(HOME)
    expect(camera(page)).to_be_visible()
    return page


def camera(page: Page) -> Locator:
    return page.locator("[data-test=camera]")


def as_file(sample: Sample) -> FilePayload:
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": sample.content}


def photograph(page: Page, *samples: Sample) -> None:
    """Two taps: the camera button, and the pictures."""
    with page.expect_file_chooser() as chooser:
        camera(page).click()
    chooser.value.set_files([as_file(sample) for sample in samples])
    expect(page.locator("[data-test=send]")).to_be_visible()


def send(page: Page, category: str = "fall") -> None:
    page.locator(f"[data-test=category-{category}]").click()
    expect(page.locator("[data-test=mine]:visible")).to_be_visible()  # words written before it is known mean elsewhere
    page.locator("[data-test=place]:visible input").fill("3号车间东门")
    press_send(page)


def press_send(page: Page) -> None:
    """Send, and go on from the page that says what becomes of it."""
    page.locator("[data-test=send]").click()
    page.locator("[data-test=again]").click()


def first_report(page: Page) -> Locator:
    return page.locator("uni-page-body:visible [data-test^=hazard-]").first


def decide(browser: Browser, server: Service, world: World, key: str, reply: str) -> None:
    """A district reviewer opens the one item of the queue and decides it by keyboard: it is gone from there then."""
    context = open_desktop(browser, server.base_url)
    page = signed_in_page(context, server, world.people.district_reviewer)
    page.goto("/console/queue")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.locator("a[href*='/console/submissions/']").first.click()
    page.wait_for_url("**/console/submissions/*")
    expect(page.locator("[data-bar]")).to_be_visible()
    page.keyboard.press(key)
    box = page.locator("section.panel:visible textarea[name=reply]")
    box.fill(reply)
    box.press("Control+Enter")
    page.wait_for_url("**/console/queue*")
    expect(page.locator("[data-row]")).to_have_count(0)
    context.close()


def test_a_photo_a_kind_and_a_place_send_a_hazard_and_the_place_is_known_the_next_time(
    phone_context: BrowserContext, world: World
) -> None:
    page = open_home(phone_context)
    photograph(page, images.jpeg(1))
    page.locator("[data-test=category-fall]").click()
    expect(page.locator("[data-test=place]:visible input")).to_have_value("")
    expect(page.locator("[data-test=send]")).to_have_text("写一下在哪里")
    page.locator("[data-test=place]:visible input").fill("3号车间东门")
    page.locator("[data-test=send]").click()
    expect(page.locator("[data-test=sent]")).to_have_text("工会收到了，谢谢你")
    expect(page.locator("[data-test=number]")).to_contain_text("2026-")
    expect(page.locator("[data-test=dial-119]:visible")).to_be_visible()
    page.locator("uni-button[data-test=share-card]").click()
    expect(page.locator("uni-image[data-test=share-card] img")).to_have_attribute(
        "src", re.compile(r"^data:image/png;base64,.{5000}")
    )
    page.go_back()
    page.locator("[data-test=again]").click()
    expect(first_report(page)).to_contain_text("待受理")
    expect(page.locator("[data-test=parcel]")).to_have_count(0)
    photograph(page, images.jpeg(2))
    page.locator("[data-test=category-fire]").click()
    press_send(page)
    expect(page.locator("uni-page-body:visible [data-test^=hazard-]")).to_have_count(2)


def test_a_report_made_without_signal_is_sent_by_itself_when_it_returns(
    phone_context: BrowserContext, world: World
) -> None:
    page = open_home(phone_context)
    expect(page.get_by_text("看到隐患就拍下来")).to_be_visible()
    photograph(page, images.jpeg(1), images.jpeg(2))
    phone_context.set_offline(True)
    send(page)
    expect(page.locator("[data-test=progress]").first).to_have_text("0/2 张已上传，等网络恢复后自动续传")
    phone_context.set_offline(False)
    expect(first_report(page)).to_contain_text("待受理")
    expect(page.locator("[data-test=parcel]")).to_have_count(0)


def choose_wrongly(page: Page) -> None:
    """More than there is room for: a film, a photo that was cut off, and one that is good, six times."""
    film: FilePayload = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"\0\0\0\x18ftypisom"}
    with page.expect_file_chooser() as chooser:
        page.locator("uni-page-body:visible [data-test=add-photo]").click()
    good = [as_file(images.jpeg(3))] * 6
    chooser.value.set_files([film, as_file(images.truncated()), *good])
    modal = page.locator(".uni-modal:visible")
    expect(modal).to_contain_text("多选的 1 张没有放进来")
    modal.get_by_text("知道了").click()
    expect(modal).to_contain_text("第 1 张（film.mp4）是视频，这里只收照片；第 2 张（photo.jpg）不完整")
    expect(page.locator("uni-page-body:visible uni-image.photo")).to_have_count(3)
    modal.get_by_text("知道了").click()


def test_a_draft_with_its_photos_survives_a_killed_page_and_files_that_are_none_do_not_get_in(
    phone_context: BrowserContext, world: World
) -> None:
    page = open_home(phone_context)
    photograph(page, images.jpeg(1), images.jpeg(2))
    choose_wrongly(page)
    page.locator("[data-test=category-fire]").click()
    page.locator("[data-test=place]:visible input").fill("3号车间东门")
    page.wait_for_timeout(500)  # the framework hands typed words on ten times a second
    page.close()
    again = open_home(phone_context)
    again.locator("[data-test=parcel]").click()
    expect(again.locator("uni-page-body:visible uni-image.photo")).to_have_count(3)
    press_send(again)
    expect(first_report(again)).to_contain_text("火灾")


def test_what_was_on_its_way_when_the_page_was_killed_arrives_after_it_is_opened_again(
    phone_context: BrowserContext, world: World
) -> None:
    page = open_home(phone_context)
    photograph(page, images.jpeg(1))
    phone_context.set_offline(True)
    send(page)
    expect(page.locator("[data-test=progress]").first).to_contain_text("0/1 张已上传")
    page.close()
    phone_context.set_offline(False)
    again = open_home(phone_context)
    expect(first_report(again)).to_contain_text("待受理")


def test_a_photo_the_server_refuses_leaves_the_draft_and_says_what_to_do(
    phone_context: BrowserContext, world: World
) -> None:
    page = open_home(phone_context)
    photograph(page, images.bomb())
    send(page)
    parcel = page.locator("[data-test=parcel]").first
    expect(parcel).to_contain_text("照片")
    expect(parcel).not_to_contain_text("正在发送")
    parcel.click()
    expect(page.get_by_text("照片和文字都还在")).to_be_visible()


def test_a_hazard_is_graded_and_the_worker_reads_the_reply(
    browser: Browser, live_server: Service, phone_context: BrowserContext, world: World
) -> None:
    page = open_home(phone_context)
    photograph(page, images.jpeg(1))
    send(page)
    expect(first_report(page)).to_contain_text("待受理")
    decide(browser, live_server, world, "2", "谢谢你，已通知企业今天清理。")
    page.reload()
    first_report(page).click()
    expect(page.locator("[data-test=status]:visible")).to_have_text("待整改")
    expect(page.locator("[data-test=story]")).to_contain_text("谢谢你，已通知企业今天清理。")
    expect(page.get_by_text("较大隐患").first).to_be_visible()
    inbox = live_server.phone("demo:worker-1")  # the page asks once, the worker process may be busy
    wait_until(lambda: "受理" in inbox.get("/api/v1/inbox").ok().text, "the message")
    page.goto("/h5/#/pages/inbox/index")
    expect(page.locator("[data-test=message]").first).to_contain_text("受理")
    expect(page.locator(".uni-tabbar__badge")).to_be_visible()
    page.goto("/h5/#/pages/mine/index")
    expect(first_report(page)).to_be_visible()
    phone_context.set_offline(True)
    page.goto("/h5/#/pages/mine/index?again")
    first_report(page).click()
    expect(page.locator("[data-test=stale]:visible")).to_contain_text("上次看到的，")
    expect(page.locator("[data-test=story]:visible")).to_contain_text("谢谢你，已通知企业今天清理。")


def test_a_question_is_answered_with_words_and_a_photo_and_goes_back_to_the_queue(
    browser: Browser, live_server: Service, phone_context: BrowserContext, world: World
) -> None:
    page = open_home(phone_context)
    photograph(page, images.jpeg(1))
    send(page)
    expect(first_report(page)).to_contain_text("待受理")
    decide(browser, live_server, world, "q", "是哪一个车间？")
    page.reload()
    expect(first_report(page)).to_contain_text("待补充")
    first_report(page).click()
    expect(page.get_by_text("是哪一个车间？").first).to_be_visible()
    page.locator("[data-test=answer]").click()
    page.locator("[data-test=answer-text] textarea").fill("二号车间东门")
    with page.expect_file_chooser() as chooser:
        page.locator("uni-page-body:visible [data-test=add-photo]").click()
    chooser.value.set_files([as_file(images.jpeg(2))])
    expect(page.locator("uni-page-body:visible uni-image.photo")).to_have_count(1)
    page.locator("[data-test=send-answer]").click()
    expect(page.locator("[data-test=status]:visible")).to_have_text("待受理")
    expect(page.get_by_text("二号车间东门")).to_be_visible()


def test_an_answer_on_its_way_shows_where_it_was_asked_for_and_new_words_take_its_place(
    browser: Browser, live_server: Service, phone_context: BrowserContext, world: World
) -> None:
    page = open_home(phone_context)
    photograph(page, images.jpeg(1))
    send(page)
    expect(first_report(page)).to_contain_text("待受理")
    decide(browser, live_server, world, "q", "是哪一个车间？")
    page.reload()
    first_report(page).click()
    page.locator("[data-test=answer]").click()
    page.locator("[data-test=answer-text] textarea").fill("一号车间")
    phone_context.set_offline(True)
    page.locator("[data-test=send-answer]").click()
    expect(page.locator("[data-test=sending]:visible")).to_contain_text("一号车间")
    expect(page.locator("[data-test=progress]:visible")).to_have_text("等网络恢复后自动发送")
    expect(page.locator("[data-test=answer]:visible")).to_have_count(0)
    page.locator("[data-test=go-on]:visible").click()
    page.locator("[data-test=answer-text]:visible textarea").fill("二号车间东门")
    phone_context.set_offline(False)
    page.locator("[data-test=send-answer]:visible").click()
    expect(page.locator("[data-test=status]:visible")).to_have_text("待受理")
    expect(page.get_by_text("二号车间东门")).to_be_visible()
    expect(page.get_by_text("一号车间", exact=True)).to_have_count(0)


def test_a_first_time_worker_finds_the_enterprise_by_name(phone_context: BrowserContext, world: World) -> None:
    page = phone_context.new_page()
    page.goto("/h5/?demo=worker-9")
    page.get_by_text("先选好你的企业").click()
    page.locator("[data-test=search] input").fill("船舶")
    page.locator("[data-test=found]").first.click()
    page.get_by_text("是的", exact=True).click()
    expect(camera(page)).to_be_visible()
    page.goto("/h5/#/pages/profile/index")
    expect(page.locator("[data-test=enterprise]")).to_contain_text("船舶")


@pytest.mark.usefixtures("world")
def test_an_address_that_is_no_page_leads_home_once_the_policy_is_agreed_to(
    browser: Browser, live_server: Service, phone_context: BrowserContext
) -> None:
    page = phone_context.new_page()
    page.goto(HOME + "#/pages/no/such-page")
    expect(camera(page)).to_be_visible()
    newcomer = open_phone(browser, live_server.base_url, has_agreed=False)
    page = newcomer.new_page()
    page.goto(HOME + "#/pages/no/such-page")
    expect(page.get_by_text("同意，开始使用")).to_be_visible()
    newcomer.close()


def test_no_page_is_wider_than_the_phone(phone_context: BrowserContext, world: World) -> None:
    page = open_home(phone_context)
    for path in ("home/index", "mine/index", "inbox/index", "profile/index", "profile/binding", "profile/sign-in"):
        page.goto(f"/h5/#/pages/{path}")
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_words_and_position_survive_a_page_killed_while_typing(phone_context: BrowserContext, world: World) -> None:
    page = open_home(phone_context)
    photograph(page, images.jpeg(1))
    page.locator("[data-test=locate]").click()
    expect(page.locator("[data-test=located]:visible")).to_contain_text("已定位")
    page.locator("uni-page-body:visible textarea").press_sequentially("货堆到门口了")
    page.wait_for_timeout(500)  # the framework hands typed words on ten times a second; the field keeps the focus
    page.close()
    again = open_home(phone_context)
    again.locator("[data-test=parcel]").click()
    expect(again.locator("uni-page-body:visible textarea")).to_have_value("货堆到门口了")
    expect(again.locator("[data-test=located]:visible")).to_contain_text("已定位")


def test_what_one_worker_left_on_the_phone_is_not_sent_under_another_name(
    phone_context: BrowserContext, live_server: Service, world: World
) -> None:
    page = open_home(phone_context)
    photograph(page, images.jpeg(1))
    phone_context.set_offline(True)
    send(page)
    expect(page.locator("[data-test=progress]").first).to_contain_text("0/1 张已上传")
    page.close()
    phone_context.set_offline(False)
    other = phone_context.new_page()
    other.goto("/h5/?demo=worker-2")
    expect(other.get_by_text("还没有上报过")).to_be_visible()
    expect(other.locator("[data-test=parcel]")).to_have_count(0)
    assert live_server.phone("demo:worker-2").get("/api/v1/submissions").ok().json["items"] == []
    other.close()
    again = open_home(phone_context)
    expect(first_report(again)).to_contain_text("待受理")


def test_home_leads_straight_to_the_question(
    browser: Browser, live_server: Service, phone_context: BrowserContext, world: World
) -> None:
    page = open_home(phone_context)
    photograph(page, images.jpeg(1))
    send(page)
    expect(first_report(page)).to_contain_text("待受理")
    decide(browser, live_server, world, "q", "是哪一个车间？")
    page.reload()
    page.locator("[data-test=asked]").click()
    expect(page.locator("[data-test=answer]")).to_be_visible()


HEARS = """window.SpeechRecognition = window.webkitSpeechRecognition = class {
    start() {
        setTimeout(() => { this.onresult({ results: [[{ transcript: "在三号车间东头" }]] }); this.onend(); }, 50);
    }
    stop() {}
    abort() {}
};"""
"""A browser that hears, as Web Speech has it: no headless one does."""


@pytest.mark.usefixtures("world")
def test_a_worker_takes_what_a_machine_proposes_and_says_the_rest(phone_context: BrowserContext) -> None:
    page = phone_context.new_page()
    page.add_init_script(HEARS)
    privacy = {"version": "1", "organisation": "某市总工会", "contact": "", "complaints": "", "filing_number": ""}
    page.route("**/api/v1/privacy", lambda route: route.fulfill(json=privacy | {"vision": "某某识别"}))
    said = {"category": "fire", "description": "通道堆了纸箱。"}
    page.route("**/api/v1/hazards/proposal", lambda route: route.fulfill(json=said))
    page.goto(HOME)
    photograph(page, images.bare_jpeg(1))
    expect(page.locator("[data-test=proposal]")).to_contain_text("发给某某识别看")
    page.locator("[data-test=ask-proposal]").click()
    expect(page.locator("[data-test=proposal]")).to_contain_text("机器建议，仅供参考")
    page.locator("[data-test=take-proposal]").click()
    page.locator("[data-test=dictate]").click()
    expect(page.locator("textarea:visible")).to_have_value("通道堆了纸箱。在三号车间东头")
    expect(page.locator(".picked-name")).to_be_visible()
