"""What every object store promises, shown on files and on a real S3 server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from server.core.settings import Settings
from server.core.storage.base import ObjectMissing, ObjectStore, StorageError, staging_file, sweep_staging
from server.core.storage.factory import open_store
from tests.support.servers import SeaweedFS

KEY = "photos/3f/one.display"


@pytest.fixture
def store(settings: Settings) -> ObjectStore:
    return open_store(settings)


def staged(store: ObjectStore, content: bytes) -> Path:
    path = staging_file(store.staging)
    path.write_bytes(content)
    return path


def read(store: ObjectStore, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def test_what_was_put_can_be_read(store: ObjectStore) -> None:
    store.put_bytes(KEY, b"picture", "image/jpeg")
    assert store.exists(KEY)
    assert read(store, KEY) == b"picture"


def test_a_file_that_was_put_is_gone_from_where_it_was(store: ObjectStore) -> None:
    path = staged(store, b"picture" * 100_000)
    store.put_file(KEY, path, "image/jpeg")
    assert not path.exists()
    assert read(store, KEY) == b"picture" * 100_000


def test_a_put_replaces_what_was_there(store: ObjectStore) -> None:
    store.put_bytes(KEY, b"old and longer", "image/jpeg")
    store.put_file(KEY, staged(store, b"new"), "image/jpeg")
    assert read(store, KEY) == b"new"


def test_what_is_not_there_is_missing(store: ObjectStore) -> None:
    assert not store.exists(KEY)
    with pytest.raises(ObjectMissing):
        store.open(KEY)


def test_deleting_twice_is_as_good_as_once(store: ObjectStore) -> None:
    store.put_bytes(KEY, b"picture", "image/jpeg")
    store.delete(KEY)
    store.delete(KEY)
    assert not store.exists(KEY)


def test_a_listing_has_exactly_the_keys_with_the_prefix_in_order(store: ObjectStore) -> None:
    began = datetime.now(UTC)
    for key in ("photos/aa/2.x", "photos/aa/1.x", "photos/aa/10.x", "photos/ab/1.x", "other/1"):
        store.put_bytes(key, b"-", "image/jpeg")
    staged(store, b"on its way")
    assert [found.key for found in store.objects("photos/aa/")] == ["photos/aa/1.x", "photos/aa/10.x", "photos/aa/2.x"]
    assert [found.key for found in store.objects("photos/aa/1")] == ["photos/aa/1.x", "photos/aa/10.x"]
    assert [found.key for found in store.objects("photos/zz/")] == []
    assert all(abs(found.modified_at - began) < timedelta(minutes=1) for found in store.objects("photos/"))


BAD_KEYS = ["../secret", "/etc/passwd", "a/../b", "a//b", ".staging/x", "a/.b", "A", "a b", "", "a\n", "a" * 201]


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_names_an_object_or_nothing(store: ObjectStore, key: str) -> None:
    calls: list[Callable[[], object]] = [
        lambda: store.open(key),
        lambda: store.exists(key),
        lambda: store.delete(key),
        lambda: store.put_bytes(key, b"-", "image/jpeg"),
        lambda: store.put_file(key, staged(store, b"-"), "image/jpeg"),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="not an object key"):
            call()


def test_a_check_passes_when_the_store_takes_objects_and_leaves_none(store: ObjectStore) -> None:
    store.check()
    assert list(store.objects("")) == []


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_files_that_cannot_be_written_are_a_storage_error(settings: Settings) -> None:
    settings.data_dir.joinpath("objects").write_text("a file where the folder should be")
    store = open_store(settings)
    with pytest.raises(StorageError):
        store.check()
    with pytest.raises(StorageError):
        store.put_bytes(KEY, b"-", "image/jpeg")


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_files_stay_within_the_data_folder_and_out_of_sight_until_they_are_whole(settings: Settings) -> None:
    store = open_store(settings)
    path = staged(store, b"half")
    assert path.is_relative_to(settings.data_dir / "objects")
    assert list(store.objects("")) == []


def test_a_folder_that_goes_while_it_is_swept_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A web process sweeps as it begins: it failed to, and gunicorn gave up all of them."""
    monkeypatch.setattr(Path, "is_dir", lambda _: True)  # it was there when looked for, and is not when read
    assert sweep_staging(tmp_path / "gone", datetime.now(UTC)) == 0


@pytest.mark.parametrize("backend", ["scaled"], indirect=True)
@pytest.mark.servers
def test_a_presigned_link_opens_one_object_for_a_while(store: ObjectStore) -> None:
    now = datetime.now(UTC)
    store.put_bytes(KEY, b"picture", "image/jpeg")
    store.put_bytes("photos/3f/two.display", b"another", "image/jpeg")
    link = str(store.signed_url(KEY, now - timedelta(minutes=1), now + timedelta(minutes=1)))
    answer = requests.get(link, timeout=10)
    assert (answer.status_code, answer.content) == (200, b"picture")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"].startswith("private")
    assert requests.get(link.replace("one.", "two."), timeout=10).status_code == 403
    assert requests.put(link, data=b"x", timeout=10).status_code == 403
    stale = str(store.signed_url(KEY, now - timedelta(minutes=9), now - timedelta(minutes=1)))
    assert requests.get(stale, timeout=10).status_code == 403
    assert requests.get(link.partition("?")[0], timeout=10).status_code == 403


@pytest.mark.parametrize("backend", ["scaled"], indirect=True)
@pytest.mark.servers
def test_a_store_that_cannot_be_reached_is_a_storage_error(settings: Settings, seaweedfs: SeaweedFS) -> None:
    gone = settings.model_copy(update={"s3_endpoint_url": "http://127.0.0.1:9"})
    for broken in (gone, settings.model_copy(update={"s3_bucket": "no-such-bucket"})):
        with pytest.raises(StorageError):
            open_store(broken).check()
