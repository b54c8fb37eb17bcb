"""PostgreSQL, the object store or Redis takes connections and never answers: nobody waits long, most not at all."""

import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from server.core import ids
from server.core.settings import Settings
from tests.faults.conftest import FragileService
from tests.support import images
from tests.support.callers import Desk, OverHttp, Phone, hazard
from tests.support.gates import Gate
from tests.support.servers import wait_until
from tests.support.world import World

pytestmark = pytest.mark.servers
scaled = pytest.mark.parametrize("backend", ["scaled"], indirect=True)

LIMIT = 3  # seconds: two are promised, and the machine may be busy
PARTNERS = {"database_url": "database", "s3_endpoint_url": "object_store", "redis_url": "redis"}


@pytest.fixture
def gates(settings: Settings) -> Iterator[dict[str, Gate]]:
    """One before each partner."""
    made = {part: Gate(urlsplit(getattr(settings, name)).port or 0) for name, part in PARTNERS.items()}
    yield made
    for gate in made.values():
        gate.close()


@pytest.fixture
def service(settings: Settings, gates: dict[str, Gate]) -> Iterator[FragileService]:
    """The service behind the gates, with few threads: what is held up shows at once."""
    moved = {}
    for name, part in PARTNERS.items():
        address = urlsplit(getattr(settings, name))
        there = f"{address.hostname}:{address.port}"
        moved[name] = getattr(settings, name).replace(there, f"127.0.0.1:{gates[part].port}")
    running = FragileService(settings.model_copy(update=moved))
    try:
        yield running.start()
    finally:
        for gate in gates.values():
            gate.open()
        running.kill()
        running.database.close()


def seconds(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def crowd(act: Callable[[], object], people: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=act, daemon=True) for _ in range(people)]
    for thread in threads:
        thread.start()
    return threads


def looks_unready(phone: Phone) -> bool:
    """Whether readiness says so, within its limit; what was found a moment ago is still said for a moment."""
    asked: list[int] = []
    assert seconds(lambda: asked.append(phone.get("/readyz").status)) < LIMIT
    return asked == [503]


@scaled
def test_with_the_object_store_half_open_and_180_phones_uploading_pages_and_readiness_are_quick(
    service: FragileService, gates: dict[str, Gate], world: World
) -> None:
    phone = service.phone("demo:worker-1")
    desk = Desk(OverHttp(service.base_url)).sign_in(world.people.town_reviewer)
    sample = images.jpeg(1, size=(64, 48))
    waiting = []
    for _ in range(180):
        waiting.append(ids.new_id())
        phone.declare(waiting[-1], hazard([sample], enterprise_id=world.unions.shipyard)).ok()
    gates["object_store"].shut()
    left = iter(waiting)
    answers: list[int] = []
    senders = crowd(lambda: answers.append(phone.upload(next(left), sample).status), len(waiting))
    time.sleep(1)
    slowest = max(seconds(lambda: desk.get("/console/queue").ok()) for _ in range(5))
    assert slowest < 5  # it was 20
    wait_until(lambda: looks_unready(phone), "readiness that says so", 5)
    for sender in senders:
        sender.join(40)
    assert set(answers) == {503}
    assert seconds(lambda: phone.upload(waiting[0], sample)) < 1  # by now nobody waits any more
    gates["object_store"].open()
    wait_until(lambda: phone.upload(waiting[0], sample).status == 200, "the object store", 30)


@scaled
def test_while_postgresql_hangs_readiness_and_liveness_are_quick_and_requests_end(
    service: FragileService, gates: dict[str, Gate]
) -> None:
    phone = service.phone("demo:worker-1")
    gates["database"].shut()
    answers: list[int] = []
    crowd(lambda: answers.append(phone.get("/api/v1/me").status), 180)
    time.sleep(1)
    wait_until(lambda: looks_unready(phone), "readiness that says so", 5)
    assert seconds(lambda: phone.get("/healthz").ok()) < LIMIT
    wait_until(lambda: len(answers) == 180, f"answers: {len(answers)}", 40)
    assert set(answers) == {503}
    gates["database"].open()
    wait_until(lambda: phone.get("/api/v1/me").status == 200, "the database", 15)
    wait_until(lambda: phone.get("/readyz").status == 200, "readiness", 15)


@scaled
@pytest.mark.settings(rate_limits=True)
def test_with_redis_half_open_signing_in_costs_nothing_and_the_service_is_ready(
    service: FragileService, gates: dict[str, Gate]
) -> None:
    usual = sorted(seconds(lambda: service.phone("demo:worker-1")) for _ in range(10))
    gates["redis"].shut()
    took = sorted(seconds(lambda: service.phone("demo:worker-1")) for _ in range(10))
    assert took[3] < usual[5] + 0.25  # one or the other finds out, at half a second
    phone = service.phone("demo:worker-1")
    wait_until(lambda: phone.get("/readyz").ok().json["parts"]["redis"] != "ok", "readiness that tells of it", 5)
