"""kill -9 of workers and of the web server: nothing acknowledged is lost, nothing is left undone."""

import contextlib
import signal
import threading
from uuid import UUID

import pytest
import requests

from server.core import ids
from server.core.jobs.models import JobState
from server.worker import EXIT_HUNG
from tests.faults.conftest import FragileService
from tests.support import images
from tests.support.callers import hazard
from tests.support.world import World

pytestmark = [pytest.mark.servers, pytest.mark.settings(job_lease_seconds=2, job_sweep_seconds=0.5)]


def test_a_job_whose_worker_is_killed_is_done_by_another(service: FragileService) -> None:
    job_id = service.put("faults.wait", "slow")
    service.wait_for_mark("slow.started")
    service.kill_worker()
    service.let_go()
    service.start_worker()
    service.wait_for_job(job_id, None)
    assert len(service.marks("slow.started")) == 2
    assert len(service.marks("slow.done")) == 1


def test_a_job_that_kills_every_worker_ends_dead_and_the_others_are_done(service: FragileService) -> None:
    poison, other = service.put("faults.kill_worker", "poison"), service.put("faults.wait", "other")
    service.let_go()
    for _ in range(3):
        assert service.worker is not None
        with contextlib.suppress(Exception):
            service.worker.wait(8)
        if service.state(poison) is JobState.DEAD:
            break
        service.start_worker()
    service.wait_for_job(poison, JobState.DEAD)
    service.wait_for_job(other, None)
    assert len(service.marks("poison.started")) == 2


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
@pytest.mark.settings(job_lease_seconds=2, job_sweep_seconds=0.5, worker_threads=1)
def test_a_worker_whose_threads_all_hang_ends_and_the_job_is_dead(service: FragileService) -> None:
    job_id = service.put("faults.hang", "hang")
    assert service.worker is not None
    assert service.worker.wait(40) == EXIT_HUNG
    service.start_worker()
    service.wait_for_job(job_id, JobState.DEAD)


def test_a_worker_told_to_stop_in_mid_job_leaves_it_ready(service: FragileService) -> None:
    job_id = service.put("faults.wait", "slow")
    service.wait_for_mark("slow.started")
    assert service.worker is not None
    service.worker.send_signal(signal.SIGTERM)
    assert service.worker.wait(15) == 0
    assert service.state(job_id) is JobState.READY


def test_what_was_acknowledged_survives_the_web_server_killed_at_that_moment(
    service: FragileService, world: World
) -> None:
    phone = service.phone("demo:worker-1")
    acknowledged: list[UUID] = []

    def keep_sending() -> None:
        sample = images.jpeg(3, size=(64, 48))
        with contextlib.suppress(requests.RequestException, AssertionError):  # the server is killed at any moment
            own = service.phone("demo:worker-1")
            while True:
                hazard_id = ids.new_id()
                own.declare(hazard_id, hazard([sample], enterprise_id=world.unions.shipyard)).ok()
                own.upload(hazard_id, sample).ok()
                acknowledged.append(hazard_id)

    senders = [threading.Thread(target=keep_sending) for _ in range(4)]
    for sender in senders:
        sender.start()
    while len(acknowledged) < 20:
        assert any(sender.is_alive() for sender in senders)
        senders[0].join(0.05)
    service.kill_web()
    for sender in senders:
        sender.join(20)
    service.start_web()
    for hazard_id in acknowledged:
        submission = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json
        assert (submission["status"], submission["photos_received"]) == ("queued", 1)
