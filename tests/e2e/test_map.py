"""The point of a report on a map whose tiles come from outside: who provides them learns which, and nothing else."""

import json
import math
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from server.core import clock
from server.core.db import Database
from server.core.geodesy import metres_apart, to_gcj02
from server.unions.policies.actions import follow_settings
from tests.e2e.test_everyone import AXE, SMALL, look
from tests.simulators.tiles.server import TEMPLATE, Tiles, serve
from tests.support import images, sessions
from tests.support.browser import open_desktop, open_phone
from tests.support.callers import OverHttp, Phone
from tests.support.service import Service
from tests.support.simulated import on_steady_port, serving, steady_port
from tests.support.world import World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

HERE = (36.0662, 120.3826)  # as browsers say it, WGS-84
SETTINGS = {
    "map_tiles_url": f"http://localhost:{steady_port('tiles')}{TEMPLATE}",  # another host than the service's 127.0.0.1
    "map_tiles_name": "某某地图",
    "map_tiles_credit": "© 某某地图　审图号：示例",
}


@pytest.fixture
def tiles() -> Iterator[Tiles]:
    """The provider. At the end: it was asked as it should be."""
    state = Tiles()
    with serving(on_steady_port(partial(serve, state), "tiles")):
        yield state
    assert state.faults == []


@pytest.fixture
def worker(live_server: Service) -> Phone:
    """One who has agreed to the policy that names the provider."""
    database = Database(live_server.settings)
    with database.transaction() as session:
        follow_settings(session, live_server.settings, now=clock.now())
    database.close()
    phone = Phone(OverHttp(live_server.base_url))
    phone.token = phone.post("/api/v1/session", {"code": "demo:worker-1"}).ok().json["token"]
    phone.put("/api/v1/me/consent", {"version": phone.get("/api/v1/privacy").json["version"]}).ok()
    return phone


def tile_of(point: tuple[float, float], zoom: int) -> tuple[int, int, int]:
    """The tile of Web Mercator in which a point lies."""
    latitude, longitude = math.radians(point[0]), point[1]
    x = (longitude + 180) / 360 * 2**zoom
    y = (1 - math.asinh(math.tan(latitude)) / math.pi) / 2 * 2**zoom
    return zoom, int(x), int(y)


def photographed(page: Page) -> None:
    page.goto("/h5/?demo=worker-1#/pages/home/index")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-test=camera]").click()
    picture: FilePayload = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": images.bare_jpeg(1).content}
    chooser.value.set_files([picture])
    page.locator("[data-test=locate]").click()


@pytest.mark.settings(**SETTINGS)
@pytest.mark.slow(
    "two browsers: a point is moved on a worker's map by keys, without tiles and without a signal, and seen"
)
def test_a_worker_puts_the_point_right_on_a_map_and_a_reviewer_sees_where_it_is(
    browser: Browser, live_server: Service, world: World, tiles: Tiles, worker: Phone
) -> None:
    context = open_phone(browser, live_server.base_url, has_agreed=False)
    agreed = json.dumps({"type": "string", "data": worker.get("/api/v1/privacy").json["version"]})
    context.add_init_script(f"if (location.protocol !== 'about:') localStorage.setItem('privacy.agreed', '{agreed}')")
    context.add_init_script(path=AXE)
    context.set_geolocation({"latitude": HERE[0], "longitude": HERE[1], "accuracy": 30})
    page = context.new_page()
    page.set_viewport_size(SMALL)
    photographed(page)
    located = page.locator("[data-test=located]:visible")
    expect(located).to_contain_text("误差约30米")
    assert tiles.asked == []

    page.locator("[data-test=map]").click()
    where = page.locator("[data-test=where]:visible")
    expect(where).to_contain_text("对准隐患")
    expect(page.locator(".leaflet-tile-loaded").nth(3)).to_be_attached()
    assert tile_of(to_gcj02(*HERE), 17) in tiles.asked
    wrong = look(page, "map")
    page.locator("#map").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
        page.wait_for_timeout(400)  # a step glides
    expect(where).to_contain_text("离刚才的定位约2")
    wrong += look(page, "map-moved")

    tiles.status = 503
    page.locator("[data-test=farther]").click()
    expect(page.locator("[data-test=no-map]:visible")).to_contain_text("没有加载出来")
    wrong += look(page, "map-failed")
    tiles.status = 200
    page.locator("[data-test=retry-map]").click()
    expect(where).to_contain_text("离刚才的定位约2")
    context.set_offline(True)
    expect(page.locator("[data-test=no-map]:visible")).to_contain_text("没有网络")
    context.set_offline(False)
    page.locator("[data-test=take-point]:visible").click()
    expect(located).to_have_text("已定位")
    page.locator("[data-test=category-fall]").click()
    page.locator("[data-test=send]").click()
    expect(page.locator("[data-test=number]:visible")).to_contain_text("2026-")
    context.close()
    assert wrong == []

    [item] = [each["id"] for each in worker.get("/api/v1/submissions").ok().json["items"]]
    point = worker.get(f"/api/v1/submissions/{item}").ok().json["coordinates"]
    assert point["datum"] == "gcj02"
    assert 15 < metres_apart((point["latitude"], point["longitude"]), to_gcj02(*HERE)) < 30

    tiles.asked.clear()
    desk = sessions.signed_in_page(open_desktop(browser, live_server.base_url), live_server, world.people.town_reviewer)
    desk.goto(f"/console/submissions/{quote(item)}")
    expect(desk.locator(".place-map .leaflet-tile-loaded").first).to_be_attached()
    assert tile_of((point["latitude"], point["longitude"]), tiles.asked[0][0]) in tiles.asked
    expect(desk.locator(".place-map")).to_contain_text("审图号")
    desk.context.close()
