"""Uploads through gunicorn: answers reach the phone also when the photo is refused before it has been sent."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
import requests

from server.core import ids
from tests.support import images
from tests.support.callers import Phone, hazard
from tests.support.images import Sample
from tests.support.service import Service

pytestmark = pytest.mark.servers
BOUNDARY = "----suishoupai"


@pytest.fixture
def phone(live_server: Service) -> Phone:
    return live_server.phone("demo:worker-1")


def declare(phone: Phone, *photos: Sample) -> UUID:
    hazard_id = ids.new_id()
    area = phone.get("/api/v1/areas").ok().json["items"][0]["id"]
    phone.declare(hazard_id, hazard(photos, area_id=area)).ok()
    return hazard_id


def test_a_photo_of_twelve_megapixels_arrives(phone: Phone) -> None:
    sample = images.jpeg(1, (4000, 3000), quality=90)
    assert phone.upload(declare(phone, sample), sample).ok().json["complete"] is True


@pytest.mark.settings(photo_max_bytes=5_000_000)
@pytest.mark.parametrize("size", [5_000_001, 9_000_000])
def test_the_phone_hears_that_its_photo_is_too_large(phone: Phone, size: int) -> None:
    answer = phone.upload(declare(phone, images.webp()), Sample(images.webp().content.ljust(size, b"\0")))
    assert (answer.status, answer.code) == (413, "photo_too_large")


def test_the_phone_hears_that_nobody_waits_for_its_photo(phone: Phone) -> None:
    answer = phone.upload(ids.new_id(), images.jpeg(1, (4000, 3000), quality=90))
    assert (answer.status, answer.code) == (404, "not_found")


def test_a_body_without_a_length_is_taken_too(phone: Phone, live_server: Service) -> None:
    sample = images.jpeg()
    hazard_id = declare(phone, sample)

    def pieces() -> Iterator[bytes]:
        yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="position"\r\n\r\n0\r\n--{BOUNDARY}\r\n'.encode()
        yield b'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        yield from (sample.content[at : at + 7000] for at in range(0, len(sample.content), 7000))
        yield f"\r\n--{BOUNDARY}--\r\n".encode()

    answer = requests.post(
        f"{live_server.base_url}/api/v1/submissions/{hazard_id}/photos",
        data=pieces(),
        headers={
            "Authorization": f"Bearer {phone.token}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        },
        timeout=30,
    )
    assert (answer.status_code, answer.json()["complete"]) == (200, True)


def web_processes(service: Service) -> list[int]:
    assert service.web is not None
    return [int(pid) for pid in Path(f"/proc/{service.web.pid}/task/{service.web.pid}/children").read_text().split()]


def open_files(service: Service) -> int:
    """Descriptors of files, in all web processes; connections come and go."""
    count = 0
    for pid in web_processes(service):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                count += not os.readlink(entry).startswith("socket:")
    return count


LONG = "x" * 300
HEAD = 'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
BROKEN_FORMS = {
    "a boundary that is too long": (LONG, f"--{LONG}\r\n{HEAD}\r\nx\r\n--{LONG}--\r\n"),
    "no end": (BOUNDARY, f"--{BOUNDARY}\r\n{HEAD}\r\n" + "x" * 600_000),
    "an unknown field": (BOUNDARY, f"--{BOUNDARY}\r\n{HEAD.replace('file', 'other', 1)}\r\nx\r\n--{BOUNDARY}--\r\n"),
    "no form at all": (BOUNDARY, "\0" * 1000),
    "a header without an end": (BOUNDARY, f"--{BOUNDARY}\r\nX: " + "y" * 100_000),
}
DOORS = ["/api/v1/submissions/{}/photos", "/console/sign-in", "/api/v1/session", "/wechat/push"]


@pytest.mark.parametrize("name", BROKEN_FORMS)
def test_a_refused_form_leaves_neither_a_descriptor_nor_a_file(phone: Phone, live_server: Service, name: str) -> None:
    hazard_id = declare(phone, images.jpeg())
    boundary, body = BROKEN_FORMS[name]
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Authorization": f"Bearer {phone.token}"}

    def knock(times: int) -> None:
        with requests.Session() as session:
            for _ in range(times):
                for door in DOORS:
                    address = live_server.base_url + door.format(hazard_id)
                    assert 400 <= session.post(address, data=body, headers=headers, timeout=30).status_code < 500

    knock(10)  # what is opened once, by each process
    before = open_files(live_server)
    knock(40)
    assert open_files(live_server) - before < 10
    assert not list(live_server.settings.data_dir.glob("**/*.part"))
