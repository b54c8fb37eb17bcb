"""From a picture in the official account's chat to the queue of the union: simulated WeChat, Chromium, service."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from server.core.settings import PREFIX
from tests.simulators.wechat.server import serve
from tests.simulators.wechat.state import Push, State
from tests.support import images
from tests.support.backends import Embedded
from tests.support.browser import open_desktop, open_phone, watch
from tests.support.service import Service
from tests.support.sessions import signed_in_page

pytestmark = pytest.mark.browser
KEY = "simulated" * 4 + "simulat"


@pytest.fixture
def state() -> State:
    """The simulated WeChat."""
    return State({"wx-simulated": "simulated-secret", "wx-oa": "simulated-secret"}, chat_app_id="wx-oa")


@pytest.fixture
def wechat_url(state: State) -> Iterator[str]:
    """Where the simulated WeChat is."""
    server = serve(state)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def chatting_service(embedded: Embedded, tmp_path: Path, state: State, wechat_url: str) -> Iterator[Service]:
    """The service as an operator sets it up for an official account."""
    running = Service(embedded.settings(tmp_path))
    wanted = {
        "public_url": running.base_url, "wechat_api_url": wechat_url,
        "official_account_app_id": "wx-oa", "official_account_app_secret": "simulated-secret",
        "official_account_token": "simulated", "official_account_aes_key": KEY,
    }  # fmt: skip
    running.env |= {PREFIX + name.upper(): value for name, value in wanted.items()}
    state.chat_push = Push(f"{running.base_url}/wechat/official-account", "simulated", "xml", aes_key=KEY)
    state.following.add("o-follower-1")
    try:
        yield running.start()
    finally:
        running.kill()


@pytest.fixture
def phone(browser: Browser, chatting_service: Service) -> Iterator[BrowserContext]:
    """The follower's phone."""
    context = open_phone(browser, chatting_service.base_url)
    yield context
    context.close()


def picture(seed: int) -> FilePayload:
    return {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": images.jpeg(seed).content}


def write_in_the_chat(chat: Page) -> None:
    """Agree, then two pictures, where it is, and a word on it; wait for the last answer."""
    chat.locator("#picture").set_input_files([picture(1)])
    expect(chat.locator(".said.account").last).to_contain_text("隐私说明")
    chat.locator("#text").fill("同意")
    chat.get_by_role("button", name="发送").click()
    expect(chat.locator(".said.account").last).to_contain_text("再发一次")
    chat.locator("#picture").set_input_files([picture(1), picture(2)])
    expect(chat.locator(".said.account").last).to_contain_text("收到")
    chat.locator("#place").click()
    chat.locator("#text").fill("配电箱门敞开，线头露在外面")
    chat.get_by_role("button", name="发送").click()
    expect(chat.locator(".said.account").last).to_contain_text("位置、文字说明", timeout=40_000)


def test_a_picture_sent_in_the_chat_is_finished_on_the_page_and_reaches_the_queue(
    chatting_service: Service, phone: BrowserContext, wechat_url: str, browser: Browser, embedded: Embedded
) -> None:
    chat = phone.new_page()
    chat.goto(wechat_url)
    write_in_the_chat(chat)

    with phone.expect_page() as opened:
        chat.locator(".said.account a").last.click()
    page = opened.value
    link = page.url
    troubles = watch(page)
    page.locator("[data-test=worker-1]").click()  # not signed in yet: the link waits
    expect(page.locator("[data-test=send]")).to_be_visible()
    expect(page.locator("textarea")).to_have_value("配电箱门敞开，线头露在外面")
    expect(page.locator(".cell:not(.add):visible")).to_have_count(2)
    page.locator("[data-test=category-electric]").click()
    page.locator("[data-test=place]:visible input").fill("3号车间东门")
    page.locator("[data-test=send]").click()
    page.locator("[data-test=again]").click()
    expect(page.locator("uni-page-body:visible [data-test^=hazard-]").first).to_be_visible()
    expect(chat.locator(".said.account").last).to_contain_text("已提交", timeout=40_000)
    assert troubles == []

    again = phone.new_page()
    again.goto(link)  # used already: it leads to what became of it
    expect(again.get_by_text("配电箱门敞开").first).to_be_visible()
    expect(again).to_have_url(re.compile("pages/hazard/detail"))

    desk = open_desktop(browser, chatting_service.base_url)
    try:
        queue = signed_in_page(desk, chatting_service, embedded.world().people.district_reviewer)
        queue.goto("/console/queue")
        expect(queue.get_by_text("配电箱门敞开").first).to_be_visible()
    finally:
        desk.close()


def test_a_link_that_leads_nowhere_says_so(chatting_service: Service, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/h5/?demo=worker-1#/pages/hazard/draft?d=01a20000-0000-7000-8000-000000000000.wrong")
    expect(page.get_by_text("打不开这份草稿")).to_be_visible()
    page.get_by_text("去首页").click()
    expect(page.locator("[data-test=camera]")).to_be_visible()
