"""A short video among the photos of a report: in by the photos' door, out to those who see photos, gone with them."""

import html
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import av
import pytest
import requests
from flask import Flask
from sqlalchemy import select, update

from server.core import clock, ids
from server.core.db import Database
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.photos.models import Photo, PhotoState
from server.photos.pictures.keys import original_key
from server.photos.pictures.missing import missing_keys
from server.privacy.jobs import remove_expired
from server.privacy.models import Erasure
from tests.support import backends, images, videos
from tests.support.callers import Answer, Desk, Phone, hazard
from tests.support.images import Sample
from tests.support.world import Someone, World

VIDEO = videos.video(1, turned=True)
PLACE = b"36.06"


def declare(phone: Phone, world: World, *samples: Sample, **changes: Any) -> UUID:
    hazard_id = changes.pop("id", None) or ids.new_id()
    phone.declare(hazard_id, hazard(samples, enterprise_id=world.unions.shipyard, **changes)).ok()
    return UUID(str(hazard_id))


def load(database: Database, hazard_id: UUID) -> Photo:
    with database.reading() as session:
        return session.scalars(select(Photo).where(Photo.submission_id == hazard_id, Photo.is_video)).one()


def follow(app: Flask, url: str, **headers: str) -> Answer:
    """As a player does that has nothing but the link."""
    if url.startswith("http"):
        answer = requests.get(url, timeout=10, headers=headers)
        return Answer(answer.status_code, answer.content, answer.headers)
    with app.test_client().get(url, headers=headers) as response:
        if response.status_code == 302:
            return follow(app, str(response.location), **headers)
        return Answer(response.status_code, response.get_data(), response.headers)  # type: ignore[arg-type]  # a mapping


def test_a_video_arrives_is_played_in_parts_and_tells_neither_place_nor_time(
    app: Flask, phone: Phone, phone_of: Callable[[Someone], Phone], desk_of: Callable[[Someone], Desk],
    world: World, database: Database, object_store: ObjectStore, run_jobs: Callable[[], int],
) -> None:  # fmt: skip
    hazard_id = declare(phone, world, images.jpeg(1), VIDEO)
    phone.upload(hazard_id, images.jpeg(1), 0).ok()
    assert phone.upload(hazard_id, VIDEO, 1).ok().json["complete"] is True
    waiting = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["photos"][1]
    assert (waiting["kind"], waiting["seconds"], waiting["video_url"]) == ("video", 1.0, None)
    run_jobs()
    still, shown = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["photos"]
    assert (still["kind"], still["video_url"], shown["state"]) == ("photo", None, "ready")
    assert follow(app, shown["thumbnail_url"]).ok().body.startswith(b"\xff\xd8")
    whole = follow(app, shown["video_url"]).ok()
    assert whole.headers["Content-Type"] == "video/mp4"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert PLACE not in whole.body
    assert whole.body.index(b"moov") < whole.body.index(b"mdat")  # playing begins before all is loaded
    with av.open(io.BytesIO(whole.body), "r") as copy:
        assert {"creation_time", "comment", "location"}.isdisjoint(copy.metadata)
        assert next(copy.decode(video=0)).rotation == -90
        assert copy.streams.audio
    part = follow(app, shown["video_url"], Range="bytes=10-19")
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.body)}"
    assert follow(app, shown["video_url"], Range=f"bytes={len(whole.body)}-").status == 416
    row = load(database, hazard_id)
    assert (row.width, row.height, row.latitude) == (144, 192, images.QINGDAO[0])
    assert row.taken_at == datetime(2026, 11, 20, 1, 15, 30, tzinfo=UTC)
    assert row.object_id is not None
    with object_store.open(original_key(row.id, row.object_id)) as kept:
        assert kept.read() == VIDEO.content
    with database.reading() as session:
        assert missing_keys(session, object_store) == []
    desk = desk_of(world.people.town_reviewer)
    page = desk.get(f"/console/submissions/{hazard_id}").ok().text
    (played,) = re.findall(r'data-video="([^"]+)"', page)
    assert follow(app, html.unescape(played)).ok().body == whole.body
    sheet = zipfile.ZipFile(io.BytesIO(desk.get(f"/console/submissions/{hazard_id}/sheet.docx").ok().body))
    assert "1 秒，照片里有其中一帧" in sheet.read("word/document.xml").decode()
    assert phone_of(world.people.colleague).get(f"/api/v1/submissions/{hazard_id}").status == 404
    assert desk_of(world.people.other_town_reviewer).get(f"/console/submissions/{hazard_id}").status == 404
    assert follow(app, f"/photos/{row.id}/video").status == 403


