"""A short video from a worker's phone to a reviewer's screen, in Chromium."""

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, expect

from tests.support import images, videos
from tests.support.browser import open_desktop, open_phone
from tests.support.service import Service
from tests.support.sessions import signed_in_page
from tests.support.world import World


def length_of(video: Locator) -> float:
    """In seconds, once the player knows."""
    known = "video => new Promise((done) => { video.onloadedmetadata = () => done(video.duration); video.load() })"
    return float(video.evaluate(known))


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_a_video_is_added_looked_at_sent_and_played_on_both_sides(
    browser: Browser, live_server: Service, world: World
) -> None:
    page = open_phone(browser, live_server.base_url).new_page()
    page.goto("/h5/?demo=worker-1")
    photo: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": images.jpeg(1).content}
    film: FilePayload = {"name": "a.mp4", "mimeType": "video/mp4", "buffer": videos.video(3).content}
    long: FilePayload = {"name": "b.mp4", "mimeType": "video/mp4", "buffer": videos.video(17, sound="").content}
    with page.expect_file_chooser() as chooser:
        page.locator("[data-test=camera]").click()
    chooser.value.set_files([photo])
    add = page.locator("uni-page-body:visible [data-test=add-video]")
    with page.expect_file_chooser() as chooser:
        add.click()
    chooser.value.set_files([long])
    expect(page.locator("uni-modal")).to_contain_text("视频最长 15 秒，这段有 17 秒")
    page.locator("uni-modal .uni-modal__btn").last.click()
    with page.expect_file_chooser() as chooser:
        add.click()
    chooser.value.set_files([film])
    expect(page.locator("[data-test=video-note]")).to_contain_text("人脸和声音都会发出去")
    expect(add).to_have_count(0)
    kept = page.locator("[data-test=play-kept]")
    expect(kept).to_contain_text("0:03")
    kept.click()
    player = page.locator("[data-test=player] video")
    expect(player).to_be_visible()
    assert length_of(player) > 2
    page.keyboard.press("Escape")
    expect(player).to_have_count(0)
    page.locator("[data-test=category-fall]").click()
    page.locator("[data-test=place]:visible input").fill("3号车间东门")
    page.locator("[data-test=send]").click()
    page.locator("[data-test=again]").click()
    page.locator("uni-page-body:visible [data-test^=hazard-]").first.click()
    page.locator("[data-test=play]").click(timeout=30_000)
    assert length_of(player) > 2
    page.keyboard.press("Escape")

    desk = signed_in_page(open_desktop(browser, live_server.base_url), live_server, world.people.district_reviewer)
    desk.goto("/console/queue")
    desk.locator("a[href*='/console/submissions/']").first.click()
    shown = desk.locator("[data-view] video")
    expect(shown).to_be_hidden()
    desk.keyboard.press("ArrowRight")
    expect(shown).to_be_visible()
    assert shown.evaluate("video => video.paused")
    shown.focus()
    desk.keyboard.press("Space")
    shown.evaluate("video => new Promise((done) => { video.ontimeupdate = () => video.currentTime > 0 && done() })")
    desk.locator("[data-thumb]").first.click()
    expect(shown).to_be_hidden()
