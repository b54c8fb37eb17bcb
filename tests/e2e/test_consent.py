"""The H5 page asks for consent once, before anything else, and lets one see and take back what is kept."""

from playwright.sync_api import Browser, expect

from tests.support.browser import open_phone, watch
from tests.support.service import Service


def test_consent_is_asked_once_and_my_data_can_be_seen(browser: Browser, live_server: Service) -> None:
    context = open_phone(browser, live_server.base_url, has_agreed=False)
    page = context.new_page()
    troubles = watch(page)
    page.goto("/h5/?demo=worker-1")
    expect(page.get_by_text("先看一看：你的信息怎么用")).to_be_visible()
    page.get_by_text("不同意", exact=True).click()
    expect(page.get_by_text("可以直接关掉这个页面")).to_be_visible()
    page.locator("[data-test=agree]").click()
    expect(page.get_by_text("先看一看：你的信息怎么用")).to_be_hidden()
    page.goto("/h5/#/pages/profile/data")
    page.reload()
    expect(page.get_by_text("存了我的哪些信息")).to_be_visible()
    expect(page.get_by_text("先看一看：你的信息怎么用")).to_be_hidden()
    page.locator("[data-test=export]").click()
    expect(page.locator("[data-test=download]")).to_be_visible(timeout=30_000)
    assert troubles == []
    context.close()
