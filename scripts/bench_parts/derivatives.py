"""Making display picture and thumbnail: the bare OpenCV pipeline, ours without and with the job around it."""

import time
from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

import cv2
import numpy as np
from sqlalchemy import Table, insert, update

from bench_parts.city import City
from bench_parts.options import Options
from bench_parts.photos import COMMENT, template
from bench_parts.rounds import Measure, Series, ratio, table, take_turns
from bench_parts.stage import Stage
from server.core import clock, ids
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.storage.factory import open_store
from server.photos.jobs import make_derivatives
from server.photos.models import Photo, PhotoState
from server.photos.pictures.derivatives import derive
from server.photos.pictures.keys import original_key
from server.review.submissions.models import Kind, Status, Submission

SIZES = {"12 MP": ((4000, 3000), 3_600_000, 6), "1280 px": ((1280, 960), 300_000, 30)}  # pixels, bytes, runs a round
QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 82]


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians and ratios, as a table and as data."""
    settings = stage.settings("SQLite")
    city = stage.fill(settings, 1000)
    database = Database(settings)
    context = JobContext(settings, database, open_store(settings))
    measures: dict[str, Measure] = {}
    for name, (pixels, wanted, runs) in SIZES.items():
        content = template(pixels, wanted).content.replace(COMMENT, b"-" * len(COMMENT))
        photo_id = _receive(context, city, content)
        work: dict[str, Callable[[], object]] = {
            "bare OpenCV": lambda c=content: bare(c),
            "derive": lambda c=content: derive(c, "image/jpeg", settings.photo_max_pixels),
            "whole job": lambda p=photo_id: _job(context, p),
        }
        for way, once in work.items():
            measures[f"{way}, {name}"] = lambda _, o=once, r=runs: _timed(o, r)
    try:
        series = take_turns(measures, options.rounds, options.say)
    finally:
        database.close()
    return _report(series)


def bare(content: bytes) -> tuple[bytes, bytes]:
    """The fastest way we know: scaled decoding, display picture of 1600 px, thumbnail of 320 px from it."""
    data = np.frombuffer(content, np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_2 if len(content) > 1_000_000 else cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("not a picture")
    display = _fit(image, 1600)
    return (
        cv2.imencode(".jpg", display, QUALITY)[1].tobytes(),
        cv2.imencode(".jpg", _fit(display, 320), QUALITY)[1].tobytes(),
    )


def _fit(image: Any, side: int) -> Any:
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    return cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)


def _timed(once: Callable[[], object], runs: int) -> Mapping[str, float]:
    wall, processor = time.perf_counter(), time.process_time()
    for _ in range(runs):
        once()
    return {
        "cpu_ms": (time.process_time() - processor) / runs * 1000,
        "ms": (time.perf_counter() - wall) / runs * 1000,
    }


def _receive(context: JobContext, city: City, content: bytes) -> UUID:
    """A photo whose original is kept and whose derivatives are to be made."""
    now = clock.now()
    photo_id, submission_id, object_id = ids.new_id(), ids.new_id(), ids.new_id()
    worker, place = city.workers[0], city.places[0]
    submission = {
        "id": submission_id, "kind": Kind.HAZARD, "campaign_id": city.campaign_id, "reporter_id": worker.id,
        "content_hash": "0" * 64, "status": Status.INCOMPLETE, "version": 1, "category": city.categories[0],
        "excerpt": "", "place": "", "photos_expected": 1, "photos_received": 1, "city_id": place.city_id,
        "routed_union_id": place.id, "created_at": now, "updated_at": now,
    }  # fmt: skip
    photo = {
        "id": photo_id, "submission_id": submission_id, "owner_id": worker.id, "position": 0, "sha256": "0" * 64,
        "size": len(content), "state": PhotoState.RECEIVED, "media_type": "image/jpeg", "received_at": now,
        "object_id": object_id,
    }  # fmt: skip
    context.object_store.put_bytes(original_key(photo_id, object_id), content, "image/jpeg")
    with context.database.transaction() as session:
        session.execute(insert(cast(Table, Submission.__table__)), submission)
        session.execute(insert(cast(Table, Photo.__table__)), photo)
    return photo_id


def _job(context: JobContext, photo_id: UUID) -> None:
    """The job's handler, after putting the photo back to where it has to be done (which is measured too)."""
    with context.database.transaction() as session:
        session.execute(
            update(cast(Table, Photo.__table__)).values(state=PhotoState.RECEIVED).where(Photo.id == photo_id)
        )
    make_derivatives(context, str(photo_id))


def _report(series: dict[str, Series]) -> tuple[str, dict[str, Any]]:
    rows, data = [], {}
    for name, each in series.items():
        part = ratio(each, series[f"bare OpenCV, {name.partition(', ')[2]}"], "cpu_ms")
        rows.append([name, each.median("cpu_ms"), part, each.median("ms")])
        data[name] = {"ratio_to_bare": part, **each.report()}
    return table(["derivatives", "CPU ms", "× bare OpenCV", "ms"], rows), data
