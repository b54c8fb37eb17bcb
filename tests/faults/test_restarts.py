"""Web servers behind a proxy are restarted one after the other: no request is lost."""

import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.faults.conftest import FragileService
from tests.support.callers import OverHttp, Phone
from tests.support.servers import Nginx, begin

pytestmark = pytest.mark.servers
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


@embedded
def test_a_restart_behind_nginx_loses_no_request(service: FragileService, other: FragileService) -> None:
    with begin(lambda: Nginx([service.port, other.port])) as nginx:
        answers: Counter[int] = Counter()
        enough = threading.Event()

        def keep_signing_in() -> None:  # by POST, which nginx does not repeat
            while not enough.is_set():
                phone = Phone(OverHttp(f"http://127.0.0.1:{nginx.port}"))  # a connection of its own each time
                answers[phone.call("POST", "/api/v1/session", {"code": "demo:worker-1"}).status] += 1

        people = [threading.Thread(target=keep_signing_in) for _ in range(4)]
        for person in people:
            person.start()
        for web in (service, other):
            web.stop_web()
            web.start_web()
        enough.set()
        for person in people:
            person.join(30)
    assert list(answers) == [200]
    assert answers[200] > 50
