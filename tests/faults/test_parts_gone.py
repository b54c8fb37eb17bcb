"""Redis, the database, the object store gone for a while: said clearly, nothing half-written, and back by itself."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from server.core import ids
from tests.faults.conftest import FragileService
from tests.support import images
from tests.support.callers import Answer, Phone, hazard
from tests.support.servers import Postgres, Redis, SeaweedFS, wait_until
from tests.support.world import World

pytestmark = [pytest.mark.servers, pytest.mark.settings(job_lease_seconds=5, job_sweep_seconds=0.5)]
scaled = pytest.mark.parametrize("backend", ["scaled"], indirect=True)


@pytest.fixture
def without_redis(redis_server: Redis) -> Iterator[Callable[[], None]]:
    yield redis_server.stop
    if redis_server.process is None:
        redis_server.start()


@pytest.fixture
def without_postgres(postgres: Postgres) -> Iterator[Callable[[], None]]:
    yield lambda: postgres.stop(signal.SIGINT)  # a fast shutdown: the test server commits without waiting for the disk
    if postgres.process is None:
        postgres.start()


@pytest.fixture
def storage(service: FragileService, request: pytest.FixtureRequest) -> Iterator["Switch"]:
    """The object store's switch, on both sizes."""
    if service.settings.object_store == "files":
        switch = Switch(*_folder_switch(Path(service.settings.data_dir) / "objects"))
    else:
        s3: SeaweedFS = request.getfixturevalue("seaweedfs")
        switch = Switch(s3.stop, s3.start)
    yield switch
    switch.on()


class Switch:
    """Takes something away and brings it back."""

    def __init__(self, off: Callable[[], object], on: Callable[[], object]) -> None:
        self._off, self._on, self._is_off = off, on, False

    def off(self) -> None:
        self._off()
        self._is_off = True

    def on(self) -> None:
        if self._is_off:
            self._on()
            self._is_off = False


def _folder_switch(folder: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    """A disk that went away: root may write anywhere, so a file stands where the folder was."""
    aside = folder.with_name("objects-aside")

    def off() -> None:
        if folder.exists():
            folder.rename(aside)
        folder.write_text("not a folder")

    def on() -> None:
        folder.unlink()
        if aside.exists():
            aside.rename(folder)

    return off, on


def wait_for_photo(service: FragileService, phone: Phone, hazard_id: UUID) -> None:
    """Wait until the derivatives of a submission's photos are there."""

    def is_ready() -> bool:
        photos = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["photos"]
        return all(photo["state"] == "ready" for photo in photos)

    try:
        wait_until(is_ready, "the derivatives", 60)
    except RuntimeError as error:
        raise RuntimeError(f"{error}\n{service.log()}") from error


def kept_files(service: FragileService) -> list[Path]:
    """Every file that looks like part of a photo, below the data directory and among temporary files."""
    folder = Path(service.settings.data_dir)
    return [path for path in folder.rglob("*") if path.is_file() and path.read_bytes()[:2] == b"\xff\xd8"]


def assert_unavailable(answer: Answer) -> None:
    assert answer.status == 503, answer.text
    error = answer.json["error"]
    assert error["code"]
    assert "稍后" in error["message"] or "重试" in error["message"]
    assert error["request_id"]


@scaled
def test_without_redis_requests_succeed_and_the_sweep_does_the_work(
    service: FragileService, world: World, without_redis: Callable[[], None]
) -> None:
    phone = service.phone("demo:worker-1")
    without_redis()
    hazard_id = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard)
    wait_for_photo(service, phone, hazard_id)
    began = time.monotonic()
    phone.report(images.jpeg(2), enterprise_id=world.unions.shipyard)
    assert time.monotonic() - began < 5  # and it does not wait for Redis at every step


@scaled
def test_with_redis_back_the_worker_is_woken_up_again(
    service: FragileService, world: World, redis_server: Redis, without_redis: Callable[[], None]
) -> None:
    phone = service.phone("demo:worker-1")
    without_redis()
    phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard)
    redis_server.start()
    hazard_id = phone.report(images.jpeg(2), enterprise_id=world.unions.shipyard)
    wait_for_photo(service, phone, hazard_id)


@scaled
def test_without_the_database_callers_are_told_to_wait_and_it_recovers(
    service: FragileService, world: World, postgres: Postgres, without_postgres: Callable[[], None]
) -> None:
    phone = service.phone("demo:worker-1")
    hazard_id = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard)
    without_postgres()
    assert_unavailable(phone.get(f"/api/v1/submissions/{hazard_id}"))
    assert_unavailable(phone.declare(ids.new_id(), hazard([images.jpeg(2)])))
    assert phone.get("/healthz").status == 200
    wait_until(lambda: phone.get("/readyz").status == 503, "readyz", 10)
    assert set(phone.get("/readyz").json["error"]["fields"]) == {"database"}
    postgres.start()
    assert phone.get(f"/api/v1/submissions/{hazard_id}").status == 200
    wait_for_photo(service, phone, hazard_id)


def test_without_the_object_store_an_upload_is_refused_and_can_be_repeated(
    service: FragileService, world: World, storage: Switch
) -> None:
    phone = service.phone("demo:worker-1")
    sample, hazard_id = images.jpeg(1), ids.new_id()
    phone.declare(hazard_id, hazard([sample], enterprise_id=world.unions.shipyard)).ok()
    storage.off()
    assert_unavailable(phone.upload(hazard_id, sample))
    submission = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json
    assert (submission["status"], submission["photos_received"]) == ("incomplete", 0)
    assert kept_files(service) == []  # nor half a photo anywhere
    wait_until(lambda: phone.get("/readyz").status == 503, "readyz", 10)
    storage.on()
    assert phone.upload(hazard_id, sample).ok().json["complete"]
    wait_for_photo(service, phone, hazard_id)
