"""After a photo has come in, a job makes what is shown and fills the columns; discarding removes all of it."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from server.core import clock, ids, sandbox
from server.core.db import Database
from server.core.jobs.actions import retry_job
from server.core.jobs.models import Job, JobState
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.photos.actions import discard_photos
from server.photos.jobs import make_derivatives
from server.photos.models import Photo, PhotoState
from server.photos.pictures import limited
from server.photos.pictures.keys import Variant, derived_key
from server.photos.pictures.missing import missing_keys
from tests.support import images
from tests.support.backends import job_context
from tests.support.callers import Phone, hazard
from tests.support.images import Sample
from tests.support.world import World


def send(phone: Phone, world: World, *samples: Sample) -> UUID:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard(samples, enterprise_id=world.unions.shipyard)).ok()
    for position, sample in enumerate(samples):
        phone.upload(hazard_id, sample, position).ok()
    return hazard_id


def load(database: Database, hazard_id: UUID) -> list[Photo]:
    with database.reading() as session:
        return list(session.scalars(select(Photo).where(Photo.submission_id == hazard_id).order_by(Photo.position)))


def test_the_columns_are_filled_and_the_pictures_made(
    phone: Phone, world: World, database: Database, object_store: ObjectStore, run_jobs: Callable[[], int]
) -> None:
    hazard_id = send(phone, world, images.jpeg(1, orientation=6), images.heic(2), images.png(3), images.webp(4))
    run_jobs()
    upright, heic, png, _webp = photos = load(database, hazard_id)
    assert {photo.state for photo in photos} == {PhotoState.READY}
    assert (upright.width, upright.height) == (900, 1200)
    for photo in (upright, heic):
        assert photo.taken_at == datetime(2026, 11, 20, 1, 15, 30, tzinfo=UTC)
        assert (photo.latitude, photo.longitude) == images.QINGDAO
        assert photo.device == "HUAWEI ALN-AL00"
    assert (png.taken_at, png.latitude, png.device) == (None, None, None)
    assert len({photo.fingerprint for photo in photos}) == 4
    for photo in photos:
        for variant in (Variant.DISPLAY, Variant.THUMBNAIL):
            with object_store.open(derived_key(photo.id, variant)) as stream:
                assert stream.read(2) == b"\xff\xd8"


def test_a_photo_that_takes_too_much_is_damaged_and_the_worker_goes_on(
    phone: Phone,
    world: World,
    database: Database,
    run_jobs: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = io.BytesIO()
    Image.new("RGB", (9000, 9000), "red").save(plain, "PNG")
    costly = send(phone, world, Sample(plain.getvalue(), "photo.png", "image/png"))
    fresh = sandbox._Pool()  # a child that has worked before holds memory that it may use again
    with monkeypatch.context() as tight:
        tight.setattr(sandbox, "_pool", fresh)
        tight.setattr(limited, "MARGIN", 0.01)
        run_jobs()
    for child in fresh._idle:
        child.end()
    usual = send(phone, world, images.jpeg(2))
    run_jobs()
    assert [photo.state for hazard_id in (costly, usual) for photo in load(database, hazard_id)] == [
        PhotoState.DAMAGED,
        PhotoState.READY,
    ]


def test_making_them_twice_changes_nothing(
    phone: Phone, world: World, settings: Settings, database: Database, run_jobs: Callable[[], int]
) -> None:
    hazard_id = send(phone, world, images.jpeg())
    (before,) = load(database, hazard_id)
    context = job_context(settings, database)
    make_derivatives(context, photo_id=str(before.id))
    (first,) = load(database, hazard_id)
    make_derivatives(context, photo_id=str(before.id))
    run_jobs()
    (second,) = load(database, hazard_id)
    assert first.state is second.state is PhotoState.READY
    assert first.fingerprint == second.fingerprint


def test_a_photo_that_cannot_be_decoded_is_marked_damaged_and_kept(
    phone: Phone, world: World, database: Database, object_store: ObjectStore, run_jobs: Callable[[], int]
) -> None:
    whole = images.webp().content
    spoilt = Sample(whole[:40] + b"\xff" * (len(whole) - 40), "photo.webp", "image/webp")
    hazard_id = send(phone, world, spoilt)
    run_jobs()
    (photo,) = load(database, hazard_id)
    assert photo.state is PhotoState.DAMAGED
    (key,) = [found.key for found in object_store.objects("photos/")]
    with object_store.open(key) as stream:
        assert stream.read() == spoilt.content
    (shown,) = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["photos"]
    assert (shown["state"], shown["display_url"]) == ("damaged", None)


def test_a_photo_whose_original_is_gone_is_said_to_be_and_comes_back_with_it(
    phone: Phone, world: World, database: Database, object_store: ObjectStore, run_jobs: Callable[..., int]
) -> None:
    hazard_id = send(phone, world, images.jpeg())
    (key,) = [found.key for found in object_store.objects("photos/")]
    with object_store.open(key) as stream:
        content = stream.read()
    object_store.delete(key)
    run_jobs(expect_failures=True)
    (shown,) = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["photos"]
    assert shown["state"] == "damaged"
    with database.transaction() as session:
        assert missing_keys(session, object_store) == [key]
        dead = session.scalars(select(Job).where(Job.state == JobState.DEAD)).one()
        assert dead.error
        assert "原图不见了" in dead.error
        object_store.put_bytes(key, content, "image/jpeg")
        retry_job(session, dead.id, actor_id=None, now=clock.now())
    run_jobs()
    (shown,) = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["photos"]
    assert shown["state"] == "ready"
    with database.reading() as session:
        assert missing_keys(session, object_store) == []


def test_discarded_photos_leave_no_row_and_no_object(
    phone: Phone, world: World, database: Database, object_store: ObjectStore, run_jobs: Callable[[], int]
) -> None:
    kept, gone = send(phone, world, images.jpeg(1)), send(phone, world, images.jpeg(2), images.jpeg(3))
    run_jobs()
    with database.transaction() as session:
        assert discard_photos(session, [gone]) == 2
        assert discard_photos(session, []) == 0
    run_jobs()
    assert load(database, gone) == []
    (photo,) = load(database, kept)
    assert len(list(object_store.objects("photos/"))) == 3
    assert object_store.exists(derived_key(photo.id, Variant.DISPLAY))


def test_a_photo_discarded_while_its_pictures_are_made_leaves_nothing(
    phone: Phone,
    world: World,
    settings: Settings,
    database: Database,
    object_store: ObjectStore,
    run_jobs: Callable[[], int],
) -> None:
    hazard_id = send(phone, world, images.jpeg())
    (photo,) = load(database, hazard_id)

    class Discarding:
        """The store, in front of which the photo is discarded at the last moment."""

        def __getattr__(self, name: str) -> object:
            return getattr(object_store, name)

        def put_bytes(self, key: str, content: bytes, media_type: str) -> None:
            with database.transaction() as session:
                discard_photos(session, [hazard_id])
            object_store.put_bytes(key, content, media_type)

    context = job_context(settings, database)
    make_derivatives(type(context)(settings, database, Discarding()), photo_id=str(photo.id))  # type: ignore[arg-type]  # delegates
    run_jobs()
    assert list(object_store.objects("photos/")) == []
