"""Small things that a reviewer relies on all day: undo, search, help, the way through a page by Tab."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import open_desktop, watch
from tests.support.callers import Desk, OverHttp
from tests.support.images import Sample
from tests.support.pictures import drawn
from tests.support.servers import wait_until
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.world import World

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]
REFUSED = "status of 400"  # a form that the server refuses is what Chromium calls an error


@pytest.fixture
def desk(browser: Browser, live_server: Service, world: World) -> Iterator[Page]:
    """A district reviewer's browser with one reported hazard in the queue."""
    photos = [Sample(drawn("distribution box", seed), f"{seed}.jpg") for seed in range(2)]
    live_server.phone("demo:worker-1").report(
        *photos, category="electric", description="配电箱门敞开，电线裸露", enterprise_id=world.unions.shipyard
    )
    context = open_desktop(browser, live_server.base_url)
    page = signed_in_page(context, live_server, world.people.district_reviewer)
    troubles = watch(page)
    yield page
    context.close()
    assert [each for each in troubles if REFUSED not in each] == []


def open_first(page: Page) -> None:
    page.goto("/console/queue")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/submissions/*")
    expect(page.locator("[data-bar]")).to_be_visible()


def test_a_decision_can_be_taken_back_by_one_key(desk: Page) -> None:
    open_first(desk)
    desk.keyboard.press("2")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/console/queue*")
    expect(desk.locator(".toast-line")).to_contain_text("已受理")
    desk.keyboard.press("z")
    desk.wait_for_url("**/console/submissions/*")
    expect(desk.locator(".chip-queued").first).to_have_text("待受理")


COVERED = """([above, below]) => {  // which of `below` lie under one of `above`
  const boxes = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
  const across = (a, b) => a.left < b.right - 1 && b.left < a.right - 1;
  const meet = (a, b) => across(a, b) && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const over = boxes(above).map((e) => e.getBoundingClientRect());
  return boxes(below).filter((e) => over.some((box) => meet(e.getBoundingClientRect(), box)))
    .map((e) => e.outerHTML.slice(0, 80));
}"""


def test_neither_counts_in_the_rail_nor_toasts_cover_anything(desk: Page) -> None:
    open_first(desk)
    for link in desk.locator(".side-group .side-link").all():
        link.evaluate("e => e.insertAdjacentHTML('beforeend', '<span class=\"count\">99+</span>')")
    assert desk.evaluate(COVERED, [".side-group .count", ".side-group .icon"]) == []
    desk.keyboard.press("2")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/console/queue*")
    expect(desk.locator(".toast-line")).to_be_visible()
    assert desk.evaluate(COVERED, [".toast-line", "main :is(a, button, input, select)"]) == []


def test_on_a_phone_the_box_of_a_row_covers_none_of_its_words_with_a_photo_or_without(desk: Page) -> None:
    desk.set_viewport_size({"width": 375, "height": 812})
    desk.goto("/console/queue")
    for _ in range(2):
        expect(desk.locator("tr[data-row] .pick")).to_have_count(1)
        assert desk.evaluate(COVERED, ["tr[data-row] .pick input", "tr[data-row] > td:not(.pick-cell)"]) == []
        desk.evaluate("document.querySelectorAll('.thumb-cell').forEach((e) => e.remove())")  # as the list of 调度


@pytest.mark.parametrize("way", ["Escape", "leaving"])
def test_what_was_only_looked_at_is_free_again_after_esc_and_after_leaving(desk: Page, way: str) -> None:
    open_first(desk)
    address = desk.url
    with desk.expect_response("**/claim*"):
        desk.keyboard.press("d")
    if way == "Escape":
        desk.keyboard.press("Escape")
    else:
        desk.goto("/console/queue")
    desk.wait_for_timeout(500)
    desk.goto(address)
    expect(desk.locator("[data-bar]")).to_be_visible()
    expect(desk.locator("[data-claim-notice]")).to_have_count(0)


def test_what_nobody_touched_for_three_minutes_is_free_again_though_the_page_stays_open(
    desk: Page, live_server: Service, world: World
) -> None:
    desk.clock.install()
    open_first(desk)
    with desk.expect_response("**/claim*"):
        desk.keyboard.press("d")
    colleague = Desk(OverHttp(live_server.base_url)).sign_in(world.people.town_reviewer)
    path = desk.url.removeprefix(live_server.base_url).partition("?")[0]
    desk.clock.fast_forward("01:59")
    assert "data-claim-notice" in colleague.get(path).ok().text
    with desk.expect_request("**/release*"):
        desk.clock.fast_forward("02:00")
    wait_until(lambda: "data-claim-notice" not in colleague.get(path).ok().text, "the release")
    with desk.expect_response("**/claim*"):  # whoever goes on writing takes it again
        desk.keyboard.type("请")
    assert "data-claim-notice" in colleague.get(path).ok().text


