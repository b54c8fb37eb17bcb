"""The worker's page on a bad line: photos go out small, originals follow, and the page opens without any."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from server.core.db import Database
from server.core.ids import new_id
from server.core.storage.factory import open_store
from server.photos.models import OriginalState, Photo, PhotoOriginal
from server.photos.pictures.keys import original_key
from tests.support import images
from tests.support.browser import open_phone, watch
from tests.support.callers import hazard
from tests.support.servers import wait_until
from tests.support.service import Service
from tests.support.world import World

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]

ON_WIFI = """
Object.defineProperty(navigator, "connection", { value: Object.assign(new EventTarget(), { type: "wifi" }) })
"""
CUT = "ERR_INTERNET_DISCONNECTED"


def send_one(page: Page, photo: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("[data-test=camera]").click()
    chooser.value.set_files(photo)
    page.locator("[data-test=category-fall]").click()
    page.locator("[data-test=place]:visible input").fill("3号车间东门")
    page.locator("[data-test=send]").click()
    page.locator("[data-test=again]").click()  # from the page that says what becomes of it
    expect(page.locator("uni-page-body:visible [data-test^=hazard-]").first).to_contain_text("待受理")


def stored(database: Database) -> tuple[Photo, PhotoOriginal]:
    with database.reading() as session:
        return session.scalars(select(Photo)).one(), session.scalars(select(PhotoOriginal)).one()


def test_a_large_photo_arrives_small_and_upright_and_its_original_follows_on_wifi(
    browser: Browser, live_server: Service, world: World, tmp_path: Path
) -> None:
    taken = images.jpeg(1, (3600, 2700), orientation=6, quality=92)
    photo_file = tmp_path / "photo.jpg"
    photo_file.write_bytes(taken.content)
    database, store = Database(live_server.settings), open_store(live_server.settings)
    with open_phone(browser, live_server.base_url) as context:
        context.add_init_script(ON_WIFI)
        page = context.new_page()
        troubles = watch(page)
        page.goto("/h5/?demo=worker-1")
        send_one(page, photo_file)
        copy, _ = stored(database)
        assert copy.size <= 600_000 < len(taken.content)
        assert copy.object_id is not None
        with store.open(original_key(copy.id, copy.object_id)) as stream:
            assert Image.open(BytesIO(stream.read())).size == (1536, 2048)  # held upright
        wait_until(lambda: stored(database)[1].state is OriginalState.MATCHED, "the original")
        page.wait_for_function(
            "!JSON.parse(localStorage['outbox.originals']).data.length"
        )  # the phone keeps it no longer
        assert troubles == []
    copy, original = stored(database)
    assert (copy.latitude, copy.longitude) == images.QINGDAO
    assert original.sha256 == taken.sha256
    database.close()


def test_a_report_whose_photos_went_with_a_cleared_cache_is_photographed_anew(
    browser: Browser, live_server: Service, world: World
) -> None:
    left, sample, phone = new_id(), images.jpeg(1), live_server.phone("demo:worker-1")
    phone.declare(left, hazard([sample, images.jpeg(2)], enterprise_id=world.unions.shipyard)).ok()
    phone.upload(left, sample).ok()
    with open_phone(browser, live_server.base_url) as context:
        page = context.new_page()
        troubles = watch(page)
        page.goto("/h5/?demo=worker-1")
        expect(page.locator("[data-test=camera]")).to_be_visible()
        page.goto(f"/h5/#/pages/hazard/detail?id={left}")
        expect(page.locator("[data-test=stranded]")).to_contain_text("照片只传到 1/2 张")
        page.locator("[data-test=again-here]").click()
        with page.expect_file_chooser() as chooser:
            page.locator("uni-page-body:visible [data-test=add-photo]").click()
        chooser.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": images.bare_jpeg(3).content})
        page.locator("[data-test=send]").click()  # what it said is there already
        expect(page.locator("[data-test=sent]")).to_have_text("工会收到了，谢谢你")
        assert troubles == []
    those = {each["id"]: each["status"] for each in phone.get("/api/v1/submissions").ok().json["items"]}
    assert those.pop(str(left), "withdrawn") == "withdrawn"
    assert list(those.values()) == ["queued"]


def test_without_a_signal_the_page_opens_all_the_same_and_every_part_of_it(
    browser: Browser, live_server: Service, world: World
) -> None:
    with open_phone(browser, live_server.base_url, keeps_page=True) as context:
        page = context.new_page()
        page.goto("/h5/?demo=worker-1")
        expect(page.locator("[data-test=camera]")).to_be_visible()
        expect(page.locator("#outline")).to_have_count(0)
        page.evaluate("navigator.serviceWorker.register('/h5/sw.js').then(() => navigator.serviceWorker.ready)")
        page.close()
        context.set_offline(True)
        again = context.new_page()
        troubles = watch(again)
        again.goto("/h5/")
        expect(again.get_by_text("没有网络。可以照常拍")).to_be_visible()
        with again.expect_file_chooser() as chooser:
            again.locator("[data-test=camera]").click()
        sample = images.jpeg(1)
        chooser.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": sample.content})
        expect(again.locator("[data-test=category-fall]")).to_be_visible()  # the kinds are known
        for part in ("pages/quiz/index", "pages/suggestion/form", "tasks/pages/list"):
            again.goto(f"/h5/#/{part}")
            again.reload()
            expect(again.locator("uni-page-body > *").first).to_be_attached()
        assert [trouble for trouble in troubles if CUT not in trouble] == []
