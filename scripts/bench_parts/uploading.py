"""Uploading photos, beside a bare application that receives the same form, writes it and calls fsync."""

import os
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, func, insert, select

from bench_parts import wrk
from bench_parts.creating import figures
from bench_parts.options import Options
from bench_parts.photos import Template, template
from bench_parts.rounds import Measure, Series, ratio, table, take_turns
from bench_parts.servers import BareService
from bench_parts.stage import Ready, Stage
from server.activities.hazards.models import Hazard
from server.core import clock, ids
from server.core.db import Database
from server.photos.models import Photo, PhotoState
from server.review.submissions.models import Kind, Status, Submission

BOUNDARY = "----bench7MA4YWxkTrZu0gW"
EACH = 3  # photos of a submission, as in the part `create`
BLOCK = 24  # submissions that send at the same time: one photo of each, then the next of each


@dataclass(frozen=True, slots=True)
class Size:
    """A size of photo. `per_second`: more than can be taken, for the length of the list of uploads."""

    name: str
    pixels: tuple[int, int]
    wanted: int
    per_second: int


SIZES = (Size("300 kB", (1280, 960), 300_000, 900), Size("3.5 MB", (4000, 3000), 3_600_000, 120))


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians and ratios, as a table and as data."""
    with ExitStack() as stack:
        bare, pids = stack.enter_context(stage.bare())
        services = []
        for kind in options.databases:
            settings = stage.settings(kind)
            services.append(stack.enter_context(stage.service(kind, settings, stage.fill(settings, 10_000))))
        measures: dict[str, Measure] = {}
        for size in SIZES:
            photo = template(size.pixels, size.wanted)
            path = stage.folder / f"{size.wanted}.jpg"
            path.write_bytes(photo.content)
            measures[f"bare {size.name}"] = lambda _, p=path, s=size: _receive(bare, p, pids, s, options)
            for ready in services:
                name = f"{ready.name} {size.name}"
                measures[name] = lambda _, r=ready, p=path, t=photo, s=size: upload(r, p, t, s, options.seconds)
        series = take_turns(measures, options.rounds, options.say)
    return _report(series)


def _receive(
    bare: BareService, photo: Path, pids: tuple[int, ...], size: Size, options: Options
) -> Mapping[str, float]:
    path = bare.folder.with_name("list")
    lines = (
        f"/receive {number % EACH} none {os.urandom(16).hex()}\n" for number in range(_needed(size, options.seconds))
    )
    path.write_text("".join(lines))
    load = wrk.run(bare.base_url, options.seconds, "upload", _arguments(photo, path), pids)
    kept = sum(1 for _ in bare.folder.iterdir())
    _empty(bare.folder)
    if kept < load.requests:
        raise wrk.BenchError(f"{load.requests} answers, but {kept} files")
    return figures(load)


def upload(
    ready: Ready, photo: Path, template_: Template, size: Size, seconds: float, connections: int = wrk.CONNECTIONS
) -> Mapping[str, float]:
    """One run of uploads to the service. Raises BenchError unless every photo answered for is there."""
    path = photo.with_suffix(f".{ready.name}.list")
    database = Database(ready.settings)
    try:
        path.write_text("".join(declare(database, ready, template_, _needed(size, seconds))))
        before = _received(database)
        load = wrk.run(ready.service.base_url, seconds, "upload", _arguments(photo, path), ready.pids, connections)
        kept = _received(database) - before
    finally:
        database.close()
    _empty(ready.settings.data_dir / "objects")
    if not load.requests <= kept <= load.requests + connections:
        raise wrk.BenchError(f"{load.requests} answers, but {kept} photos received")
    return figures(load)


def _needed(size: Size, seconds: float) -> int:
    return int(size.per_second * seconds) + 50


def _arguments(photo: Path, path: Path) -> dict[str, object]:
    return {"photo": photo, "list": path, "boundary": BOUNDARY}


def _empty(folder: Path) -> None:
    """Remove what was kept, so that the disk does not fill up; and let the disk come to rest before the next run."""
    for each in list(folder.iterdir()) if folder.exists() else []:
        shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink()  # a late upload may still land
    os.sync()


def _received(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(Photo.state == PhotoState.RECEIVED)) or 0


# --- manifests --------------------------------------------------------------------------------------------------------


def declare(database: Database, ready: Ready, template_: Template, count: int) -> list[str]:
    """Write submissions that wait for `count` photos. Returns the load generator's list, in the order to send them."""
    now = clock.now()
    places = {place.id: place for place in ready.city.places}
    lines: list[str] = []
    submissions, hazards, photos = [], [], []
    numbers = iter(range(-(-count // EACH)))
    while block := list(islice(numbers, BLOCK)):
        waiting = []
        for number in block:
            worker = ready.city.workers[number % len(ready.city.workers)]
            submission_id, comments = ids.new_id(), [os.urandom(16).hex() for _ in range(EACH)]
            place = places[worker.enterprise_id]
            submissions.append(
                {
                    "id": submission_id,
                    "kind": Kind.HAZARD,
                    "campaign_id": ready.city.campaign_id,
                    "reporter_id": worker.id,
                    "content_hash": "0" * 64,
                    "status": Status.INCOMPLETE,
                    "version": 1,
                    "category": ready.city.categories[0],
                    "excerpt": "配电箱门敞开，电线裸露",
                    "place": "三号车间东门",
                    "photos_expected": EACH,
                    "photos_received": 0,
                    "city_id": place.city_id,
                    "district_id": place.district_id,
                    "town_id": place.town_id,
                    "enterprise_id": place.enterprise_id,
                    "routed_union_id": place.id,
                    "created_at": now,
                    "updated_at": now,
                }
            )
            hazards.append({"submission_id": submission_id, "description": "配电箱门敞开，电线裸露，旁边堆着纸箱"})
            photos += [
                _photo(submission_id, worker.id, position, template_, comment)
                for position, comment in enumerate(comments)
            ]
            waiting.append((f"/api/v1/submissions/{submission_id}/photos", worker.token, comments))
        for position in range(EACH):
            lines += [f"{path} {position} {token} {comments[position]}\n" for path, token, comments in waiting]
    with database.transaction() as session:
        for model, rows in ((Submission, submissions), (Hazard, hazards), (Photo, photos)):
            session.execute(insert(cast(Table, model.__table__)), rows)
    return lines


def _photo(submission_id: UUID, owner_id: UUID, position: int, template_: Template, comment: str) -> dict[str, Any]:
    return {
        "id": ids.new_id(), "submission_id": submission_id, "owner_id": owner_id, "position": position,
        "sha256": template_.sha256_with(comment.encode()), "size": len(template_.content), "state": PhotoState.AWAITED,
    }  # fmt: skip


def _report(series: dict[str, Series]) -> tuple[str, dict[str, Any]]:
    rows, data = [], {}
    for name, each in series.items():
        _, _, size = name.partition(" ")
        part = ratio(each, series[f"bare {size}"])
        rows.append(
            [name, each.median("req_s"), part, each.median("cpu_ms"), each.median("p50_ms"), each.median("p99_ms")]
        )
        data[name] = {"ratio_to_bare": part, **each.report()}
    return table(["upload", "req/s", "× bare", "CPU ms", "p50 ms", "p99 ms"], rows), data
