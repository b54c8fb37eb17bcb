"""A worker hides a face and points at the hazard before anything leaves the phone; the reviewer sees just that."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from server.core.db import Database
from server.core.storage.factory import open_store
from server.photos.models import Photo, PhotoOriginal
from server.photos.pictures.keys import original_key
from tests.support import images
from tests.support.browser import open_desktop, open_phone, watch
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.world import World

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]
SHOTS = os.environ.get("SUISHOUPAI_TEST_SHOTS")


@pytest.fixture
def phone(browser: Browser, live_server: Service) -> Iterator[Page]:
    """A worker's phone, with the photo of a hazard just taken."""
    context = open_phone(browser, live_server.base_url)
    page = context.new_page()
    troubles = watch(page)
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto("/h5/?demo=worker-1")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-test=camera]").click()
    chooser.value.set_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": images.jpeg(1, (1600, 1200), orientation=6).content}
    )
    yield page
    assert troubles == []
    context.close()


def draw(page: Page, tool: str, *points: tuple[float, float]) -> None:
    """With one finger, by shares of the picture's width and height."""
    page.locator(f"[data-test=tool-{tool}]").click()
    box = page.locator("#board canvas").bounding_box()
    assert box is not None
    ways = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*ways[0])
    page.mouse.down()
    for way in ways[1:]:
        page.mouse.move(*way, steps=4)
    page.mouse.up()


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        for width, height in ((320, 568), (375, 812)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(300)
            page.screenshot(path=Path(SHOTS) / f"drawing-{name}-{width}.png")


def test_a_face_is_gone_and_an_arrow_there_before_the_photo_leaves_the_phone(
    phone: Page, browser: Browser, live_server: Service, world: World
) -> None:
    phone.locator("[data-test=stamp]").click()
    phone.locator("[data-test=edit-photo]").click()
    draw(phone, "circle", (0.2, 0.6), (0.5, 0.8))
    phone.locator("[data-test=undo]").click()
    draw(phone, "blur", (0.6, 0.3), (0.7, 0.32))
    expect(phone.get_by_text("打了码的照片不发原图")).to_be_visible()
    draw(phone, "arrow", (0.2, 0.2), (0.4, 0.5))
    shoot(phone, "editor")
    phone.locator("[data-test=drawn]").click()
    shoot(phone, "form")
    phone.locator("[data-test=category-fall]").click()
    phone.locator("[data-test=place]:visible input").fill("3号车间东门")
    phone.locator("[data-test=send]").click()
    phone.locator("[data-test=again]").click()
    expect(phone.locator("uni-page-body:visible [data-test^=hazard-]").first).to_contain_text("待受理")

    database, store = Database(live_server.settings), open_store(live_server.settings)
    with database.reading() as session:
        photo = session.scalars(select(Photo)).one()
        assert (photo.is_blurred, photo.is_marked, photo.is_stamped) == (True, True, True)
        assert session.scalars(select(PhotoOriginal)).all() == []
    database.close()
    assert photo.object_id is not None
    with store.open(original_key(photo.id, photo.object_id)) as stream:
        sent = Image.open(BytesIO(stream.read()))
    assert (sent.size, dict(sent.getexif())) == ((1200, 1600), {})
    rows = np.asarray(sent.convert("L"), dtype=np.int16)
    across, plain = rows[480, 700:800], rows[900, 700:800]  # below the finger, and elsewhere
    assert np.count_nonzero(np.abs(np.diff(across)) > 3) <= 6 < np.count_nonzero(np.abs(np.diff(plain)) > 3)
    assert rows[1570:1595, 5:15].max() < 160  # the ground of the words

    context = open_desktop(browser, live_server.base_url)
    page = signed_in_page(context, live_server, world.people.town_reviewer)
    page.goto(f"/console/submissions/{photo.submission_id}")
    expect(page.get_by_text("上报人已打码、标注、写上时间地点")).to_be_visible()
    expect(page.get_by_text("请职工发原图")).to_have_count(0)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / "drawing-console.png")
    context.close()