def test_what_a_refused_form_held_stands_in_it_again_after_one_press(desk: Page) -> None:
    desk.goto("/console/templates")
    desk.fill("#title-new", "问地点")
    desk.select_option("#move-new", "decline")
    desk.fill("#text-new", "写了很久的话")
    tokens = desk.locator("input[name=csrf_token]")
    tokens.evaluate_all("(all) => all.forEach((each) => { each.value = 'of another session' })")
    desk.get_by_role("button", name="保存模板").click()
    desk.get_by_role("link", name="返回修改").click()
    expect(desk.locator("#text-new")).to_have_value("写了很久的话")
    expect(desk.locator("#title-new")).to_have_value("问地点")
    expect(desk.locator("#move-new")).to_have_value("decline")
    assert desk.locator("input[name=csrf_token]").first.input_value() != "of another session"
    desk.get_by_role("button", name="保存模板").click()
    expect(desk.locator("main")).to_contain_text("写了很久的话")
    desk.reload()
    expect(desk.locator("#text-new")).to_have_value("")


def test_what_a_refused_form_held_is_not_lost_with_the_form(desk: Page) -> None:
    desk.goto("/console/templates")
    desk.fill("#title-new", "问地点")
    desk.select_option("#move-new", "decline")
    desk.fill("#text-new", "写了很久的话")
    desk.locator("input[name=csrf_token]").evaluate_all("(all) => all.forEach((each) => { each.value = 'old' })")
    desk.get_by_role("button", name="保存模板").click()
    desk.locator("[data-kept]").evaluate("(link) => { link.dataset.action = '/console/no-longer-there' }")
    desk.get_by_role("link", name="返回修改").click()
    expect(desk.get_by_role("alert")).to_contain_text("已经没有这张表单")
    expect(desk.get_by_label("写过的内容")).to_have_count(2)


def test_a_ready_reply_goes_where_the_cursor_is(desk: Page, world: World) -> None:
    desk.goto("/console/templates")
    desk.fill("#title-new", "问地点")
    desk.select_option("#move-new", "return")
    desk.fill("#text-new", "请问具体在哪里？")
    desk.get_by_role("button", name="保存模板").click()
    open_first(desk)
    desk.keyboard.press("q")
    expect(desk.locator("#return-reply")).to_be_focused()
    desk.keyboard.type("您好。")
    desk.select_option("select[data-insert-into=return-reply]", label="问地点")
    expect(desk.locator("#return-reply")).to_have_value("您好。请问具体在哪里？")


def test_a_slash_leads_to_the_search_and_finds_what_was_written(desk: Page) -> None:
    desk.goto("/console/queue")
    desk.keyboard.press("/")
    desk.keyboard.type("电线裸露")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**q=*")
    expect(desk.locator("[data-row]")).to_have_count(1)
    desk.get_by_text("保存这个筛选").click()
    expect(desk.locator("#filter-name")).to_be_focused()


def test_a_hint_is_shown_until_it_was_read_and_the_help_opens_at_the_chapter_of_the_page(desk: Page) -> None:
    desk.goto("/console/queue")
    desk.locator(".page-hint").get_by_role("button", name="知道了").click()
    desk.reload()
    expect(desk.locator(".page-hint")).to_be_hidden()
    desk.get_by_role("link", name="帮助", exact=True).click()
    expect(desk.locator("section:target h2")).to_have_text("每天做什么")


def test_the_help_lists_the_keys_of_the_page(desk: Page) -> None:
    open_first(desk)
    desk.keyboard.press("?")
    help_box = desk.locator("#keys-help")
    expect(help_box).to_be_visible()
    expect(help_box).to_contain_text("受理，定为“一般”")
    desk.keyboard.press("Escape")
    expect(help_box).to_be_hidden()


def test_photos_are_walked_and_turned_by_keys(desk: Page, live_server: Service) -> None:
    live_server.wait_for_pictures()
    open_first(desk)
    image = desk.locator("[data-view] img.is-placed")
    expect(image).to_be_visible()
    expect(desk.locator("[data-stage-count]")).to_have_text("1 / 2")
    desk.keyboard.press("ArrowRight")
    expect(desk.locator("[data-stage-count]")).to_have_text("2 / 2")
    desk.keyboard.press("r")
    assert "rotate(90deg)" in (image.get_attribute("style") or "")
    before = image.evaluate("(each) => each.getBoundingClientRect().width")
    desk.keyboard.press("+")
    assert image.evaluate("(each) => each.getBoundingClientRect().width") > before


def test_the_first_tab_leads_past_the_navigation(desk: Page) -> None:
    desk.goto("/console/queue")
    desk.keyboard.press("Tab")
    expect(desk.locator(".skip-link")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_be_focused()
