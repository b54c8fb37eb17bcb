"""Rows share what is stored of a file; it goes with the last of them, and what no row speaks of goes by itself."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from server.core import clock, ids
from server.core.db import Database
from server.core.errors import Conflict
from server.core.kept_files.files import PostedFile
from server.core.settings import Settings
from server.core.storage.base import ObjectStore, StorageError
from server.kit.files.actions import copy_files, drop_files
from server.kit.files.jobs import sweep_shard
from server.kit.files.queries import list_files
from server.kit.files.serving.reading import missing_keys, read_file
from server.kit.files.upload import receiving
from server.kit.files.upload.posting import attach_posted
from server.unions.actor import Actor
from server.unions.people.models import Person
from tests.integration.files.conftest import Rows, listed, put, stored
from tests.support import documents, images
from tests.support.backends import job_context
from tests.support.callers import Phone
from tests.support.counting import count_statements
from tests.support.world import World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
RunJobs = Callable[..., int]


def test_copies_outlive_what_they_were_copied_from(
    phone: Phone,
    row: UUID,
    answers: Rows,
    world: World,
    database: Database,
    object_store: ObjectStore,
    run_jobs: RunJobs,
) -> None:
    sample, other = images.jpeg(1), answers.new(world.people.worker.id)
    file_id = put(phone, row, sample, field="photos").ok().json["id"]
    put(phone, row, documents.pdf()).ok()
    with database.transaction() as session:
        assert len(copy_files(session, "letter", row, "letter", other, now=clock.now(), fields={"photos"})) == 1
    run_jobs()
    (copy,) = listed(phone, other)
    assert (copy["state"], copy["name"], copy["field"]) == ("ready", sample.name, "photos")
    assert copy["id"] != file_id
    assert phone.delete(f"/api/v1/files/{file_id}").status == 204
    run_jobs()
    with database.reading() as session:
        (kept,) = list_files(session, "letter", [other])[other]
        with read_file(object_store, kept) as stream:
            assert stream.read() == sample.content
        assert missing_keys(session, object_store) == []
    with database.transaction() as session:
        assert drop_files(session, "letter", [row, other]) == 2
    run_jobs()
    assert stored(object_store) == []


def test_the_files_of_many_rows_are_read_by_one_statement(
    phone: Phone, answers: Rows, world: World, database: Database
) -> None:
    rows = [answers.new(world.people.worker.id) for _ in range(3)]
    for each in rows[:2]:
        put(phone, each, documents.pdf()).ok()
    with database.reading() as session, count_statements(database.engine) as counted:
        found = list_files(session, "letter", rows)
    assert ([len(found[each]) for each in rows], len(counted)) == ([1, 1, 0], 1)


def test_an_upload_whose_row_fails_leaves_nothing(
    phone: Phone, row: UUID, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StorageError

    monkeypatch.setattr(receiving, "keep_file", fail)
    assert put(phone, row, documents.pdf()).status == 503
    assert stored(object_store) == []


def test_what_a_dead_process_left_is_swept_away_and_nothing_else(
    phone: Phone, row: UUID, object_store: ObjectStore, database: Database, settings: Settings, run_jobs: RunJobs
) -> None:
    put(phone, row, images.jpeg(1)).ok()
    run_jobs()
    kept, lost = stored(object_store), ids.new_id()
    object_store.put_bytes(f"files/{lost.hex[-2:]}/{lost}.original", b"left", "application/pdf")
    context, later = job_context(settings, database), clock.now() + timedelta(minutes=1)
    assert sum(sweep_shard(context, shard, clock.now() - timedelta(days=1)) for shard in range(256)) == 0
    assert sum(sweep_shard(context, shard, later) for shard in range(256)) == 1
    assert stored(object_store) == kept


def test_an_original_that_is_gone_is_missed(
    phone: Phone, row: UUID, object_store: ObjectStore, database: Database
) -> None:
    put(phone, row, documents.pdf()).ok()
    (key,) = stored(object_store)
    object_store.delete(key)
    with database.reading() as session:
        assert missing_keys(session, object_store) == [key]


def test_a_file_of_a_form_is_kept_by_the_same_checks(app: Flask, notices: Rows, notice: UUID, world: World) -> None:
    reviewer = world.people.town_reviewer
    actor = Actor(reviewer.id, reviewer.name, ids.new_id(), None)
    sample = documents.office("xlsx")
    with app.test_request_context("/console/", method="POST"):
        posted = PostedFile("../名\0册.xlsx", sample.content)
        file = attach_posted(notices.kind(), notice, posted, actor=actor, now=clock.now())
        assert (file.name, file.media_type, file.position) == ("名册.xlsx", sample.media_type, 0)
        with pytest.raises(Conflict):
            attach_posted(
                notices.kind(), notice, PostedFile("a.pdf", documents.pdf().content), file_id=file.id, actor=actor,
                now=clock.now(),
            )  # fmt: skip


def test_a_person_gets_their_files_and_is_forgotten_with_what_tells_of_them(
    phone: Phone, row: UUID, world: World, database: Database, object_store: ObjectStore, run_jobs: RunJobs,
    time_machine: Any,
) -> None:  # fmt: skip
    with database.transaction() as session:
        session.get_one(Person, world.people.worker.id).name = "赵小船"
    put(phone, row, documents.pdf(name="赵小船的说明.pdf")).ok()
    put(phone, row, images.jpeg(1)).ok()
    run_jobs()
    phone.post("/api/v1/me/exports").ok()
    run_jobs()
    url = phone.get("/api/v1/me/data").ok().json["export"]["url"]
    archive = zipfile.ZipFile(io.BytesIO(phone.transport.send("GET", url).ok().body))
    document, photo = json.loads(archive.read("我的信息.json"))["附件"]
    assert archive.read(document["file"]) == documents.pdf().content
    assert b"Exif" not in archive.read(photo["file"])
    assert phone.post("/api/v1/me/erasure", {"confirm": True}).status == 201
    run_jobs()
    time_machine.move_to(clock.now() + timedelta(days=7, minutes=1))
    run_jobs()
    with database.reading() as session:
        document_row, photo_row = list_files(session, "letter", [row])[row]
        assert document_row.name == "××的说明.pdf"
        with read_file(object_store, photo_row) as original:
            content = original.read()
    assert b"Exif" not in content
    assert photo_row.size == len(content)
