"""A code that hangs on a machine, from the console's printed sheet to a report by somebody who belongs elsewhere."""

import re

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.support import images, sessions
from tests.support.browser import open_desktop, open_phone
from tests.support.service import Service
from tests.support.world import World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


@pytest.mark.slow(
    "two browsers: a register is kept and printed, its code scanned, a report sent about another's machine"
)
def test_a_code_is_registered_printed_scanned_and_reported_from(
    browser: Browser, live_server: Service, world: World
) -> None:
    desk = sessions.signed_in_page(open_desktop(browser, live_server.base_url), live_server, world.people.town_reviewer)
    desk.goto(f"/console/locations/new?union={world.unions.bakery}")
    desk.get_by_label("名称和位置").fill("2号和面机，面点车间东侧\n锅炉房")
    desk.get_by_role("button", name="登记").click()
    desk.get_by_label("这一页全部").check()
    desk.get_by_role("button", name="打印选中的二维码").click()
    label = desk.locator(".location-label", has_text="2号和面机")
    [code] = re.findall(r"点位码 ([A-Z0-9]{4}-[A-Z0-9]{4})", label.inner_text())

    context = open_phone(browser, live_server.base_url)
    page = context.new_page()
    page.goto("/h5/?demo=worker-1#/pages/home/index")
    expect(page.locator("[data-test=camera]")).to_be_visible()
    page.goto(f"/h5/#/pages/hazard/place?scene=p%3D{code.replace('-', '')}")
    expect(page.locator("[data-test=located]:visible")).to_contain_text("面点车间东侧 · 2号和面机")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-test=camera]:visible").click()
    picture: FilePayload = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": images.bare_jpeg(1).content}
    chooser.value.set_files([picture])
    expect(page.locator("[data-test=danger]:visible")).to_be_visible()
    expect(page.locator("[data-test=enterprise]")).to_have_text("麦香食品有限公司")
    page.locator("[data-test=category-fall]").click()
    page.locator("[data-test=send]").click()
    expect(page.locator("[data-test=number]:visible")).to_contain_text("2026-")
    context.close()
    desk.context.close()
