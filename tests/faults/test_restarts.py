"""Web servers behind a proxy are restarted one after the other: no request is lost."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from server.core.settings import Settings
from tests.faults.conftest import FragileService
from tests.support.callers import OverHttp, Phone
from tests.support.servers import Nginx, begin, wait_until
from tests.support.service import BIN

pytestmark = pytest.mark.servers
PEOPLE = 4
embedded = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


@pytest.fixture
def other(service: FragileService) -> Iterator[FragileService]:
    """Another web server of the same service."""
    another = FragileService(service.settings)
    try:
        another.start_web()
        yield another
    finally:
        another.kill()
        another.database.close()


class HeldService(FragileService):
    """Its address is held open and handed over as descriptor 3, as by systemd with suishoupai-web.socket."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.held = socket.create_server(("127.0.0.1", self.port), backlog=1024)

    def start_web(self) -> None:
        """Start gunicorn with the socket, and wait until it is ready."""
        handed = self.held.fileno()
        self.web = self._spawn(
            "bash", "-c", f'exec env LISTEN_FDS=1 LISTEN_PID=$$ "$@" 3<&{handed}', "bash", str(BIN / "gunicorn"),
            "--config", "python:server.core.ops.gunicorn_conf", "server.wsgi:app", inherited=(handed,),
        )  # fmt: skip
        wait_until(self._is_ready, f"the web server\n{self.log()}")


@pytest.fixture
def held(settings: Settings) -> Iterator[HeldService]:
    """The only web server there is."""
    only = HeldService(settings)
    try:
        only.start_web()
        yield only
    finally:
        only.kill()
        only.held.close()
        only.database.close()


@contextmanager
def signing_in(port: int) -> Iterator[Counter[int]]:
    """People sign in over and over, each time by a connection of its own; counts what is answered."""
    answers: Counter[int] = Counter()
    enough = threading.Event()

    def keep_signing_in() -> None:  # by POST, which nginx does not repeat
        while not enough.is_set():
            phone = Phone(OverHttp(f"http://127.0.0.1:{port}"))
            answers[phone.call("POST", "/api/v1/session", {"code": "demo:worker-1"}).status] += 1

    people = [threading.Thread(target=keep_signing_in) for _ in range(PEOPLE)]
    for person in people:
        person.start()
    try:
        yield answers
    finally:
        enough.set()
        for person in people:
            person.join(60)


@embedded
def test_a_restart_behind_nginx_loses_no_request(service: FragileService, other: FragileService) -> None:
    with begin(lambda: Nginx([service.port, other.port])) as nginx, signing_in(nginx.port) as answers:
        for web in (service, other):
            web.stop_web()
            web.start_web()
    assert list(answers) == [200]
    assert answers[200] > 50


@embedded
def test_the_only_web_server_restarts_without_a_request_lost_while_systemd_holds_its_address(held: HeldService) -> None:
    with begin(lambda: Nginx([held.port])) as nginx, signing_in(nginx.port) as answers:
        wait_until(lambda: answers.total() >= PEOPLE, "an answer to each")
        held.stop_web()
        held.start_web()
    assert list(answers) == [200]
    assert answers[200] > PEOPLE  # some waited at the door while there was no server
