"""Ways in, in Chromium: a reviewer signs in by scanning with a phone; a worker by a code in a short message."""

import re
import threading
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.simulators.wechat.server import serve
from tests.simulators.wechat.state import State
from tests.support.backends import Embedded
from tests.support.browser import AGREED, open_desktop, open_phone, watch
from tests.support.service import Service
from tests.support.world import PASSWORD, World

OFFICIAL, SECRET = "wx-simulated-oa", "simulated-secret"
IN_WECHAT = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0"


def scan(desk: Page, phone: Page) -> None:
    """Hold the phone's camera to the screen: whatever the code says is opened there."""
    code = desk.locator("img.scan-code")
    expect(code).to_be_visible()
    code.evaluate("image => image.decode()")  # visible while it still loads
    link = read_code(code.screenshot())
    assert "/h5/#/pages/profile/scan?scene=s%3D" in link
    phone.goto("about:blank")
    phone.goto(link)


def read_code(screenshot: bytes) -> str:
    """What a photographed code says. The detector likes to be close, how close depends on what the code says."""
    picture = cv2.imdecode(np.frombuffer(screenshot, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    for times in (3, 2, 4, 5):
        near = cv2.resize(picture, None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST)
        link, _, _ = cv2.QRCodeDetector().detectAndDecode(near)
        if link:
            return str(link)
    return ""


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_a_reviewer_links_a_phone_and_signs_in_by_scanning(
    browser: Browser, live_server: Service, world: World
) -> None:
    desktop, pocket = open_desktop(browser, live_server.base_url), open_phone(browser, live_server.base_url)
    desk, phone = desktop.new_page(), pocket.new_page()
    troubles = [*watch(desk), *watch(phone)]
    phone.goto("/h5/?demo=worker-1")
    expect(phone.locator("[data-test=camera]")).to_be_visible()

    desk.goto("/console/sign-in?next=/console/account/phones")
    desk.get_by_label("登录名").fill(world.people.town_reviewer.username or "")
    desk.get_by_label("密码", exact=True).fill(PASSWORD)
    desk.get_by_role("button", name="登录").click()
    desk.get_by_label("当前密码").fill(PASSWORD)
    desk.get_by_role("button", name="显示二维码").click()
    scan(desk, phone)
    expect(phone.locator("[data-test=username]")).to_have_text("seaside")
    expect(desk.get_by_text("已扫码")).to_be_visible()
    phone.locator("[data-test=confirm]").click()
    desk.get_by_role("button", name="是我的手机，绑定").click()
    expect(desk.get_by_role("cell", name="赵工")).to_be_visible()

    desktop.clear_cookies()
    desk.goto("/console/sign-in?next=/console/review")
    desk.get_by_role("link", name="扫码登录").click()
    scan(desk, phone)
    phone.locator("[data-test=confirm]").click()
    expect(phone.get_by_text("已确认")).to_be_visible()
    desk.wait_for_url(re.compile("/console/review"))
    assert troubles == []
    desktop.close()
    pocket.close()


@pytest.mark.settings(sms_provider="log")
def test_a_worker_signs_in_by_a_code_and_is_led_on_to_the_poster_that_was_scanned(
    browser: Browser, live_server: Service
) -> None:
    pocket = open_phone(browser, live_server.base_url)
    phone = pocket.new_page()
    phone.goto("/h5/#/pages/profile/binding?scene=e%3DMAIXIANG")
    phone.locator("[data-test=phone] input").fill("13800138000")
    phone.locator("[data-test=send]").click()
    expect(phone.get_by_text("验证码已发送")).to_be_visible()
    digits = re.findall(r'"digits": ?"(\d{6})"', live_server.log())
    phone.locator("[data-test=code] input").fill("000000" if digits[-1] != "000000" else "111111")
    phone.locator("[data-test=enter]").click()
    expect(phone.get_by_role("alert")).to_contain_text("验证码不对")
    phone.locator("[data-test=code] input").fill(digits[-1])
    phone.locator("[data-test=enter]").click()
    expect(phone.locator("[data-test=invite]")).to_have_text("麦香食品有限公司")
    phone.locator("[data-test=accept]").click()
    expect(phone.locator("[data-test=camera]")).to_be_visible()
    assert re.search(r"token|13800138000", phone.url) is None
    pocket.close()


def test_a_visitor_within_wechat_is_recognised_and_no_token_is_in_any_address(
    browser: Browser, embedded: Embedded, tmp_path: Path
) -> None:
    state = State({OFFICIAL: SECRET})
    server = serve(state)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    simulator = f"http://127.0.0.1:{server.server_port}"
    settings: dict[str, Any] = {"wechat_api_url": simulator, "wechat_oauth_url": simulator}
    account: dict[str, Any] = {
        "official_account_app_id": "wx-simulated-oa",
        "official_account_app_secret": "simulated-secret",
    }
    service = Service(embedded.settings(tmp_path, public_url="http://127.0.0.1:1", **settings, **account))
    service.env["SUISHOUPAI_PUBLIC_URL"] = service.base_url
    try:
        service.start()
        context = browser.new_context(base_url=service.base_url, user_agent=IN_WECHAT)
        context.add_init_script(AGREED)
        page = context.new_page()
        seen: list[str] = []
        page.on("request", lambda request: seen.append(f"{request.url} {request.headers.get('referer', '')}"))
        page.goto("/h5/")
        page.locator("[data-test=wechat]").click()
        page.get_by_role("link", name="o-visitor-1").click()
        expect(page.locator("[data-test=camera]")).to_be_visible()
        token = page.evaluate("JSON.stringify(localStorage)")
        found = re.search(r"[A-Za-z0-9_-]{43}", token)
        assert found is not None
        assert all(found[0] not in address for address in seen)
        assert found[0] not in service.log()
        assert "state=" not in service.log()
        page.go_back()
        page.wait_for_url(f"{simulator}/**")  # Chromium hangs when it is closed on its way there
        assert "code=" not in page.url
        context.close()
    finally:
        service.kill()
        server.shutdown()
        server.server_close()
