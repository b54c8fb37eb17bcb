"""Reporting without an account, in Chromium on the smallest phone: the code on the receipt is all that leads back."""

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.support import images
from tests.support.browser import open_phone
from tests.support.service import Service
from tests.support.world import World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


@pytest.mark.slow("a browser goes the whole way: without an account, past the enterprise, away, and back by the code")
def test_somebody_without_an_account_reports_leaves_and_comes_back_by_the_code(
    browser: Browser, live_server: Service, world: World
) -> None:
    context = open_phone(browser, live_server.base_url)
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto("/h5/")
    page.locator("[data-test=receipt]").click()
    code = page.locator("[data-test=receipt-shown]:visible").inner_text()
    with page.expect_file_chooser() as chooser:
        page.locator("[data-test=camera]").click()
    picture: FilePayload = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": images.bare_jpeg(1).content}
    chooser.value.set_files([picture])
    page.locator("[data-test=category-fall]").click()
    page.locator("[data-test=place]:visible input").fill("3号车间东门")
    expect(page.locator("[data-test=who-sees]")).to_contain_text("不知道你是谁")
    page.locator("[data-test=send]").click()
    number = page.locator("[data-test=number]:visible")
    expect(number).to_contain_text("2026-")
    said = str(number.text_content())
    expect(page.locator("[data-test=receipt-shown]:visible")).to_have_text(code)
    page.goto("/h5/#/pages/profile/index")
    page.locator("[data-test=leave]").click()
    page.locator(".uni-modal__btn", has_text="退出").click()
    page.locator("[data-test=agree]").click()
    page.locator("[data-test=come-back]").click()
    page.locator("[data-test=receipt-code] input").fill(code.lower().replace("-", " "))
    page.locator("[data-test=open-receipt]").click()
    page.locator("uni-page-body:visible [data-test^=hazard-]").first.click()
    expect(page.locator("[data-test=number]:visible")).to_have_text(said)
    context.close()
