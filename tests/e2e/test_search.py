"""Anything is found by keyboard, from wherever one is."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_console_pages import Opened, console
from tests.support.world import World

__all__ = ["console"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def test_an_enterprise_is_found_from_any_page_by_keys_alone(console: Opened, world: World) -> None:
    page = console(world.people.city_reviewer)
    page.goto("/console/people")
    page.get_by_role("searchbox", name="姓名、登录名或完整手机号").focus()
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="查找")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("海船舶")
    hit = dialog.get_by_role("link", name="蓝海船舶修造有限公司")
    expect(hit).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.type("厂")
    expect(dialog.get_by_text("没有找到")).to_be_visible()
    page.keyboard.press("Backspace")
    expect(hit).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/unions/{world.unions.shipyard}/overview")
    page.keyboard.press("Control+k")
    page.keyboard.type("船舶")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/search?q=*")
    expect(page.get_by_role("link", name="蓝海船舶修造有限公司")).to_be_visible()
