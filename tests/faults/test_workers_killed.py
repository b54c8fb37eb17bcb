"""kill -9 of workers and of the web server: nothing acknowledged is lost, nothing is left undone."""

import contextlib
import signal
import threading
from uuid import UUID

import pytest
import requests
from sqlalchemy import select

from server.core import ids
from server.core.jobs.models import Job, JobState
from server.review.submissions.announcing.moves import ANNOUNCE_JOB
from server.review.submissions.models import Submission
from server.worker import EXIT_HUNG
from tests.faults.conftest import FragileService
from tests.support import images
from tests.support.callers import Desk, OverHttp, hazard
from tests.support.servers import wait_until
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


@pytest.mark.settings(job_lease_seconds=2, job_sweep_seconds=0.5, announce_seconds=5)
def test_a_decision_is_told_once_although_worker_and_web_server_were_killed_in_the_minute_before(
    service: FragileService, world: World
) -> None:
    phone = service.phone("demo:worker-1")
    hazard_id = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard)
    desk = Desk(OverHttp(service.base_url)).sign_in(world.people.town_reviewer)
    fields = {"reply": "不是隐患", "version": str(_row(service, hazard_id).version)}
    assert desk.post(f"/console/submissions/{hazard_id}/decline", fields).status == 303
    service.kill_worker()
    service.kill_web()
    assert _row(service, hazard_id).pending_step_id is not None
    service.start()
    wait_until(lambda: _row(service, hazard_id).pending_step_id is None, f"the telling\n{service.log()}", 30)
    service.kill_worker()  # whether or not it has struck out its job
    service.start_worker()
    wait_until(lambda: not _has_job(service, ANNOUNCE_JOB), f"the end of the job\n{service.log()}", 30)
    titles = [each["title"] for each in phone.get("/api/v1/inbox?limit=50").ok().json["items"]]
    assert titles.count("这次没有受理") == 1


def _row(service: FragileService, hazard_id: UUID) -> Submission:
    with service.database.reading() as session:
        return session.get_one(Submission, hazard_id)


def _has_job(service: FragileService, name: str) -> bool:
    with service.database.reading() as session:
        return session.scalar(select(Job.id).where(Job.name == name).limit(1)) is not None
