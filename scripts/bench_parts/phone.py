"""The worker's page on a weak phone and a bad line: Chromium, slowed down, from the first visit to a report that has
arrived.

What is measured is the build as it is served, on loopback behind Chromium's own throttling, which delays each request
and shares the line between those under way. The lines are those of Chromium's developer tools. There is no TLS and no
nginx in between: a real first visit takes two or three round trips more. What a service worker fetches for later is
not slowed and not counted.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request

from bench_parts.options import Options
from bench_parts.photos import template
from bench_parts.rounds import table
from bench_parts.stage import Stage
from server.core.db import Database
from server.core.settings import Settings
from server.migrations.run import upgrade
from tests.support.browser import chromium, open_phone
from tests.support.service import Service
from tests.support.world import fill

CPU_SLOWDOWN = 4  # a cheap phone beside this machine
PHOTO = ((4000, 3000), 2_900_000)  # pixels and bytes of what a cheap phone's camera makes
MANY, FEW = 9, 2  # photos of a report; few if one round is enough
LONGEST = 1_800_000  # milliseconds until a report has arrived
DOWN, UP = "kB down", "kB up"


@dataclass(frozen=True, slots=True)
class Line:
    """A line: kbit/s each way and what each request waits for its answer."""

    name: str
    down: float
    up: float
    milliseconds: float


LINES = (Line("3G", 1440, 675, 562.5), Line("slow 3G", 400, 400, 2000))


class Traffic:
    """What went over the line since `restart`. Answers out of the browser's own cache do not count."""

    def __init__(self, page: Page, devtools: CDPSession) -> None:
        self._cached: set[str] = set()
        self._sent: list[Request] = []
        self.restart()
        devtools.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        devtools.on("Network.loadingFinished", lambda event: self._finished(event))
        page.on("requestfinished", lambda request: self._sent.append(request))

    def restart(self) -> None:
        """Forget what was until now."""
        self.requests = self.down = 0
        self._sent.clear()

    def _finished(self, event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        if size and event["requestId"] not in self._cached:
            self.requests += 1
            self.down += size

    def figures(self) -> dict[str, float]:
        """For the table."""
        up = sum(int(request.all_headers().get("content-length", 0)) for request in self._sent)
        return {"requests": self.requests, DOWN: self.down / 1000, UP: up / 1000}


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """A row for each line and what was done on it."""
    settings = Settings(**{**stage.settings("SQLite").model_dump(), "demo_sign_in": True, "rate_limits": False})
    database = Database(settings)
    upgrade(database)
    fill(database, "!")
    database.close()
    count = MANY if options.rounds > 1 else FEW
    photos = [_photo(stage.folder, number) for number in range(count)]
    rows, found = [], {}
    service = Service(settings)
    try:
        service.start()
        with chromium() as browser:
            for line in LINES:
                for step, figures in _on(browser, service, line, photos, options):
                    found[f"{line.name}, {step}"] = figures
                    rows.append([line.name, step, *[figures.get(name, "") for name in HEADER[2:]]])
    finally:
        service.kill()
    sent = f"{count} photos of {PHOTO[1] / 1_000_000} MB and {PHOTO[0][0]} × {PHOTO[0][1]} px"
    return f"{table(HEADER, rows)}\n\nCPU slowed {CPU_SLOWDOWN} times; report: {sent}.", found


HEADER = ["line", "step", "requests", DOWN, UP, "painted s", "ready s", "sent s"]


def _on(
    browser: Browser, service: Service, line: Line, photos: list[Path], options: Options
) -> Iterator[tuple[str, dict[str, float]]]:
    first, again = [], []
    for number in range(options.rounds):
        options.say(f"{line.name}: round {number + 1} of {options.rounds}")
        with open_phone(browser, service.base_url, keeps_page=True) as context:
            first.append(_open(context, line))
            again.append(_open(context, line))
    yield "first visit", _medians(first)
    yield "second visit", _medians(again)
    options.say(f"{line.name}: {len(photos)} photos")
    with open_phone(browser, service.base_url, keeps_page=True) as context:
        yield f"report, {len(photos)} photos", _report(context, line, photos)


@contextmanager
def _slow(context: BrowserContext, line: Line) -> Iterator[tuple[Page, Traffic]]:
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    rates = {"downloadThroughput": line.down * 125, "uploadThroughput": line.up * 125, "latency": line.milliseconds}
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **rates})
    traffic = Traffic(page, devtools)
    try:
        yield page, traffic
    finally:
        page.close()


def _open(context: BrowserContext, line: Line) -> dict[str, float]:
    """Open the page until its camera is there, then wait until it is quiet."""
    with _slow(context, line) as (page, traffic):
        began = time.perf_counter()
        page.goto("/h5/?demo=worker-1", wait_until="commit", timeout=LONGEST)
        page.locator("[data-test=camera]").wait_for(timeout=LONGEST)
        ready = time.perf_counter() - began
        page.wait_for_load_state("networkidle", timeout=LONGEST)
        page.wait_for_timeout(1000)
        painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")
        return {**traffic.figures(), "painted s": painted / 1000, "ready s": ready}


def _report(context: BrowserContext, line: Line, photos: list[Path]) -> dict[str, float]:
    """`ready`: from the photos chosen to the form that shows them; `sent`: from the tap on send to its arrival."""
    with _slow(context, line) as (page, traffic):
        page.goto("/h5/?demo=worker-1", timeout=LONGEST)
        page.locator("[data-test=camera]").wait_for(timeout=LONGEST)
        page.wait_for_load_state("networkidle", timeout=LONGEST)
        with page.expect_file_chooser() as chooser:
            page.locator("[data-test=camera]").click()
        traffic.restart()
        began = time.perf_counter()
        chooser.value.set_files(photos, timeout=LONGEST)
        page.locator("[data-test=send]").wait_for(timeout=LONGEST)
        ready = time.perf_counter() - began
        page.locator("[data-test=category-fall]").click()
        page.locator("[data-test=place]:visible input").fill("3号车间东门")
        began = time.perf_counter()
        page.locator("[data-test=send]").click()
        page.locator("[data-test=again]").click(timeout=LONGEST)  # from the page that says what becomes of it
        page.locator("uni-page-body:visible [data-test^=hazard-]").first.wait_for(timeout=LONGEST)
        page.locator("[data-test=parcel]").first.wait_for(state="detached", timeout=LONGEST)
        return {**traffic.figures(), "ready s": ready, "sent s": time.perf_counter() - began}


def _medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def _photo(folder: Path, number: int) -> Path:
    """A picture of its own: copies of one picture, made smaller, would be the same file, which is taken once."""
    path = folder / f"photo-{number}.jpg"
    path.write_bytes(template(*PHOTO, seed=number).content)
    return path
