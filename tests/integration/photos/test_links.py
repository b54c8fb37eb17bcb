"""A signed link opens one picture for a while, to whoever has it; anything else opens nothing and tells nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from server.core import ids
from server.core.db import Database
from server.core.settings import Settings
from server.photos.models import Photo
from server.photos.pictures.keys import DERIVED, Variant
from server.photos.pictures.links import photo_url, photo_urls
from tests.support import images
from tests.support.callers import Answer, Phone, hazard
from tests.support.images import Sample
from tests.support.world import World

embedded_only = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
SAMPLE = images.jpeg(1)
PICTURES = (Variant.ORIGINAL, *DERIVED)


@pytest.fixture
def photo(phone: Phone, world: World, database: Database, run_jobs: Callable[[], int]) -> Photo:
    """A photo with its derivatives."""
    hazard_id = send(phone, world, SAMPLE)
    run_jobs()
    return load(database, hazard_id)


def send(phone: Phone, world: World, sample: Sample) -> UUID:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard([sample], enterprise_id=world.unions.shipyard)).ok()
    phone.upload(hazard_id, sample).ok()
    return hazard_id


def load(database: Database, hazard_id: UUID) -> Photo:
    with database.reading() as session:
        return session.scalars(select(Photo).where(Photo.submission_id == hazard_id)).one()


def link(app: Flask, photo: Photo, variant: Variant, now: datetime | None = None) -> str:
    with app.app_context():
        return str(photo_url(photo, variant, now=now))


def follow(app: Flask, url: str, **headers: str) -> Answer:
    """As a browser does that has nothing but the link."""
    if url.startswith("http"):
        answer = requests.get(url, timeout=10, headers=headers)
        return Answer(answer.status_code, answer.content, answer.headers)
    response = app.test_client().get(url, headers=headers)
    if response.status_code == 302:  # an original in a bucket: which object that is, only the service knows
        return follow(app, response.location)
    with response:
        return Answer(response.status_code, response.get_data(), response.headers)  # type: ignore[arg-type]  # a mapping


def test_a_link_opens_its_picture_without_signing_in(app: Flask, photo: Photo) -> None:
    for variant in PICTURES:
        answer = follow(app, link(app, photo, variant)).ok()
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "private" in answer.headers["Cache-Control"]
        assert (answer.body == SAMPLE.content) == (variant is Variant.ORIGINAL)
    with app.app_context():
        assert photo_urls(photo).display == link(app, photo, Variant.DISPLAY)


def test_the_worker_gets_links_in_the_answer(app: Flask, phone: Phone, photo: Photo) -> None:
    (shown,) = phone.get(f"/api/v1/submissions/{photo.submission_id}").ok().json["photos"]
    assert shown["state"] == "ready"
    assert follow(app, shown["thumbnail_url"]).ok().body.startswith(b"\xff\xd8")
    assert follow(app, shown["display_url"]).ok().body.startswith(b"\xff\xd8")


def test_there_is_no_link_to_what_is_not_there_yet(app: Flask, phone: Phone, world: World, database: Database) -> None:
    photo = load(database, send(phone, world, SAMPLE))
    with app.app_context():
        assert photo_url(photo, Variant.DISPLAY) is None
        assert photo_url(photo, Variant.ORIGINAL) is not None


def test_pages_made_within_minutes_carry_the_same_link(app: Flask, photo: Photo) -> None:
    start = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    links = [link(app, photo, Variant.DISPLAY, start + timedelta(minutes=minutes)) for minutes in (0, 1, 4.9, 5, 16)]
    assert links[0] == links[1] == links[2]
    assert len(set(links)) == 3


@embedded_only
def test_a_link_lives_a_quarter_of_an_hour_and_a_little(app: Flask, photo: Photo, settings: Settings) -> None:
    now = datetime.now(UTC)
    assert settings.photo_link_minutes == 15
    assert follow(app, link(app, photo, Variant.DISPLAY, now - timedelta(minutes=14))).status == 200
    assert follow(app, link(app, photo, Variant.DISPLAY, now - timedelta(minutes=21))).status == 403


@embedded_only
def test_a_link_tampered_with_opens_nothing_and_tells_nothing(app: Flask, photo: Photo) -> None:
    good = link(app, photo, Variant.DISPLAY)
    end = good.partition("e=")[2].partition("&")[0]
    tampered = [
        good.replace(str(photo.id), str(ids.new_id())),
        good.replace("/display", "/original"),
        good.replace(f"e={end}", f"e={int(end) + 60}"),
        good.replace(f"e={end}", "e=" + "9" * 50),
        good.replace(f"e={end}", "e=٣"),
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.partition("s=")[0] + "s=钥匙",
        good.partition("?")[0],
    ]
    answers = [follow(app, url) for url in tampered]
    assert {answer.status for answer in answers} == {403}
    assert len({answer.body for answer in answers}) == 1 or all("链接" in answer.text for answer in answers)


@embedded_only
def test_a_genuine_link_to_a_photo_that_is_gone_is_not_found(app: Flask, photo: Photo, database: Database) -> None:
    urls = [link(app, photo, variant) for variant in PICTURES]
    with database.transaction() as session:
        gone = session.get_one(Photo, photo.id)
        session.delete(gone)
    app.extensions["object_store"].delete(f"photos/{photo.id.hex[-2:]}/{photo.id}.display")
    assert follow(app, urls[0]).status == 404
    assert follow(app, urls[1]).status == 404


@embedded_only
def test_a_picture_is_handed_out_as_nothing_else(app: Flask, phone: Phone, world: World, database: Database) -> None:
    sly = Sample(images.bare_jpeg().content + b"<script>alert(1)</script>", "photo.html", "text/html")
    photo = load(database, send(phone, world, sly))
    answer = follow(app, link(app, photo, Variant.ORIGINAL)).ok()
    assert answer.body == sly.content
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@embedded_only
def test_a_browser_may_resume_and_revalidate(app: Flask, photo: Photo) -> None:
    url = link(app, photo, Variant.ORIGINAL)
    whole = follow(app, url).ok()
    assert follow(app, url, Range="bytes=10-19").body == SAMPLE.content[10:20]
    assert follow(app, url, **{"If-None-Match": whole.headers["ETag"]}).status == 304


@pytest.mark.parametrize("backend", ["scaled"], indirect=True)
@pytest.mark.servers
def test_with_s3_the_link_leads_to_the_bucket_and_our_own_route_there_too(
    app: Flask, photo: Photo, settings: Settings
) -> None:
    from server.photos.pictures.links import local_link, period

    assert link(app, photo, Variant.DISPLAY).startswith(f"{settings.photo_origin}/")
    ours = local_link(settings, photo.id, Variant.DISPLAY, period(settings, datetime.now(UTC))[1])
    answer = app.test_client().get(ours)
    assert answer.status_code == 302
    assert follow(app, answer.headers["Location"]).ok().body.startswith(b"\xff\xd8")
