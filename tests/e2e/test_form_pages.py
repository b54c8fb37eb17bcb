"""A form is built in the browser, and asks what hangs on an answer only after it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_console_pages import Opened, console
from tests.support.world import World

__all__ = ["console"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def add(page: Page, kind: str, label: str, condition: str = "") -> None:
    page.get_by_label("加什么").select_option(kind)
    page.get_by_role("button", name="加一项").click()
    page.get_by_label("问什么").fill(label)
    if condition:
        page.get_by_label("什么时候问").select_option(condition)
    page.get_by_role("button", name="保存", exact=True).click()


@pytest.mark.slow("builds a form in the browser")
def test_what_hangs_on_an_answer_is_asked_after_it_only(console: Opened, world: World) -> None:
    page = console(world.people.town_reviewer)
    page.goto("/console/forms/new")
    page.get_by_label("名称").fill("冬季取暖检查")
    page.get_by_role("button", name="新建").click()
    add(page, "是或否", "有没有燃煤锅炉")
    add(page, "整数", "几台", "有没有燃煤锅炉：是")
    page.get_by_role("link", name="预览和试填").click()
    asked = page.get_by_role("group", name="几台")
    expect(asked).to_be_hidden()
    page.get_by_label("是", exact=True).check()
    expect(asked).to_be_visible()
    page.get_by_role("button", name="试试能不能交").click()
    expect(asked.get_by_text("这一项要填")).to_be_visible()
    page.get_by_label("否", exact=True).check()
    expect(asked).to_be_hidden()
    page.get_by_role("button", name="试试能不能交").click()
    expect(page.get_by_text("这样填可以交")).to_be_visible()
