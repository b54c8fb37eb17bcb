"""Chromium, quiet: it talks to this machine only, and every test starts from a fresh profile."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.support.world import POLICY_VERSION

EXECUTABLE = "/usr/bin/chromium-headless-shell"  # paints no window of its own: a third less work
FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
AGREED = f"""  // a blank page, which each new one is at first, keeps nothing
if (location.protocol !== "about:")
  localStorage.setItem("privacy.agreed", JSON.stringify({{type: "string", data: "{POLICY_VERSION}"}}))
"""
PATIENCE = 30_000  # milliseconds: on a machine with other work, a page may take longer than Playwright's five seconds
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1366, "height": 768}


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for the session."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def open_phone(browser: Browser, base_url: str, *, has_agreed: bool = True, keeps_page: bool = False) -> BrowserContext:
    """A context like a worker's phone: small, touch, in Qingdao; its owner agreed to the privacy policy long ago.

    `keeps_page`: with the service worker, which fetches all of the page and is dear where it is not what is tested.
    """
    context = browser.new_context(
        base_url=base_url, viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, locale="zh-CN",
        timezone_id="Asia/Shanghai", geolocation={"latitude": 36.0662, "longitude": 120.3826},
        permissions=["geolocation"], service_workers="allow" if keeps_page else "block",
    )  # fmt: skip
    if has_agreed:
        context.add_init_script(AGREED)
    return context


def open_desktop(browser: Browser, base_url: str) -> BrowserContext:
    """A context like a reviewer's office computer."""
    return browser.new_context(base_url=base_url, viewport=DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai")


def watch(page: Page) -> list[str]:
    """Collects what goes wrong in a page: script errors, console errors, answers of 500 and above."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
    page.on("console", lambda said: troubles.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("response", lambda got: troubles.append(f"{got.status} {got.url}") if got.status >= 500 else None)
    return troubles
