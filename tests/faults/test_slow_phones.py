"""Fifty phones on bad lines hold up nobody, nor do many connections; a refusal reaches a phone still sending."""

import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from server.core import ids
from tests.faults.conftest import FragileService
from tests.support import images
from tests.support.callers import Desk, OverHttp, Phone, hazard
from tests.support.images import Sample
from tests.support.world import World

pytestmark = pytest.mark.servers
embedded = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

PHONES = 50
BYTES_PER_SECOND = 10_000
STEP_SECONDS = 0.1
BOUNDARY = "----phone"


def declare(phone: Phone, sample: Sample, world: World) -> UUID:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard([sample], enterprise_id=world.unions.shipyard)).ok()
    return hazard_id


def upload_request(
    service: FragileService, token: str, hazard_id: UUID, sample: Sample, position: int = 0
) -> tuple[bytes, bytes]:
    """Head and body of an upload, byte for byte."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="position"\r\n\r\n{position}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = head.encode() + sample.content + f"\r\n--{BOUNDARY}--\r\n".encode()
    lines = (
        f"POST /api/v1/submissions/{hazard_id}/photos HTTP/1.1",
        f"Host: {urlsplit(service.base_url).netloc}",
        f"Authorization: Bearer {token}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode(), body


def connect(service: FragileService) -> socket.socket:
    address = urlsplit(service.base_url)
    assert address.hostname
    return socket.create_connection((address.hostname, address.port or 80), timeout=30)


class Trickle(threading.Thread):
    """A phone that sends one photo at 10 kB/s until it is through or told to stop."""

    def __init__(self, service: FragileService, head: bytes, body: bytes) -> None:
        super().__init__(daemon=True)
        self._service, self._head, self._body = service, head, body
        self.stopping = threading.Event()
        self.answer = b""

    def run(self) -> None:
        step = int(BYTES_PER_SECOND * STEP_SECONDS)
        with closing(connect(self._service)) as line:
            line.sendall(self._head)
            for start in range(0, len(self._body), step):
                line.sendall(self._body[start : start + step])
                if self.stopping.wait(STEP_SECONDS):
                    return
            self.answer = line.recv(65536)


@pytest.fixture
def slow_phones(service: FragileService, world: World) -> Iterator[list[Trickle]]:
    """Fifty of them, in the middle of sending."""
    phone = service.phone("demo:worker-2")
    assert phone.token
    trickles = []
    for seed in range(PHONES):
        sample = images.jpeg(seed % 5 + 1)
        trickles.append(Trickle(service, *upload_request(service, phone.token, declare(phone, sample, world), sample)))
    for trickle in trickles:
        trickle.start()
    time.sleep(1)
    yield trickles
    for trickle in trickles:
        trickle.stopping.set()
    for trickle in trickles:
        trickle.join(35)


def test_fifty_slow_phones_hold_up_nobody(service: FragileService, world: World, slow_phones: list[Trickle]) -> None:
    phone = service.phone("demo:worker-1")
    desk = Desk(OverHttp(service.base_url)).sign_in(world.people.city_reviewer)
    queue, sent = [], []
    for seed in range(8):
        began = time.monotonic()
        assert desk.get("/console/queue").status == 200
        queue.append(time.monotonic() - began)
        began = time.monotonic()
        phone.report(images.jpeg(seed + 10, size=(320, 240)), enterprise_id=world.unions.shipyard)
        sent.append(time.monotonic() - began)
    assert all(trickle.is_alive() for trickle in slow_phones)  # they were there all the time
    assert statistics.median(queue) < 1.0, queue
    assert statistics.median(sent) < 2.0, sent


@embedded
@pytest.mark.settings(web_workers=1, web_threads=8)
def test_more_slow_photos_than_threads_arrive_and_hold_up_no_other_photo(
    service: FragileService, world: World, slow_phones: list[Trickle]
) -> None:
    phone = service.phone("demo:worker-1")
    began = time.monotonic()
    phone.report(images.jpeg(10, size=(320, 240)), enterprise_id=world.unions.shipyard)  # small: read at once
    phone.report(images.jpeg(11), enterprise_id=world.unions.shipyard)  # large: waits for no other
    assert all(trickle.is_alive() for trickle in slow_phones)
    assert time.monotonic() - began < 5
    slow_phones[0].join(60)
    slow_phones[-1].join(60)
    assert slow_phones[0].answer.startswith(b"HTTP/1.1 200")
    assert slow_phones[-1].answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("backend", ["scaled"], indirect=True)
@pytest.mark.settings(web_workers=1, web_threads=80)
def test_a_hundred_photos_that_become_whole_at_one_moment_are_all_taken(service: FragileService, world: World) -> None:
    phone, photos = service.phone("demo:worker-2"), [images.jpeg(seed) for seed in range(1, 10)]
    assert phone.token
    requests = []
    for _ in range(14):
        hazard_id = ids.new_id()
        phone.declare(hazard_id, hazard(photos, enterprise_id=world.unions.shipyard)).ok()
        requests += [upload_request(service, phone.token, hazard_id, photo, at) for at, photo in enumerate(photos)]
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(connect(service))) for _ in requests]
        for line, (head, body) in zip(lines, requests, strict=True):
            line.sendall(head + body[:-1])
        time.sleep(0.5)
        for line, (_, body) in zip(lines, requests, strict=True):
            line.sendall(body[-1:])
        assert {line.recv(65536)[:12] for line in lines} == {b"HTTP/1.1 200"}


@embedded
@pytest.mark.settings(web_workers=1, web_threads=8, web_address_connections=40)
def test_one_address_holds_so_many_connections(service: FragileService) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(closing(connect(service))).sendall(SLOW_STARTS["large bodies"])
        time.sleep(0.5)
        one_more = stack.enter_context(closing(connect(service)))
        assert one_more.recv(1) == b""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:  # the others have hung up
        with closing(connect(service)) as line, suppress(ConnectionError):
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            if line.recv(1000).startswith(b"HTTP/1.1"):
                return
        time.sleep(0.2)
    pytest.fail("still refused")


@embedded
def test_a_photo_that_trickles_in_arrives(service: FragileService, world: World) -> None:
    phone = service.phone("demo:worker-1")
    assert phone.token
    sample = images.jpeg(1, size=(320, 240))
    hazard_id = declare(phone, sample, world)
    trickle = Trickle(service, *upload_request(service, phone.token, hazard_id, sample))
    trickle.start()
    trickle.join(30)
    assert trickle.answer.startswith(b"HTTP/1.1 200")
    assert phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["status"] == "queued"


@embedded
def test_a_refusal_reaches_a_phone_that_is_still_sending(service: FragileService) -> None:
    sample = images.jpeg(1, size=(3000, 2200))
    path, headers = (
        f"/api/v1/submissions/{ids.new_id()}/photos",
        {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )
    _, body = upload_request(service, "no-such-token", ids.new_id(), sample)
    with closing(HTTPConnection(urlsplit(service.base_url).netloc, timeout=30)) as line:
        line.request("POST", path, body, headers)
        first = line.sock
        for _ in range(2):
            answer = line.getresponse()
            answer.read()
            assert answer.status == 401
            line.request("POST", path, body, headers)
        assert line.sock is first  # the line stays good for the next request
        line.getresponse().read()


@embedded
@pytest.mark.settings(web_silence_seconds=1.5, web_workers=1, web_threads=2)
def test_phones_that_fall_silent_are_given_up(service: FragileService, world: World) -> None:
    phone = service.phone("demo:worker-1")
    assert phone.token
    sample = images.jpeg(1)
    head, body = upload_request(service, phone.token, declare(phone, sample, world), sample)
    with ExitStack() as lines:
        for _ in range(4):  # as many as there are threads, twice over
            lines.enter_context(closing(connect(service))).sendall(head + body[:1000])
        time.sleep(0.5)
        began = time.monotonic()
        assert phone.get("/api/v1/me").status == 200  # waits until the first of them is given up
        assert time.monotonic() - began < 15


@embedded
def test_a_phone_that_hangs_up_in_the_middle_leaves_nothing_behind(service: FragileService, world: World) -> None:
    phone = service.phone("demo:worker-1")
    assert phone.token
    sample = images.jpeg(1)
    hazard_id = declare(phone, sample, world)
    head, body = upload_request(service, phone.token, hazard_id, sample)
    with closing(connect(service)) as line:
        line.sendall(head + body[: len(body) // 2])
    deadline = time.monotonic() + 10
    objects = service.settings.data_dir / "objects"
    while time.monotonic() < deadline and any(path.is_file() for path in objects.rglob("*")):
        time.sleep(0.1)
    assert not any(path.is_file() for path in objects.rglob("*"))
    assert phone.upload(hazard_id, sample).ok().json["complete"]


def trickle(lines: list[socket.socket], enough: threading.Event) -> None:
    """A byte on each line, twice a second; lines that were given up are left alone."""
    while not enough.wait(0.5):
        for line in lines:
            with suppress(OSError):
                line.send(b"x")


JSON_HEAD = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SLOW_STARTS = {
    "heads": b"GET /api/v1/areas HTTP/1.1\r\nX-Slow: ",
    "small bodies": JSON_HEAD + b"Content-Length: 900\r\n\r\n{",
    "large bodies": JSON_HEAD + b"Content-Length: 900000\r\n\r\n{",
    "chunks": JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n{",
    "blank lines": b"\r\n\r\n",
    "answered and not hung up": b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}


@embedded
@pytest.mark.settings(web_workers=1, web_threads=8)
def test_connections_that_send_a_byte_now_and_then_hold_up_nobody(service: FragileService) -> None:
    with ExitStack() as stack:
        lines = []
        for start in SLOW_STARTS.values():
            for _ in range(20):  # of each kind more than there are threads
                lines.append(stack.enter_context(closing(connect(service))))
                lines[-1].sendall(start)
        enough = threading.Event()
        slow = threading.Thread(target=trickle, args=(lines, enough))
        slow.start()
        time.sleep(1)
        phone = service.phone("demo:worker-1")
        times = []
        for _ in range(10):
            began = time.monotonic()
            phone.get("/api/v1/me").ok()
            times.append(time.monotonic() - began)
        assert slow.is_alive()  # they were there all the time
        enough.set()
        slow.join()
    assert max(times) < 2


@embedded
@pytest.mark.settings(web_workers=1, web_threads=8, web_request_seconds=2)
def test_a_request_has_a_deadline_however_often_it_sends_a_byte(service: FragileService) -> None:
    ended = {}
    with ExitStack() as stack:
        lines = {}
        for kind in ("heads", "small bodies", "large bodies", "chunks", "blank lines"):
            lines[kind] = stack.enter_context(closing(connect(service)))
            lines[kind].sendall(SLOW_STARTS[kind])
        began = time.monotonic()
        enough = threading.Event()
        slow = threading.Thread(target=trickle, args=([*lines.values()], enough))
        slow.start()
        for kind, line in lines.items():
            line.settimeout(15)
            with suppress(ConnectionError, TimeoutError):
                while line.recv(1000):  # the answer, if there is one, and the end
                    pass
            ended[kind] = time.monotonic() - began
        enough.set()
        slow.join()
    assert max(ended.values()) < 10, ended
