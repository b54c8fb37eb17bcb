"""Phones send a smaller copy first; the original follows, and has to be what the copy was made of."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from PIL import Image, ImageDraw, ImageOps
from sqlalchemy import select

from server.core import ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.storage.base import ObjectStore
from server.photos.jobs import sweep_shard
from server.photos.models import Photo, PhotoOriginal
from server.photos.pictures.keys import original_key
from server.photos.pictures.missing import missing_keys
from server.review.submissions.models import Submission
from tests.support import images
from tests.support.backends import job_context
from tests.support.callers import Answer, Desk, Phone, hazard
from tests.support.images import Sample
from tests.support.world import Someone, World

SHOT = {"taken_at": "2026-11-20T09:15:30+08:00", "latitude": 36.0662, "longitude": 120.3826}


def smaller(original: Sample) -> Sample:
    """What a phone makes of it: upright, without a word on when and where."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(original.content)))
    image.thumbnail((800, 800))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=70)
    return Sample(buffer.getvalue())


def report(phone: Phone, world: World, taken: Sample, **changes: Any) -> UUID:
    """A report with a copy of `taken`, which has arrived. Returns the photo's id."""
    copy, hazard_id = smaller(taken), ids.new_id()
    said = {**copy.manifest, "shot": SHOT, "original": taken.manifest, **changes}
    body = {**hazard([copy], enterprise_id=world.unions.shipyard), "photos": [said]}
    phone.declare(hazard_id, body).ok()
    phone.upload(hazard_id, copy, 0).ok()
    return UUID(phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["photos"][0]["id"])


def follow(phone: Phone, photo_id: UUID, sample: Sample) -> Answer:
    path = f"/api/v1/photos/{photo_id}/original"
    return phone.call("POST", path, files={"file": ("x.jpg", sample.content, "image/jpeg")})


def load(database: Database, photo_id: UUID) -> tuple[Photo, PhotoOriginal]:
    with database.reading() as session:
        return session.get_one(Photo, photo_id), session.get_one(PhotoOriginal, photo_id)


def test_a_copy_counts_at_once_and_says_what_the_phone_read_in_its_original(
    phone: Phone, world: World, database: Database, run_jobs: Callable[[], int]
) -> None:
    photo_id = report(phone, world, images.jpeg(1))
    run_jobs()
    photo, original = load(database, photo_id)
    assert (photo.taken_at, photo.latitude) == (datetime(2026, 11, 20, 1, 15, 30, tzinfo=UTC), 36.0662)
    assert (original.state, photo.device) == ("kept", None)
    waiting = phone.get("/api/v1/photos/originals").ok().json["items"]
    assert [(each["photo_id"], each["is_wanted"]) for each in waiting] == [(str(photo_id), False)]


def test_an_original_that_follows_takes_the_copys_place_and_is_not_waited_for_any_more(
    phone: Phone, world: World, database: Database, object_store: ObjectStore, run_jobs: Callable[[], int]
) -> None:
    sample = images.jpeg(1, orientation=6)
    photo_id = report(phone, world, sample)
    joined = (f"/api/v1/photos/{photo_id}/original/joined", phone.send_pieces(sample))
    assert phone.post(*joined).ok().json["state"] == "received"
    run_jobs()
    assert phone.post(*joined).ok().json["state"] == "matched"  # sent again: nothing new
    assert follow(phone, photo_id, sample).ok().json["state"] == "matched"
    assert phone.get("/api/v1/photos/originals").ok().json["items"] == []
    photo, original = load(database, photo_id)
    assert (original.state, photo.device) == ("matched", "HUAWEI ALN-AL00")
    assert original.object_id is not None
    with object_store.open(original_key(photo_id, original.object_id)) as kept:
        assert kept.read() == sample.content


def test_originals_are_neither_orphans_nor_forgotten_when_the_store_is_checked(
    phone: Phone,
    world: World,
    database: Database,
    object_store: ObjectStore,
    settings: Any,
    run_jobs: Callable[[], int],
) -> None:
    photo_id = report(phone, world, images.jpeg(1))
    follow(phone, photo_id, images.jpeg(1)).ok()
    run_jobs()
    _, original = load(database, photo_id)
    assert original.object_id is not None
    key = original_key(photo_id, original.object_id)
    context = job_context(settings, database)
    assert sweep_shard(context, photo_id.bytes[-1], datetime(2100, 1, 1, tzinfo=UTC)) == 0
    object_store.delete(key)
    with database.reading() as session:
        assert missing_keys(session, object_store) == [key]


OTHER_TIME = {**SHOT, "taken_at": "2026-11-21T09:15:30+08:00"}


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        pytest.param({"original": {"size": len(images.jpeg(2).content)}}, images.jpeg(2), id="another picture"),
        pytest.param({"original": images.jpeg(1).manifest, "shot": OTHER_TIME}, images.jpeg(1), id="another time"),
    ],
)
def test_what_the_copy_was_not_made_of_is_not_kept_and_may_still_come(
    phone: Phone,
    world: World,
    database: Database,
    object_store: ObjectStore,
    run_jobs: Callable[[], int],
    changes: dict[str, Any],
    sent: Sample,
) -> None:
    photo_id = report(phone, world, images.jpeg(1), **changes)
    follow(phone, photo_id, sent).ok()
    before = len(list(object_store.objects("photos/")))
    run_jobs()
    _, original = load(database, photo_id)
    assert (original.state, original.object_id) == ("differs", None)
    assert len(list(object_store.objects("photos/"))) == before + 1  # two pictures made of the copy, one thrown away
    assert len(phone.get("/api/v1/photos/originals").ok().json["items"]) == 1


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (images.jpeg(3), "original_differs"),  # not as declared
        (images.disguised("html"), "original_differs"),
    ],
)
def test_a_file_that_was_not_declared_is_refused(phone: Phone, world: World, sent: Sample, code: str) -> None:
    photo_id = report(phone, world, images.jpeg(1))
    assert follow(phone, photo_id, sent).code == code


