"""A signed link opens one file for a while. What came from outside is saved; only pictures made of it are shown."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from server.core import clock, ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.kit.files.queries import find_file
from server.kit.files.serving.links import signed_file_url
from tests.integration.files.conftest import listed, put, stored
from tests.support import documents, images
from tests.support.callers import Answer, Desk, Phone

embedded_only = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def follow(app: Flask, url: object) -> Answer:
    """As a browser does that has nothing but the link."""
    if str(url).startswith("http"):
        answer = requests.get(str(url), timeout=10)
        return Answer(answer.status_code, answer.content, answer.headers)
    response = app.test_client().get(str(url))
    with response:
        return Answer(response.status_code, response.get_data(), response.headers)  # type: ignore[arg-type]  # a mapping


def test_a_document_is_saved_and_never_shown(app: Flask, phone: Phone, row: UUID) -> None:
    sample = documents.pdf(b"<script>alert(1)</script>")
    answer = follow(app, put(phone, row, sample).ok().json["url"]).ok()
    assert answer.body == sample.content
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "%E9%80%9A%E7%9F%A5.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "'self'" not in answer.headers["Content-Security-Policy"]
    assert "private" in answer.headers["Cache-Control"]


def test_a_picture_is_shown_upright_and_without_what_the_camera_wrote(
    app: Flask, phone: Phone, row: UUID, run_jobs: Callable[[], int]
) -> None:
    sample = images.jpeg(1, orientation=6)
    new = put(phone, row, sample).ok().json
    assert (new["state"], new["display_url"], new["thumbnail_url"]) == ("received", None, None)
    run_jobs()
    (ready,) = listed(phone, row)
    assert (ready["state"], ready["width"], ready["height"]) == ("ready", 900, 1200)
    for name in ("display_url", "thumbnail_url"):
        answer = follow(app, ready[name]).ok()
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Content-Disposition"] == "inline"
        assert b"Exif" not in answer.body
    original = follow(app, ready["url"]).ok()
    assert (original.body, original.headers["Content-Disposition"][:10]) == (sample.content, "attachment")


@embedded_only
def test_a_picture_that_cannot_be_opened_is_kept_and_said_to_be_damaged(
    phone: Phone, row: UUID, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.kit.files import jobs
    from server.photos.pictures.limited import Undecodable

    def fail(*_: object) -> None:
        raise Undecodable("broken")

    monkeypatch.setattr(jobs, "derive_limited", fail)
    put(phone, row, images.jpeg(1)).ok()
    run_jobs()
    (file,) = listed(phone, row)
    assert (file["state"], file["thumbnail_url"]) == ("damaged", None)


@embedded_only
def test_a_link_that_was_forged_or_has_run_out_opens_nothing(
    app: Flask, phone: Phone, row: UUID, settings: Settings, database: Database
) -> None:
    url = str(put(phone, row, documents.pdf()).ok().json["url"])
    other = str(put(phone, row, documents.pdf(b"other")).ok().json["url"])
    with app.app_context(), database.reading() as session:
        file = find_file(session, UUID(url.split("/")[2]))
        assert file is not None
        before = clock.now() - timedelta(minutes=2 * settings.photo_link_minutes)
        old = signed_file_url(file, now=before)
    signature = url.partition("&s=")[2]
    forged = [
        url.replace("&s=", "&s=x"), url.replace("?e=", "?e=9"), url.replace("original", "display"),
        url.split("?")[0], f"{other.partition('&s=')[0]}&s={signature}", old,
    ]  # fmt: skip
    assert {follow(app, each).status for each in forged} == {403}
    assert phone.delete(f"/api/v1/files/{file.id}").status == 204
    assert follow(app, url).status == 404


@embedded_only
def test_what_is_removed_goes_from_the_store_and_stays_on_record(
    phone: Phone, row: UUID, run_jobs: Callable[[], int], object_store: ObjectStore, database: Database
) -> None:
    file_id = put(phone, row, images.jpeg(1)).ok().json["id"]
    run_jobs()
    assert len(stored(object_store)) == 3
    assert phone.delete(f"/api/v1/files/{file_id}").status == 204
    assert phone.delete(f"/api/v1/files/{file_id}").status == 404
    run_jobs()
    assert (stored(object_store), listed(phone, row)) == ([], [])
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "file.removed")).one()
    assert (entry.subject_id, entry.detail["file_id"]) == (str(row), file_id)


@embedded_only
def test_the_console_adds_shows_opens_and_removes(desk: Desk, notice: UUID, app: Flask) -> None:
    file_id = ids.new_id()
    path = f"/console/files/{file_id}"
    token = {"X-CSRFToken": desk.form_token, "Content-Type": "application/octet-stream"}
    asked = f"subject=award_batch&subject_id={notice}&name=%E9%80%9A%E7%9F%A5.pdf"
    answer = desk.transport.send("POST", f"{path}?{asked}", body=documents.pdf().content, headers=token)
    assert (answer.status, "通知.pdf" in answer.text) == (201, True)
    assert desk.transport.send("POST", f"{path}?{asked}", body=documents.pdf().content, headers=token).status == 200
    link = desk.get(path)
    assert follow(app, link.headers["Location"]).ok().body == documents.pdf().content
    assert desk.transport.send("POST", f"{path}/removal", body=b"", headers=token).status == 204
    assert desk.get(path).status == 404
    assert desk.transport.send("POST", f"{path}?{asked}", body=b"x", headers={}).status == 400  # no token of the page
