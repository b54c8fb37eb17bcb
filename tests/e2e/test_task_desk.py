"""A task is answered in the browser: what is typed is kept by itself, and a colleague's words are not overwritten."""

import pytest
from playwright.sync_api import Page, expect

from server import wiring
from server.core.db import Database
from server.unions.roles import Role
from tests.e2e.test_console_pages import Opened, console
from tests.support.backends import run_jobs
from tests.support.service import Service
from tests.support.tasks import Sender, actor_at, load_draft
from tests.support.world import World

__all__ = ["console"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
KEPT = "[data-autosave-says]"


def type_name(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="负责人").fill(words)


@pytest.mark.slow("waits for what is typed to be kept by itself")
def test_what_is_typed_is_kept_and_two_who_type_see_each_other(
    console: Opened, live_server: Service, world: World
) -> None:
    wiring.wire()
    people, unions = world.people, world.unions
    database = Database(live_server.settings)
    town = actor_at(database, people.town_reviewer.id, Role.TOWN_REVIEWER, unions.seaside)
    task = Sender(database, town, lambda: run_jobs(live_server.settings, database)).ask(unions.shipyard)
    first, second = console(people.enterprise_reviewer), console(people.enterprise_reviewer)
    for page in (first, second):
        page.goto(f"/console/tasks/{task}")
    type_name(first, "周工")
    expect(first.locator(KEPT)).to_contain_text("已自动保存")
    draft = load_draft(database, task)
    assert draft is not None
    assert draft.answers == {"f1": "周工"}
    type_name(second, "吴工")
    expect(second.locator(KEPT)).to_contain_text("对照")
    second.get_by_role("button", name="保存，以后再交").click()
    expect(second.get_by_text("现在保存的是：周工")).to_be_visible()
    expect(second.get_by_role("textbox", name="负责人")).to_have_value("吴工")
    database.close()
