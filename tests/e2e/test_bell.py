"""The bell counts what is new until it was looked at."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_console_pages import Opened, console
from tests.support.callers import Desk, OverHttp
from tests.support.service import Service
from tests.support.versions import version_of
from tests.support.world import World

__all__ = ["console"]
pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]


def tell_the_enterprise(server: Service, town: Desk, world: World) -> None:
    """A hazard of the shipyard is accepted, which its reviewer hears of."""
    hazard_id = server.phone("demo:worker-1").report(enterprise_id=world.unions.shipyard)
    sent = {"version": version_of(town, hazard_id), "grade": "3"}
    assert town.post(f"/console/submissions/{hazard_id}/accept", sent).status == 303


def expect_count(page: Page, count: int) -> None:
    """What the bell says, to eyes and ears."""
    bell = page.locator(".side [data-bell]")
    expect(bell).to_have_attribute("aria-label", f"消息，{count} 条没看过" if count else "消息，都看过了")
    expect(bell.locator(".count")).to_have_text([str(count)] if count else [])


def test_what_is_new_counts_in_the_bell_until_it_was_looked_at(
    console: Opened, live_server: Service, world: World
) -> None:
    town = Desk(OverHttp(live_server.base_url)).sign_in(world.people.town_reviewer)
    page = console(world.people.enterprise_reviewer)
    page.goto("/console/")
    expect_count(page, 0)
    for _ in range(3):
        tell_the_enterprise(live_server, town, world)
    page.reload()
    expect_count(page, 3)
    page.keyboard.press("i")
    panel = page.locator("#bell-panel")
    new = panel.locator("a.is-new", has_text="收到整改建议")
    expect(new).to_have_count(3)
    new.first.click()
    page.wait_for_url("**/console/rectifications/*")
    expect_count(page, 2)
    page.locator(".side [data-bell]").click()
    expect(new).to_have_count(2)
    panel.get_by_role("button", name="全部已读").click()
    expect_count(page, 0)
    page.goto("/console/rectifications")
    expect_count(page, 0)
