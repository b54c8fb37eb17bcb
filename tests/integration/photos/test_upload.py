"""A declared photo comes in: once, whole, checked, and nothing is left of what was refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.core import ids
from server.core.db import Database
from server.core.jobs.models import Job
from server.core.storage.base import ObjectStore
from server.photos.models import Photo, PhotoState
from server.review.submissions.models import Move, SubmissionStep
from tests.support import images
from tests.support.callers import Answer, Phone, hazard
from tests.support.images import Sample
from tests.support.world import Someone, World

BOUNDARY = "----suishoupai"


def declare(phone: Phone, world: World, *photos: Sample) -> UUID:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard(photos, enterprise_id=world.unions.shipyard)).ok()
    return hazard_id


def stored(store: ObjectStore) -> list[str]:
    return [found.key for found in store.objects("photos/")]


def nothing_is_left(store: ObjectStore, database: Database) -> bool:
    """No object, no file on its way, no photo received, no job."""
    with database.reading() as session:
        here = session.scalar(select(func.count()).where(Photo.state != PhotoState.AWAITED))
        jobs = session.scalar(select(func.count()).where(Job.name == "photos.make_derivatives"))
    return not stored(store) and not list(store.staging.glob("*")) and not here and not jobs


def form(*parts: tuple[str, bytes], boundary: str = BOUNDARY) -> bytes:
    pieces = []
    for name, content in parts:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="x.jpg"\r\n\r\n'
        pieces.append(head.encode() + content + b"\r\n")
    return b"".join(pieces) + f"--{boundary}--\r\n".encode()


def send_body(phone: Phone, hazard_id: UUID, body: bytes, content_type: str | None = None) -> Answer:
    headers = {"Content-Type": content_type or f"multipart/form-data; boundary={BOUNDARY}"}
    return phone.post(f"/api/v1/submissions/{hazard_id}/photos", body=body, headers=headers)


def test_each_answer_tells_how_many_of_how_many_have_arrived(phone: Phone, world: World) -> None:
    samples = [images.jpeg(1), images.heic(2), images.png(3)]
    hazard_id = declare(phone, world, *samples)
    first, second, third = (phone.upload(hazard_id, sample, at).ok().json for at, sample in enumerate(samples))
    assert first == {"position": 0, "received": 1, "expected": 3, "complete": False, "status": "incomplete"}
    assert second["received"] == 2
    assert third == {"position": 2, "received": 3, "expected": 3, "complete": True, "status": "queued"}


def test_the_original_is_kept_byte_for_byte(phone: Phone, world: World, object_store: ObjectStore) -> None:
    sample = images.jpeg(1)
    phone.upload(declare(phone, world, sample), sample).ok()
    (key,) = stored(object_store)
    with object_store.open(key) as kept:
        assert kept.read() == sample.content
    assert not list(object_store.staging.glob("*"))


def test_a_photo_sent_again_changes_nothing(phone: Phone, world: World, object_store: ObjectStore) -> None:
    one, two = images.jpeg(1), images.jpeg(2)
    hazard_id = declare(phone, world, one, two)
    first = phone.upload(hazard_id, one, 0).ok()
    kept = stored(object_store)
    again = phone.upload(hazard_id, one, 0)
    assert (again.status, again.json) == (200, first.json)
    assert stored(object_store) == kept


def test_a_photo_sent_again_after_arrival_tells_where_the_submission_stands(phone: Phone, world: World) -> None:
    sample = images.jpeg(1)
    hazard_id = declare(phone, world, sample)
    first = phone.upload(hazard_id, sample).ok().json
    assert phone.upload(hazard_id, sample).ok().json == first


def test_the_hash_decides_which_photo_it_is(phone: Phone, world: World) -> None:
    one, two = images.jpeg(1), images.jpeg(2)
    hazard_id = declare(phone, world, one, two)
    assert phone.upload(hazard_id, two, 0).ok().json["position"] == 1


def test_the_position_tells_equal_photos_apart(phone: Phone, world: World) -> None:
    same = images.jpeg(1)
    hazard_id = declare(phone, world, same, same)
    assert phone.upload(hazard_id, same, 1).ok().json["position"] == 1
    assert phone.upload(hazard_id, same, 1).ok().json["received"] == 1
    assert phone.upload(hazard_id, same, 0).ok().json["complete"] is True


@pytest.mark.parametrize(
    ("sample", "status", "code"),
    [
        (images.truncated(), 422, "photo_truncated"),
        (images.truncated(images.heic()), 422, "photo_truncated"),
        (images.disguised("html"), 415, "photo_type"),
        (images.disguised("svg"), 415, "photo_type"),
        (images.disguised("zip"), 415, "photo_type"),
        (images.animated("GIF"), 415, "photo_type"),
        (images.animated("WEBP"), 422, "photo_animated"),
        (images.animated("PNG"), 422, "photo_animated"),
        (images.bomb(), 413, "photo_too_many_pixels"),
    ],
    ids=lambda value: value.name if isinstance(value, Sample) else str(value),
)
def test_what_is_not_a_whole_photo_is_refused_and_leaves_nothing(
    phone: Phone, world: World, object_store: ObjectStore, database: Database, sample: Sample, status: int, code: str
) -> None:
    answer = phone.upload(declare(phone, world, sample), sample)
    assert (answer.status, answer.code) == (status, code)
    assert nothing_is_left(object_store, database)


def test_a_photo_that_was_not_declared_is_refused_and_leaves_nothing(
    phone: Phone, world: World, object_store: ObjectStore, database: Database
) -> None:
    answer = phone.upload(declare(phone, world, images.jpeg(1)), images.jpeg(2))
    assert (answer.status, answer.code) == (422, "photo_not_declared")
    assert nothing_is_left(object_store, database)


def test_an_empty_file_is_refused_as_such(
    phone: Phone, world: World, object_store: ObjectStore, database: Database
) -> None:
    answer = send_body(phone, declare(phone, world, images.jpeg()), form(("file", b""), ("position", b"0")))
    assert (answer.status, answer.code) == (422, "photo_empty")
    assert nothing_is_left(object_store, database)


@pytest.mark.settings(photo_max_bytes=100_000)
@pytest.mark.parametrize("excess", [1, 50_000, 500_000], ids=["a byte", "early", "unread"])
def test_a_file_over_the_cap_is_refused_and_leaves_nothing(
    phone: Phone, world: World, object_store: ObjectStore, database: Database, excess: int
) -> None:
    hazard_id = declare(phone, world, images.webp())
    answer = phone.upload(hazard_id, Sample(images.webp().content.ljust(100_000 + excess, b"\0")))
    assert (answer.status, answer.code) == (413, "photo_too_large")
    assert nothing_is_left(object_store, database)


def test_nobody_elses_submission_takes_a_photo(
    phone: Phone,
    phone_of: Callable[[Someone | None], Phone],
    world: World,
    object_store: ObjectStore,
    database: Database,
) -> None:
    sample = images.jpeg()
    hazard_id = declare(phone, world, sample)
    stranger = phone_of(world.people.stranger).upload(hazard_id, sample)
    unknown = phone.upload(ids.new_id(), sample)
    assert (stranger.status, unknown.status) == (404, 404)
    assert stranger.code == unknown.code
    assert phone_of(None).upload(hazard_id, sample).status == 401
    assert nothing_is_left(object_store, database)


def test_a_withdrawn_submission_takes_no_photos(
    phone: Phone, world: World, object_store: ObjectStore, database: Database
) -> None:
    sample = images.jpeg()
    hazard_id = declare(phone, world, sample)
    phone.post(f"/api/v1/submissions/{hazard_id}/withdraw").ok()
    assert phone.upload(hazard_id, sample).status == 409
    assert nothing_is_left(object_store, database)


@pytest.mark.parametrize("order", [1, -1], ids=["file first", "position first"])
def test_file_and_position_may_come_in_either_order(phone: Phone, world: World, order: int) -> None:
    sample = images.jpeg()
    hazard_id = declare(phone, world, sample)
    parts = [("file", sample.content), ("position", b"0")][::order]
    assert send_body(phone, hazard_id, form(*parts)).ok().json["received"] == 1


FILE = ("file", b"x")
BAD_FORMS = {
    "no file": (form(("position", b"0")), 422, {"file"}),
    "no position": (form(FILE), 422, {"position"}),
    "two files": (form(FILE, ("position", b"0"), FILE), 422, {"file"}),
    "unknown field": (form(FILE, ("position", b"0"), ("caption", b"hello")), 422, {"caption"}),
    "negative position": (form(FILE, ("position", b"-1")), 422, {"position"}),
    "endless position": (form(FILE, ("position", b"1" * 10_000)), 422, {"position"}),
    "arabic digits": (form(FILE, ("position", "١".encode())), 422, {"position"}),
    "no name": (form(("", b"x")), 422, {"form"}),
    "no end": (form(FILE, ("position", b"0"))[:-8], 400, set()),
    "garbage": (b"\0" * 1000, 400, set()),
}


@pytest.mark.parametrize("name", BAD_FORMS)
def test_a_malformed_form_is_refused_and_leaves_nothing(
    phone: Phone, world: World, object_store: ObjectStore, database: Database, name: str
) -> None:
    body, status, fields = BAD_FORMS[name]
    answer = send_body(phone, declare(phone, world, images.jpeg()), body)
    assert (answer.status, set(answer.json["error"]["fields"])) == (status, fields)
    assert nothing_is_left(object_store, database)


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 500]
)
def test_what_is_no_form_is_refused(phone: Phone, world: World, kind: str) -> None:
    assert send_body(phone, declare(phone, world, images.jpeg()), b"{}", kind).status in (400, 415)


class BrokenBody:
    """What the phone managed to send before the line went dead; watches the database meanwhile."""

    def __init__(self, sent: bytes, database: Database) -> None:
        self.sent, self.database, self.connections_held = sent, database, -1

    def read(self, size: int = -1) -> bytes:
        self.connections_held = self.database.engine.pool.checkedout()  # type: ignore[attr-defined]  # QueuePool
        piece, self.sent = self.sent[:size], self.sent[size:]
        return piece


def send_stream(app: Flask, phone: Phone, hazard_id: UUID, stream: Any, length: int) -> Any:
    return app.test_client().post(
        f"/api/v1/submissions/{hazard_id}/photos",
        headers={"Authorization": f"Bearer {phone.token}"},
        environ_overrides={
            "wsgi.input": stream,
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
            "CONTENT_LENGTH": str(length),
        },
    )


def test_an_interrupted_upload_leaves_nothing(
    app: Flask, phone: Phone, world: World, object_store: ObjectStore, database: Database
) -> None:
    sample = images.jpeg()
    hazard_id = declare(phone, world, sample)
    body = form(("position", b"0"), ("file", sample.content))
    answer = send_stream(app, phone, hazard_id, BrokenBody(body[: len(body) // 2], database), len(body))
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "upload_interrupted")
    assert nothing_is_left(object_store, database)
    assert phone.upload(hazard_id, sample).ok().json["complete"] is True


def test_no_connection_is_held_while_the_body_comes_in(
    app: Flask, phone: Phone, world: World, database: Database
) -> None:
    sample = images.jpeg()
    hazard_id = declare(phone, world, sample)
    body = form(("position", b"0"), ("file", sample.content))
    stream = BrokenBody(body, database)
    assert send_stream(app, phone, hazard_id, stream, len(body)).status_code == 200
    assert stream.connections_held == 0


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """All answers of calls that start together."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> Answer:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_the_last_two_photos_at_once_complete_the_submission_exactly_once(
    app: Flask, phone: Phone, phone_of: Callable[[Someone | None], Phone], world: World, database: Database
) -> None:
    one, two = images.jpeg(1), images.jpeg(2)
    for _ in range(5):
        hazard_id = declare(phone, world, one, two)
        phones = [phone_of(world.people.worker), phone_of(world.people.worker)]
        answers = at_once(
            partial(phones[0].upload, hazard_id, one, 0),
            partial(phones[1].upload, hazard_id, two, 1),
        )
        assert sorted(answer.ok().json["received"] for answer in answers) == [1, 2]
        assert [answer.json["complete"] for answer in answers].count(True) == 1
        with database.reading() as session:
            arrivals = session.scalar(
                select(func.count()).where(
                    SubmissionStep.submission_id == hazard_id, SubmissionStep.move == Move.SUBMIT
                )
            )
        assert arrivals == 1


def test_the_same_photo_twice_at_once_is_kept_once(
    phone: Phone, phone_of: Callable[[Someone | None], Phone], world: World, object_store: ObjectStore
) -> None:
    sample = images.jpeg(1)
    hazard_id = declare(phone, world, sample)
    phones = [phone_of(world.people.worker) for _ in range(4)]
    answers = at_once(*(partial(phone.upload, hazard_id, sample, 0) for phone in phones))
    assert [answer.ok().json["received"] for answer in answers] == [1, 1, 1, 1]
    assert len(stored(object_store)) == 1