def test_an_anonymous_video_tells_the_day_alone_and_is_played_in_parts_all_the_same(
    app: Flask, phone: Phone, world: World, run_jobs: Callable[[], int]
) -> None:
    hazard_id = declare(phone, world, VIDEO, id=ids.new_id_of_day(clock.now()), is_anonymous=True)
    phone.upload(hazard_id, VIDEO).ok()
    run_jobs()
    (shown,) = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["photos"]
    whole = follow(app, shown["video_url"]).ok()
    part = follow(app, shown["video_url"], Range="bytes=-7")
    assert (part.status, part.body) == (206, whole.body[-7:])
    assert follow(app, shown["video_url"], Range=f"bytes={len(whole.body)}-").status == 416
    for answer in (whole, part):
        assert "Last-Modified" not in answer.headers
        assert "ETag" not in answer.headers
        assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("manifest", "status", "code"),
    [
        ([VIDEO.manifest, videos.video(2).manifest], 422, "invalid"),
        ([{**VIDEO.manifest, "edits": ["blur"]}], 422, "invalid"),
        ([{**VIDEO.manifest, "original": {"size": 9}}], 422, "invalid"),
        ([{**VIDEO.manifest, "kind": "film"}], 422, "invalid"),
        ([{**VIDEO.manifest, "size": 30_000_001}], 413, "video_too_large"),
    ],
    ids=["two", "drawn on", "made smaller", "another kind", "too large"],
)
@pytest.mark.settings(video_max_bytes=30_000_000)
def test_a_manifest_holds_one_video_as_it_was_taken(
    phone: Phone, world: World, manifest: list[dict[str, Any]], status: int, code: str
) -> None:
    declared = hazard((), enterprise_id=world.unions.shipyard) | {"photos": manifest}
    answer = phone.declare(ids.new_id(), declared)
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(
    ("sample", "kind", "status", "code"),
    [
        (VIDEO, "photo", 415, "photo_type"),
        (images.jpeg(1), "video", 415, "video_type"),
        (videos.video(17, sound=""), "video", 422, "video_too_long"),
        (Sample(VIDEO.content[:-9]), "video", 422, "video_truncated"),
    ],
    ids=["declared as a photo", "a photo declared as one", "too long", "cut off"],
)
def test_what_came_is_what_was_declared_or_is_refused_and_leaves_nothing(
    phone: Phone, world: World, object_store: ObjectStore, sample: Sample, kind: str, status: int, code: str
) -> None:
    hazard_id = ids.new_id()
    declared = hazard((), enterprise_id=world.unions.shipyard) | {"photos": [{**sample.manifest, "kind": kind}]}
    phone.declare(hazard_id, declared).ok()
    answer = phone.upload(hazard_id, sample)
    assert (answer.status, answer.code) == (status, code)
    assert not list(object_store.objects("photos/"))
    assert not list(object_store.staging.glob("*"))


@pytest.mark.settings(photo_max_bytes=10_000, file_max_bytes=10_000)
def test_a_video_comes_in_pieces_after_a_cut_and_one_that_cannot_be_opened_is_kept_as_it_came(
    phone: Phone, world: World, database: Database, run_jobs: Callable[[], int]
) -> None:
    at = VIDEO.content.index(b"mdat") + 4
    broken = VIDEO.content[:at] + bytes(len(VIDEO.content) - at - 5000) + VIDEO.content[-5000:]
    sample, upload_id, half = Sample(broken), uuid4(), len(broken) // 2
    hazard_id = ids.new_id()
    manifest = [{**sample.manifest, "kind": "video"}]
    phone.declare(hazard_id, hazard((), enterprise_id=world.unions.shipyard) | {"photos": manifest}).ok()
    for offset, expected in ((0, half), (0, half), (half, len(broken))):  # the first answer got lost
        piece = broken[offset : offset + half + 1] if offset else broken[:half]
        answer = phone.call("PUT", f"/api/v1/uploads/{upload_id}?offset={offset}", body=piece)
        assert answer.ok().json == {"received": expected}
    joined = {"upload_id": str(upload_id), "size": len(broken), "position": 0}
    assert phone.post(f"/api/v1/submissions/{hazard_id}/photos/joined", joined).ok().json["complete"] is True
    run_jobs()
    assert load(database, hazard_id).state is PhotoState.DAMAGED


def test_ones_own_copy_holds_it_and_erasure_leaves_nothing_of_camera_or_place(
    phone: Phone, world: World, settings: Settings, database: Database, object_store: ObjectStore,
    run_jobs: Callable[[], int],
) -> None:  # fmt: skip
    hazard_id = declare(phone, world, VIDEO)
    phone.upload(hazard_id, VIDEO).ok()
    run_jobs()
    phone.post("/api/v1/me/exports").ok()
    run_jobs()
    answer = phone.transport.send("GET", phone.get("/api/v1/me/data").ok().json["export"]["url"])
    content = requests.get(answer.headers["Location"], timeout=10).content if answer.status == 302 else answer.body
    own = zipfile.ZipFile(io.BytesIO(content)).read(f"照片/{hazard_id}/1.mp4")
    assert b"ftyp" in own[:16]
    phone.post("/api/v1/me/erasure", {"confirm": True}).ok()
    with database.transaction() as session:
        session.execute(update(Erasure).values(due_at=clock.now() - timedelta(hours=2)))
    remove_expired(backends.job_context(settings, database))
    run_jobs()
    row = load(database, hazard_id)
    assert (row.latitude, row.longitude, row.media_type) == (None, None, "video/mp4")
    assert row.object_id is not None
    with object_store.open(original_key(row.id, row.object_id)) as stream:
        assert stream.read() == own
    assert PLACE not in own
