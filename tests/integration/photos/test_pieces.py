"""A photo that comes in pieces: every piece counts once it was answered, whatever is cut, repeated or killed."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.core import clock, ids
from server.core.storage.base import ObjectStore, StorageError, StoredObject
from server.photos.upload.pieces import Joined, add_piece, joining, sweep_pieces
from tests.support import images
from tests.support.callers import Answer, Phone, hazard
from tests.support.examples import examples
from tests.support.world import Someone, World


def declare(phone: Phone, world: World, *photos: images.Sample) -> UUID:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard(photos, enterprise_id=world.unions.shipyard)).ok()
    return hazard_id


def send(phone: Phone, upload_id: UUID, offset: int, piece: bytes) -> Answer:
    return phone.call("PUT", f"/api/v1/uploads/{upload_id}?offset={offset}", body=piece)


def join(phone: Phone, hazard_id: UUID, upload_id: UUID, size: int, position: int = 0) -> Answer:
    body = {"upload_id": str(upload_id), "size": size, "position": position}
    return phone.post(f"/api/v1/submissions/{hazard_id}/photos/joined", body)


def left(store: ObjectStore) -> list[str]:
    return [found.key for found in store.objects("pieces/")] + [path.name for path in store.staging.glob("*")]


def test_a_photo_arrives_in_pieces_and_again_when_the_answer_got_lost(
    phone: Phone, phone_of: Callable[[Someone], Phone], world: World, object_store: ObjectStore
) -> None:
    sample, upload_id = images.jpeg(1), uuid4()
    content, half = sample.content, len(sample.content) // 2
    hazard_id = declare(phone, world, sample)
    assert send(phone, upload_id, 0, content[:half]).ok().json == {"received": half}
    assert send(phone, upload_id, 0, content[:half]).json == {"received": half}  # repeated
    assert send(phone, upload_id, half + 1, content[half + 1 :]).json == {"received": half}  # a gap
    stranger = phone_of(world.people.colleague)
    assert send(stranger, upload_id, half, content[half:]).json == {"received": 0}  # nobody adds to another's
    early = join(phone, hazard_id, uuid4(), len(content))
    assert (early.status, early.code) == (409, "upload_incomplete")
    assert send(phone, upload_id, half, content[half:]).json == {"received": len(content)}
    arrival = {"position": 0, "received": 1, "expected": 1, "complete": True, "status": "queued"}
    assert [join(phone, hazard_id, upload_id, len(content)).ok().json for _ in range(2)] == [arrival, arrival]
    (key,) = [found.key for found in object_store.objects("photos/")]
    with object_store.open(key) as kept:
        assert kept.read() == content
    assert left(object_store) == []


def test_what_is_refused_is_gone_and_what_may_succeed_later_stays(
    phone: Phone, world: World, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample, upload_id = images.jpeg(1), uuid4()
    hazard_id, size = declare(phone, world, sample), len(sample.content)
    send(phone, upload_id, 0, sample.content)
    with monkeypatch.context() as broken:
        broken.setattr(type(object_store), "put_file", lambda *_: (_ for _ in ()).throw(StorageError()))
        assert join(phone, hazard_id, upload_id, size).status == 503
    assert len(left(object_store)) == 1
    assert join(phone, hazard_id, upload_id, size).ok().json["complete"]
    other = declare(phone, world, images.jpeg(2))
    send(phone, upload_id, 0, sample.content)
    assert join(phone, other, upload_id, size).code == "photo_not_declared"
    send(phone, upload_id, 0, sample.content)
    assert join(phone, other, upload_id, size - 1).code == "upload_incomplete"
    assert left(object_store) == []


@pytest.mark.settings(photo_max_bytes=3000, video_max_bytes=2000, file_max_bytes=2000)
def test_a_file_over_the_cap_is_refused_at_the_piece_that_passes_it(phone: Phone, object_store: ObjectStore) -> None:
    upload_id = uuid4()
    assert send(phone, upload_id, 0, b"x" * 2000).ok().json == {"received": 2000}
    assert send(phone, upload_id, 2000, b"x" * 1001).code == "photo_too_large"
    assert send(phone, upload_id, 2000, b"x" * (1024 * 1024 + 1)).status == 413
    assert sweep_all(object_store, timedelta(0)) == 0
    assert sweep_all(object_store, timedelta(seconds=-60)) == 1


def sweep_all(store: ObjectStore, age: timedelta) -> int:
    return sum(sweep_pieces(store, f"{shard:02x}", clock.now() - age - timedelta(seconds=30)) for shard in range(256))


class Shelf:
    """A store of which listings may be late, as when two requests come at once."""

    def __init__(self, staging: Path) -> None:
        self.kept: dict[str, bytes] = {}
        self.seen: list[str] | None = None
        self.staging = staging

    def put_bytes(self, key: str, content: bytes, _media_type: str) -> None:
        self.kept[key] = content

    def objects(self, prefix: str) -> list[StoredObject]:
        keys = self.kept if self.seen is None else self.seen
        return [StoredObject(key, clock.now()) for key in keys if key.startswith(prefix)]

    def open(self, key: str) -> BytesIO:
        return BytesIO(self.kept[key])

    def delete(self, key: str) -> None:
        del self.kept[key]


FATES = st.sampled_from(["through", "answer lost", "lost", "two at once"])


@given(st.lists(st.tuples(st.integers(1, 40), FATES), max_size=12))
@settings(max_examples=examples(25, full=300), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_cut_the_file_is_whole_in_the_end(tmp_path: Path, sent: list[tuple[int, str]]) -> None:
    content, owner, upload_id, reach = bytes(range(100)), uuid4(), uuid4(), 0
    shelf = Shelf(tmp_path)
    store = cast(ObjectStore, shelf)
    for length, fate in [*sent, *[(40, "through")] * 4]:
        piece = content[reach : reach + length]
        if fate == "two at once":  # the one does not see the other
            shelf.seen = list(shelf.kept)
            add_piece(store, owner, upload_id, reach, piece[: length // 2])
        if fate != "lost":
            now = add_piece(store, owner, upload_id, reach, piece)
            reach = reach if fate == "answer lost" else now
        shelf.seen = None
    assert reach == len(content)
    with joining(store, owner, Joined(upload_id, len(content)), 100) as upload:
        assert upload.path.read_bytes() == content
    assert not shelf.kept
