"""The union of a list is chosen by keyboard, by typing a part of its name."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_console_pages import Opened, console
from tests.support.world import World

__all__ = ["console"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def test_an_enterprise_is_chosen_by_keys_alone(console: Opened, world: World) -> None:
    page = console(world.people.city_reviewer)
    page.goto("/console/people")
    field = page.get_by_role("combobox", name="单位")
    field.focus()
    page.keyboard.type("船舶")
    expect(page.get_by_role("option", name="蓝海船舶修造有限公司")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/people?*union={world.unions.shipyard}*")
    expect(page.get_by_role("combobox", name="单位")).to_have_value("蓝海船舶修造有限公司")
    expect(page.locator("[data-row]")).to_have_count(3)
    field = page.get_by_role("combobox", name="单位")
    field.focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
