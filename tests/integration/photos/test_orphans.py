"""Whenever an upload fails or its process dies, nothing is lost, and what is left over goes away."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from server.core import clock, ids
from server.core.db import Database
from server.core.settings import PREFIX, Settings
from server.core.storage.base import ObjectStore, StorageError, staging_file
from server.core.storage.orphans import GRACE
from server.photos import actions, jobs
from server.photos.jobs import sweep_orphans, sweep_shard
from server.photos.pictures.keys import SHARDS
from server.photos.upload import receiving
from tests.support import images
from tests.support.backends import job_context
from tests.support.callers import Phone, hazard
from tests.support.world import World

DYING_UPLOAD = """
import os, signal, sys
from server.app import create_app
from server.core.settings import load_settings
from server.photos.upload import receiving
from tests.support.callers import InProcess, Phone
from tests.support.images import jpeg

receiving.receive_photo = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
Phone(InProcess(create_app(load_settings())), sys.argv[1]).upload(sys.argv[2], jpeg())
"""


def declare(phone: Phone, world: World) -> UUID:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard([images.jpeg()], enterprise_id=world.unions.shipyard)).ok()
    return hazard_id


def keys(store: ObjectStore) -> list[str]:
    return [found.key for found in store.objects("photos/")]


def environment(settings: Settings) -> dict[str, str]:
    """The settings as another process reads them."""
    names = [*settings.model_fields_set]
    values = {name: getattr(settings, name) for name in names}
    texts = {
        name: value.get_secret_value() if hasattr(value, "get_secret_value") else value
        for name, value in values.items()
    }
    return {**os.environ, **{PREFIX + name.upper(): str(value) for name, value in texts.items()}}


def sweep_everything(settings: Settings, database: Database, age: timedelta) -> int:
    """Sweep all folders as if `age` had passed."""
    context = job_context(settings, database)
    return sum(sweep_shard(context, shard, clock.now() + age - GRACE) for shard in range(SHARDS))


@pytest.mark.slow("starts a process to kill it")
def test_a_process_killed_between_store_and_database_leaves_an_orphan_that_the_sweep_removes(
    phone: Phone, world: World, settings: Settings, database: Database, object_store: ObjectStore
) -> None:
    hazard_id = declare(phone, world)
    dead = subprocess.run(
        [sys.executable, "-c", DYING_UPLOAD, str(phone.token), str(hazard_id)],
        env=environment(settings), check=False, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert dead.returncode == -signal.SIGKILL
    (orphan,) = keys(object_store)
    assert phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["photos_received"] == 0

    assert phone.upload(hazard_id, images.jpeg()).ok().json["complete"] is True
    assert sweep_everything(settings, database, timedelta(0)) == 0  # it could still be on its way
    assert sweep_everything(settings, database, timedelta(days=1, minutes=1)) == 1
    (kept,) = keys(object_store)
    assert kept != orphan


def test_the_sweep_takes_nothing_that_is_in_use(
    phone: Phone,
    world: World,
    settings: Settings,
    database: Database,
    object_store: ObjectStore,
    run_jobs: Callable[[], int],
) -> None:
    phone.report(images.jpeg(1), images.jpeg(2), enterprise_id=world.unions.shipyard)
    run_jobs()
    before = keys(object_store)
    assert len(before) == 6
    assert sweep_everything(settings, database, timedelta(days=400)) == 0
    assert keys(object_store) == before


def test_the_sweep_removes_the_objects_of_photos_nobody_knows(
    settings: Settings, database: Database, object_store: ObjectStore
) -> None:
    photo_id = ids.new_id()
    for name in (f"{photo_id}.display", f"{photo_id}.original.{ids.new_id().hex}", "stray.bin"):
        object_store.put_bytes(f"photos/{photo_id.hex[-2:]}/{name}", b"-", "image/jpeg")
    assert sweep_everything(settings, database, timedelta(days=2)) == 3
    assert keys(object_store) == []


def test_the_sweep_removes_files_that_were_left_on_their_way(
    settings: Settings, database: Database, object_store: ObjectStore
) -> None:
    old, new = staging_file(object_store.staging), staging_file(object_store.staging)
    for path in (old, new):
        path.write_bytes(b"half a photo")
    past = (clock.now() - GRACE - timedelta(minutes=1)).timestamp()
    os.utime(old, (past, past))
    sweep_orphans(job_context(settings, database))
    assert [path.name for path in object_store.staging.iterdir()] == [new.name]


def test_a_day_of_sweeps_visits_every_folder() -> None:
    assert timedelta(days=1).total_seconds() >= jobs.SWEEP_SECONDS * SHARDS


def test_a_store_that_is_gone_is_told_and_nothing_is_noted(
    phone: Phone, world: World, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    hazard_id = declare(phone, world)

    def fail(*_: object) -> None:
        raise StorageError

    with monkeypatch.context() as patch:
        patch.setattr(object_store, "put_file", fail)
        answer = phone.upload(hazard_id, images.jpeg())
    assert (answer.status, answer.code) == (503, "storage_unavailable")
    assert list(object_store.staging.glob("*")) == []
    assert phone.upload(hazard_id, images.jpeg()).ok().json["complete"] is True


@pytest.mark.parametrize("happened", [False, True], ids=["rolled back", "committed"])
def test_when_a_commit_fails_the_object_stays_exactly_if_the_row_names_it(
    phone: Phone,
    world: World,
    database: Database,
    object_store: ObjectStore,
    monkeypatch: pytest.MonkeyPatch,
    happened: bool,
) -> None:
    hazard_id = declare(phone, world)
    original = actions.receive_photo

    def receive_and_fail(session: object, *args: object, **kwargs: object) -> None:
        original(session, *args, **kwargs)  # type: ignore[arg-type]  # passed on
        if happened:
            session.commit()  # type: ignore[attr-defined]  # a Session
        raise OperationalError("COMMIT", {}, Exception("connection lost"))

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "receive_photo", receive_and_fail)
        assert phone.upload(hazard_id, images.jpeg()).status == 503
    assert len(keys(object_store)) == (1 if happened else 0)
    again = phone.upload(hazard_id, images.jpeg()).ok()
    assert again.json["complete"] is True
    assert len(keys(object_store)) == 1
