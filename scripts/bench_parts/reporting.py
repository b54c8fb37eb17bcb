"""Phones that report a hazard with one photo: what they send, made beforehand, and a program that sends it on time.

`python -m bench_parts.reporting PLAN RESULTS`: a process of its own, so that what it costs can be told apart.
"""

import asyncio
import hashlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import cv2
import numpy as np

from bench_parts.city import City
from bench_parts.raw_http import BROKEN, Line, request, upload
from server.core import ids
from tests.support.pictures import picture

SIZE = (1280, 960)  # as a phone's small copy
SHIFTS = 64  # places each way from which a photo may have its grain


@dataclass(frozen=True, slots=True)
class Report:
    """A report to be sent: by whom, and its photo."""

    id: str
    token: str
    body: str
    photo: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one, in seconds since it was due."""

    declared: int
    uploaded: int
    create_seconds: float
    upload_seconds: float
    seconds: float


def make_photos(folder: Path, first: int, count: int, wanted: int) -> list[Path]:
    """So many photos of some `wanted` bytes, no two of them alike. Those that are in the folder are kept."""
    paths = [folder / f"{wanted}-{number}.jpg" for number in range(first, first + count)]
    for number, path in enumerate(paths, first):
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_bytes(_photo(number, wanted))
            part.rename(path)
    return paths


def _photo(number: int, wanted: int) -> bytes:
    """Drawing is quick, grain is not: all have it from one sheet, each from another place of it."""
    pixels = cv2.resize(picture(number), SIZE, interpolation=cv2.INTER_CUBIC)
    top, left = number % SHIFTS, number // SHIFTS % SHIFTS
    grain = np.ascontiguousarray(_grain()[top : top + SIZE[1], left : left + SIZE[0]])
    pixels = np.asarray(cv2.add(pixels, grain, dtype=cv2.CV_8U), np.uint8)
    content = b""
    for quality in (84, 76, 68, 60, 50):
        content = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(content) <= wanted:
            break
    return content


@cache
def _grain() -> np.ndarray[Any, np.dtype[np.int16]]:
    grey = np.random.default_rng(0).integers(-9, 10, (SIZE[1] + SHIFTS, SIZE[0] + SHIFTS, 1), dtype=np.int16)
    return np.repeat(grey, 3, axis=2)


def make_reports(city: City, photos: Sequence[Path]) -> Iterator[Report]:
    """One for each photo, by one worker after the other."""
    declared = cache(_declared)  # the same photo may be sent more than once
    for number, path in enumerate(photos):
        worker = city.workers[number % len(city.workers)]
        body = {
            "category": city.categories[number % len(city.categories)],
            "description": f"配电箱门敞开，电线裸露，旁边堆着纸箱，编号{number}",
            "place": f"三号车间东门第{number}根柱子旁",
            "enterprise_id": str(worker.enterprise_id),
            "photos": [declared(path)],
        }
        yield Report(str(ids.new_id()), worker.token, json.dumps(body), str(path))


def _declared(path: Path) -> dict[str, object]:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def declaration(report: Report) -> bytes:
    """The request that declares it."""
    return request("PUT", f"/api/v1/hazards/{UUID(report.id)}", report.token, report.body.encode())


async def send(url: str, report: Report, due: float, source: str | None = None) -> Sent:
    """Declare it and send its photo, on one line."""
    content = Path(report.photo).read_bytes()
    try:
        line = await Line.to(url, source)
    except OSError:
        return Sent(0, 0, 0.0, 0.0, time.monotonic() - due)
    try:
        declared = await line.ask(declaration(report))
        between = time.monotonic()
        good = declared.status in (200, 201)
        uploaded = await line.ask(upload(report.id, report.token, content)) if good else BROKEN
    finally:
        line.close()
    end = time.monotonic()
    return Sent(declared.status, uploaded.status, between - due, end - between, end - due)


async def send_all(url: str, reports: Sequence[Report], per_second: float) -> list[Sent]:
    """Each when it is due, whatever became of those before it."""
    begun = time.monotonic() + 0.5
    under_way = []
    for number, report in enumerate(reports):
        due = begun + number / per_second
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        under_way.append(asyncio.create_task(send(url, report, due)))
    return list(await asyncio.gather(*under_way))


def main(plan: str, results: str) -> None:
    """Send what the plan says, write down what became of it and what it cost."""
    told = json.loads(Path(plan).read_text())
    before = time.process_time()
    sent = asyncio.run(send_all(told["url"], [Report(**each) for each in told["reports"]], told["per_second"]))
    found = {"cpu_seconds": time.process_time() - before, "sent": [asdict(each) for each in sent]}
    Path(results).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
