"""Every page has a face for paper: no bars, no controls, folds open, photos whole, heads of tables repeated."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support import images
from tests.support.browser import open_desktop
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.world import World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

PAPER: ViewportSize = {"width": 703, "height": 1017}  # A4 within its margins, in pixels of CSS
PAGES = (
    "/console/", "/console/queue", "/console/rectifications", "/console/figures", "/console/people", "/console/account",
    "/console/templates", "/console/letters/new", "/console/campaigns", "/console/help", "/", "/certificates/none",
)  # fmt: skip
SHOWN_CONTROLS = """() => [...document.querySelectorAll(
  'button, .btn, .side, .top, .bar, .skip-link, .filters, .pager, .toasts, [type=search], [type=file]'
)].filter((each) => each.getClientRects().length).map((each) => each.outerHTML.slice(0, 80))"""
FRAMED_FIELDS = """() => [...document.querySelectorAll('.form-control, .form-select')].filter(
  (each) => each.getClientRects().length && getComputedStyle(each).borderTopWidth !== '0px').length"""


@pytest.fixture
def paper(browser: Browser, live_server: Service, world: World) -> Iterator[Page]:
    """A page as the city's reviewer prints it."""
    with open_desktop(browser, live_server.base_url) as context:
        page = signed_in_page(context, live_server, world.people.city_reviewer)
        page.set_viewport_size(PAPER)
        page.emulate_media(media="print")
        yield page


def report(server: Service, world: World) -> str:
    """A hazard with two photos. Returns the path of its review page."""
    submission_id = server.phone("demo:worker-1").report(
        images.jpeg(1), images.jpeg(2), enterprise_id=world.unions.shipyard
    )
    return f"/console/submissions/{submission_id}"


def test_no_page_prints_bars_or_controls(paper: Page, live_server: Service, world: World) -> None:
    item = report(live_server, world)
    for path in (*PAGES, item):
        paper.goto(path)
        paper.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert (path, paper.evaluate(SHOWN_CONTROLS)) == (path, [])
        assert (path, paper.evaluate(FRAMED_FIELDS)) == (path, 0)
        assert paper.evaluate("document.documentElement.scrollWidth") <= PAPER["width"], path


def test_photos_are_whole_and_tables_say_their_heads_on_each_sheet(
    paper: Page, live_server: Service, world: World
) -> None:
    item = report(live_server, world)
    live_server.wait_for_pictures()
    photos = paper.locator(".paper-photos img")
    paper.goto(item)
    expect(photos).to_have_count(2)
    for photo in photos.all():
        expect(photo).to_be_visible()
        expect(photo).to_have_js_property("complete", True)
        box = photo.bounding_box()
        assert box is not None
        ratio = photo.evaluate("(image) => image.naturalWidth / image.naturalHeight")
        assert box["width"] / box["height"] == pytest.approx(ratio, rel=0.02)
        assert photo.evaluate("(image) => getComputedStyle(image).breakInside") == "avoid"
    paper.goto("/console/queue")
    assert paper.locator("thead").evaluate("(head) => getComputedStyle(head).display") == "table-header-group"
    assert paper.locator("tbody tr").first.evaluate("(row) => getComputedStyle(row).breakInside") == "avoid"


def test_what_is_folded_is_open_on_paper_and_folded_again_afterwards(paper: Page) -> None:
    paper.goto("/console/awards")
    details = paper.locator("main details").first
    expect(details).not_to_have_attribute("open", "")
    paper.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(details).to_have_attribute("open", "")
    paper.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(details).not_to_have_attribute("open", "")
