"""A file comes in: once, whole, checked by its content, for whom it is, and nothing is left of what was refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.core import ids
from server.core.db import Database
from server.core.jobs.models import Job
from server.core.storage.base import ObjectStore
from server.kit.files.models import AttachedFile
from tests.integration.files.conftest import Rows, listed, post_form, put, query, stored
from tests.support import documents, images
from tests.support.callers import Phone
from tests.support.images import Sample
from tests.support.world import Someone, World

embedded_only = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def nothing_is_left(store: ObjectStore, database: Database) -> bool:
    """No object, no file on its way, no row, no job."""
    with database.reading() as session:
        rows = session.scalar(select(func.count()).select_from(AttachedFile))
        jobs = session.scalar(select(func.count()).where(Job.name.like("files.%")))
    return not stored(store) and not list(store.staging.glob("*")) and not rows and not jobs


def test_documents_and_pictures_are_kept_byte_for_byte(phone: Phone, row: UUID, object_store: ObjectStore) -> None:
    samples = [documents.pdf(), documents.office("docx"), documents.of_1997(), images.jpeg(1), images.heic(2)]
    answers = [put(phone, row, sample).ok() for sample in samples[1:]]
    path = f"/api/v1/files/{ids.new_id()}/joined?{query(row, samples[0])}"
    assert phone.post(path, {"upload_id": str(ids.new_id()), "size": 9}).code == "upload_incomplete"
    answers.append(phone.post(path, phone.send_pieces(samples[0])))
    assert [answer.status for answer in answers] == [201] * 5
    assert [file["media_type"] for file in listed(phone, row)] == [
        each.media_type for each in (*samples[1:], samples[0])
    ]
    assert [file["position"] for file in listed(phone, row)] == [0, 1, 2, 3, 4]
    kept = set()
    for key in stored(object_store):
        with object_store.open(key) as stream:
            kept.add(stream.read())
    assert kept == {sample.content for sample in samples}
    assert not list(object_store.staging.glob("*"))


def test_the_same_again_says_the_same_and_another_content_is_a_conflict(
    phone: Phone, row: UUID, answers: Rows, world: World, object_store: ObjectStore
) -> None:
    file_id, sample = ids.new_id(), documents.pdf()
    first = put(phone, row, sample, file_id).ok()
    again, by_form = put(phone, row, sample, file_id), post_form(phone, row, sample, file_id)
    assert (again.status, again.json["id"]) == (by_form.status, by_form.json["id"]) == (200, first.json["id"])
    path = f"/api/v1/files/{file_id}/joined?{query(row, sample)}"
    assert phone.post(path, {"upload_id": str(ids.new_id()), "size": 9}).status == 200  # those pieces were swept
    elsewhere = answers.new(world.people.worker.id)
    for other in (put(phone, row, documents.pdf(b"other"), file_id), put(phone, elsewhere, sample, file_id)):
        assert (other.status, other.code) == (409, "content_differs")
    assert len(stored(object_store)) == 1


def test_the_same_file_sent_twice_at_once_is_kept_once(
    phone_of: Callable[[Someone], Phone], row: UUID, world: World, object_store: ObjectStore
) -> None:
    file_id, sample, phones = ids.new_id(), documents.pdf(), [phone_of(world.people.worker) for _ in range(4)]
    with ThreadPoolExecutor(len(phones)) as pool:
        statuses = sorted(pool.map(lambda phone: put(phone, row, sample, file_id).status, phones))
    assert statuses == [200, 200, 200, 201]
    assert len(stored(object_store)) == 1


@embedded_only
def test_what_came_is_confirmed_again_also_when_nothing_more_may_come(phone: Phone, row: UUID, answers: Rows) -> None:
    file_id = ids.new_id()
    put(phone, row, documents.pdf(), file_id).ok()
    answers.closed.add(row)
    assert put(phone, row, documents.pdf(), file_id).status == 200
    late = put(phone, row, documents.pdf())
    assert (late.status, late.code) == (409, "closed")
    assert phone.delete(f"/api/v1/files/{file_id}").code == "closed"


@embedded_only
@pytest.mark.parametrize(
    ("sample", "status", "code"),
    [
        (Sample(b"", "a.pdf"), 422, "file_empty"),
        (Sample(documents.pdf().content[:-20], "a.pdf"), 422, "file_damaged"),
        (Sample(b"GIF89a;%PDF-1.7\nstartxref\n0\n%%EOF", "a.pdf"), 415, "file_type"),
        (Sample(b"<html><script>alert(1)</script>", "a.pdf"), 415, "file_type"),
        (Sample(b"MZ\x90\x00", "a.docx"), 415, "file_type"),
        (images.disguised("svg"), 415, "file_type"),
        (images.animated("GIF"), 415, "file_type"),
        (images.truncated(), 422, "photo_truncated"),
        (images.bomb(), 413, "photo_too_many_pixels"),
        (documents.with_macros(), 422, "file_macros"),
        (documents.office(more={"word/vbaProject.bin": b"x"}), 422, "file_macros"),
        (documents.of_1997("a.xls", "_VBA_PROJECT".encode("utf-16-le")), 422, "file_macros"),
        (documents.of_1997("a.docx"), 422, "file_locked"),
        (documents.of_1997("a.msi"), 415, "file_type"),
        (documents.bomb(), 422, "file_swells"),
        (Sample(documents.zipped({"a.txt": b"x"}), "a.docx"), 415, "file_type"),
        (Sample(documents.office().content + b"<script>", "a.docx"), 422, "file_damaged"),
        (documents.office(content_types='<!DOCTYPE x [<!ENTITY a "b">]><Types/>'), 422, "file_damaged"),
        (documents.office(main="text/html"), 415, "file_type"),
    ],
)
def test_what_is_no_such_file_is_refused_and_leaves_nothing(
    sample: Sample, status: int, code: str, phone: Phone, row: UUID, object_store: ObjectStore, database: Database
) -> None:
    answer = put(phone, row, sample)
    assert (answer.status, answer.code) == (status, code)
    assert nothing_is_left(object_store, database)


@embedded_only
@pytest.mark.settings(file_max_bytes=100_000)
def test_what_is_too_large_is_refused_by_form_and_by_body(
    phone: Phone, row: UUID, object_store: ObjectStore, database: Database
) -> None:
    for size in (100_001, 300_000):
        sample = documents.pdf(b"x" * size)
        for answer in (put(phone, row, sample), post_form(phone, row, sample, ids.new_id())):
            assert (answer.status, answer.code) == (413, "file_too_large")
    assert nothing_is_left(object_store, database)


@embedded_only
def test_other_bytes_than_were_declared_are_refused(
    phone: Phone, row: UUID, object_store: ObjectStore, database: Database
) -> None:
    answer = put(phone, row, documents.pdf(), sha256="0" * 64)
    assert (answer.status, answer.code) == (422, "file_not_declared")
    assert nothing_is_left(object_store, database)


@embedded_only
def test_a_broken_line_leaves_nothing(
    app: Flask, phone: Phone, row: UUID, object_store: ObjectStore, database: Database
) -> None:
    sample = documents.pdf()
    answer = app.test_client().put(
        f"/api/v1/files/{ids.new_id()}?{query(row, sample)}",
        headers={"Authorization": f"Bearer {phone.token}"},
        environ_overrides={"wsgi.input": BytesIO(sample.content[:50]), "CONTENT_LENGTH": str(len(sample.content))},
    )
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "upload_interrupted")
    assert nothing_is_left(object_store, database)


@embedded_only
def test_somebody_elses_row_does_not_exist(
    phone: Phone, phone_of: Callable[[Someone], Phone], row: UUID, notice: UUID, world: World, object_store: ObjectStore
) -> None:
    kept = put(phone, row, documents.pdf()).ok().json["id"]
    stranger = phone_of(world.people.stranger)
    assert put(stranger, row, documents.pdf()).status == 404
    assert stranger.get(f"/api/v1/files?subject=letter&subject_id={row}").status == 404
    assert stranger.delete(f"/api/v1/files/{kept}").status == 404
    assert put(phone, row, documents.pdf(), subject="nothing").status == 404
    assert put(phone, notice, documents.pdf(), subject="award_batch").status == 404  # behind the other door
    assert len(stored(object_store)) == 1


@embedded_only
def test_a_field_takes_so_many_and_those_types_alone(phone: Phone, row: UUID) -> None:
    wrong = put(phone, row, documents.pdf(), field="photos")
    assert (wrong.status, wrong.code) == (415, "file_type_here")
    assert "只能传：图片" in wrong.json["error"]["message"]
    for seed in (1, 2):
        put(phone, row, images.png(seed), field="photos").ok()
    assert put(phone, row, images.png(3), field="photos").code == "too_many_files"
    put(phone, row, images.png(3)).ok()
    assert put(phone, row, images.png(4), field="nowhere").code == "file_field_unknown"


@embedded_only
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\文件\\通知.PDF", "通知.PDF"),
        ("发票\u202efdp.exe", "发票fdp.exe.pdf"),
        ("nul.pdf", "_nul.pdf"),
        ('<img src="x">.pdf', "_img src=_x__.pdf"),
        ("   ", "附件.pdf"),
        ("长" * 200 + ".pdf", "长" * 96 + ".pdf"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_one(name: str, kept: str, phone: Phone, row: UUID) -> None:
    assert put(phone, row, documents.pdf(), name=name).ok().json["name"] == kept


@embedded_only
def test_a_name_with_a_nul_in_the_address_is_refused(phone: Phone, row: UUID) -> None:
    assert put(phone, row, documents.pdf(), name="a\0b.pdf").status == 400


@embedded_only
@pytest.mark.settings(rate_limits=True, day_files=1)
def test_a_person_sends_so_many_files_a_day(phone: Phone, row: UUID) -> None:
    file_id = ids.new_id()
    put(phone, row, documents.pdf(), file_id).ok()
    refused = put(phone, row, documents.pdf())
    assert (refused.status, refused.code) == (429, "day_quota_used")
    assert put(phone, row, documents.pdf(), file_id).status == 200
