"""Memory of each web process: at rest, and after creations, uploads and queue pages from many connections."""

from contextlib import ExitStack
from typing import Any

from bench_parts import creating, uploading, wrk
from bench_parts.options import Options
from bench_parts.photos import template
from bench_parts.rounds import table
from bench_parts.servers import children_of, memory_of
from bench_parts.stage import Ready, Stage

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
            ready = stack.enter_context(stage.service(kind, settings, stage.fill(settings, 10_000)))
            _note(rows, data, f"{kind}, at rest", ready.pids[0])
            _load(stage, ready, options)
            _note(rows, data, f"{kind}, after load", ready.pids[0])
    return table(["each web process", "RSS MB", "PSS MB", "processes"], rows), data


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