def test_nobody_elses_photo_takes_an_original_nor_one_that_was_sent_whole_nor_one_taken_back(
    phone: Phone, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    photo_id = report(phone, world, images.jpeg(1))
    assert follow(phone_of(world.people.colleague), photo_id, images.jpeg(1)).status == 404
    whole = phone.get(f"/api/v1/submissions/{phone.report(images.jpeg(4), enterprise_id=world.unions.shipyard)}")
    assert follow(phone, UUID(whole.json["photos"][0]["id"]), images.jpeg(4)).status == 404
    submission = phone.get("/api/v1/photos/originals").json["items"][0]["submission_id"]
    phone.post(f"/api/v1/submissions/{submission}/withdraw").ok()
    assert follow(phone, photo_id, images.jpeg(1)).code == "withdrawn"


def test_a_declaration_without_originals_is_still_the_same_declaration(phone: Phone, world: World) -> None:
    hazard_id, body = ids.new_id(), hazard([images.jpeg(1)], enterprise_id=world.unions.shipyard)
    assert phone.declare(hazard_id, body).status == 201
    assert phone.declare(hazard_id, {**body, "photos": [{**body["photos"][0], "original": None}]}).status == 200


def test_an_original_is_asked_for_once_on_record_by_whoever_may_have_it(
    phone: Phone, world: World, database: Database, desk_of: Callable[[Someone | None], Desk]
) -> None:
    photo_id = report(phone, world, images.jpeg(1))
    photo, _ = load(database, photo_id)
    page = f"/console/submissions/{photo.submission_id}"
    with database.transaction() as session:
        session.get_one(Submission, photo.submission_id).is_anonymous = True  # the enterprise may not have it
    for person in (world.people.enterprise_reviewer, world.people.other_town_reviewer):
        assert desk_of(person).post(f"{page}/originals").status == 404
    assert "请职工发原图" not in desk_of(world.people.enterprise_reviewer).get(page).ok().text
    town = desk_of(world.people.town_reviewer)
    assert "请职工发原图" in town.get(page).ok().text
    assert [town.post(f"{page}/originals").status for _ in range(2)] == [303, 303]
    assert "缩图，已请职工发原图" in town.get(page).ok().text
    (waiting,) = phone.get("/api/v1/photos/originals").ok().json["items"]
    assert waiting["is_wanted"]
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "submission.originals_wanted")).one()
    assert (entry.subject_id, entry.actor_id) == (str(photo.submission_id), world.people.town_reviewer.id)


def drawn_on(copy: Sample) -> Sample:
    """The copy with a line of words and a circle, as phones draw them."""
    image = Image.open(io.BytesIO(copy.content))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, image.height * 5 // 6, image.width * 4 // 5, image.height), fill=(90, 90, 90))
    draw.ellipse((200, 150, 600, 450), outline=(230, 0, 40), width=9)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=70)
    return Sample(buffer.getvalue())


def test_what_was_drawn_on_a_photo_is_said_its_original_still_fits_and_that_of_a_blurred_one_is_never_taken(
    phone: Phone,
    world: World,
    database: Database,
    desk_of: Callable[[Someone | None], Desk],
    run_jobs: Callable[[], int],
) -> None:
    taken, blurred_taken = images.jpeg(1), images.jpeg(2)
    marked, blurred, hazard_id = drawn_on(smaller(taken)), smaller(blurred_taken), ids.new_id()
    said = [
        {**marked.manifest, "shot": SHOT, "original": taken.manifest, "edits": ["marks", "stamp"]},
        {**blurred.manifest, "shot": SHOT, "original": blurred_taken.manifest, "edits": ["blur"]},
    ]
    body = {**hazard([marked, blurred], enterprise_id=world.unions.shipyard), "photos": said}
    assert phone.declare(hazard_id, body).status == 422
    del said[1]["original"]
    phone.declare(hazard_id, body).ok()
    for position, sample in enumerate((marked, blurred)):
        phone.upload(hazard_id, sample, position).ok()
    photos = [UUID(each["id"]) for each in phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["photos"]]
    run_jobs()
    page = desk_of(world.people.town_reviewer).get(f"/console/submissions/{hazard_id}").ok().text
    assert page.count("请职工发原图") == 1
    assert all(
        words in page for words in ("上报人已标注、写上时间地点", "上报人已打码<", "没有原图：打了码的照片，原图不发")
    )
    assert re.findall(r'original-words="([^"]+)"', page) == ["发来的图", "发来的图"]
    assert [follow(phone, photo_id, taken).status for photo_id in photos] == [200, 404]
    run_jobs()
    page = desk_of(world.people.town_reviewer).get(f"/console/submissions/{hazard_id}").ok().text
    assert re.findall(r'original-words="([^"]+)"', page) == ["原图", "发来的图"]
    assert load(database, photos[0])[1].state == "matched"
