"""Memory of each web process: at rest, and after creations, uploads and queue pages from many connections; and of the
child that makes pictures of a PNG of a hundred million pixels."""

import io
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench_parts import creating, uploading, wrk
from bench_parts.options import Options
from bench_parts.photos import template
from bench_parts.rounds import table
from bench_parts.servers import ProductionService, children_of, family_of, memory_of, running
from bench_parts.stage import Ready, Stage
from server.photos.pictures.limited import derive_limited

CONNECTIONS = 100


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """The greatest figure of all web processes, as a table and as data."""
    rows: list[list[object]] = []
    data: dict[str, Any] = {}
    with ExitStack() as stack:
        bare, pids = stack.enter_context(stage.bare())
        wrk.run(f"{bare.base_url}/hello", options.seconds, "get", {}, pids, CONNECTIONS)
        _note(rows, data, "bare, after hello", pids[0])
        for kind in options.databases:
            settings = stage.settings(kind)
            city = stage.fill(settings, 10_000)
            service = stack.enter_context(running(ProductionService(settings)))
            ready = Ready(kind, settings, city, service, (service.web.pid,) if service.web else ())
            _note(rows, data, f"{kind}, at rest", ready.pids[0])
            _load(stage, ready, options)
            _note(rows, data, f"{kind}, after load", ready.pids[0])
    options.say("PNG of 100 megapixels")
    for mode in ("RGB", "RGBA"):
        most = _derive_large(stage, mode)
        rows.append([f"child that makes pictures of a PNG, {mode}", most, most, 1])
        data[f"PNG of 100 megapixels, {mode}"] = {"rss_mb": most}
    return table(["each web process", "RSS MB", "PSS MB", "processes"], rows), data


def _derive_large(stage: Stage, mode: str) -> float:
    """MB that the child held at the most."""
    few = np.random.default_rng(1).integers(0, 255, (86, 116, len(mode)), dtype=np.uint8)
    image, content = Image.fromarray(few).resize((11_600, 8_600), Image.Resampling.NEAREST), io.BytesIO()
    image.save(content, "PNG", compress_level=1)
    derive_limited(content.getvalue(), "image/png", *image.size, stage.settings("SQLite"))
    lines = (Path(f"/proc/{pid}/status").read_text().splitlines() for pid in family_of(os.getpid())[1:])
    return max(int(line.split()[1]) / 1024 for each in lines for line in each if line.startswith("VmHWM"))


def _load(stage: Stage, ready: Ready, options: Options) -> None:
    people = creating.write_people(stage.folder / f"{ready.name}.people", ready)
    arguments = {"people": people, "milliseconds": 1_700_000_000_000, "seed": 1}
    wrk.run(ready.service.base_url, options.seconds, "create", arguments, ready.pids, CONNECTIONS)
    for size in uploading.SIZES:
        photo = template(size.pixels, size.wanted)
        path = stage.folder / f"{size.wanted}.jpg"
        path.write_bytes(photo.content)
        uploading.upload(ready, path, photo, size, options.seconds, CONNECTIONS)
    cookie = f"ssp_session={ready.city.reviewers['city']}"
    wrk.run(
        f"{ready.service.base_url}/console/queue", options.seconds, "get", {"cookie": cookie}, ready.pids, CONNECTIONS
    )


def _note(rows: list[list[object]], data: dict[str, Any], name: str, master: int) -> None:
    found = [memory_of(pid) for pid in children_of(master)]
    rss, pss = max(each.rss for each in found), max(each.pss for each in found)
    rows.append([name, rss, pss, len(found)])
    data[name] = {"rss_mb": rss, "pss_mb": pss, "processes": len(found)}
