"""Which declared photo a file is, and when a batch is complete."""

from uuid import UUID

from server.core import ids
from server.photos.models import PhotoState
from server.photos.upload.batch_progress import Declared, batch_progress, choose

AWAITED, HERE = PhotoState.AWAITED, PhotoState.RECEIVED


def declared(position: int, sha256: str, state: PhotoState = AWAITED, batch_id: UUID | None = None) -> Declared:
    return Declared(ids.new_id(), position, batch_id, sha256, 10, state)


def test_the_hash_decides_whatever_the_position() -> None:
    photos = [declared(0, "a"), declared(1, "b")]
    assert choose(photos, "b", 0) is photos[1]
    assert choose(photos, "c", 0) is None


def test_among_equal_photos_the_position_decides_then_the_first_awaited() -> None:
    photos = [declared(0, "a", HERE), declared(1, "a"), declared(2, "a")]
    assert choose(photos, "a", 0) is photos[0]
    assert choose(photos, "a", 2) is photos[2]
    assert choose(photos, "a", 9) is photos[1]


def test_equal_photos_that_are_all_here_are_one_of_them() -> None:
    photos = [declared(0, "a", HERE), declared(1, "a", HERE)]
    assert choose(photos, "a", 5) is photos[0]


def test_the_photo_at_hand_counts_as_arrived() -> None:
    photos = [declared(0, "a", PhotoState.READY), declared(1, "b"), declared(2, "c")]
    progress = batch_progress(photos, photos[1])
    assert (progress.received, progress.expected, progress.complete) == (2, 3, False)


def test_a_batch_is_complete_without_the_others() -> None:
    batch_id = ids.new_id()
    photos = [declared(0, "a"), declared(1, "b", batch_id=batch_id)]
    assert batch_progress(photos, photos[1]).complete
    assert not batch_progress([*photos, declared(2, "c", batch_id=batch_id)], photos[1]).complete
