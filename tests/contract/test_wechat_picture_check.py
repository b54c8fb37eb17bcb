"""A photo's way past WeChat's check: the service asks, WeChat fetches the picture, its verdict is pushed back."""

import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.db import Database
from server.core.settings import PREFIX
from server.review.safety.models import CheckState, SafetyCheck, Source
from tests.simulators.wechat.server import serve
from tests.simulators.wechat.state import Push, State
from tests.support.backends import Backend
from tests.support.callers import OverHttp, Phone
from tests.support.servers import wait_until
from tests.support.service import Service

APP, SECRET, OPENID = "wx-simulated", "simulated-secret", "o-worker-1"
KEY = "simulated" * 4 + "simulat"


@pytest.fixture
def state() -> Iterator[State]:
    """The simulated WeChat, serving."""
    state = State({APP: SECRET})
    server = serve(state)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    state.service_url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def service(backend: Backend, tmp_path: Path, state: State) -> Iterator[Service]:
    """The service as an operator sets it up for a mini program."""
    running = Service(backend.settings(tmp_path))
    wanted = {
        "public_url": running.base_url, "wechat_api_url": state.service_url, "wechat_app_id": APP,
        "wechat_app_secret": SECRET, "wechat_push_token": "simulated", "wechat_push_aes_key": KEY,
    }  # fmt: skip
    running.env |= {PREFIX + name.upper(): value for name, value in wanted.items()}
    state.push = Push(f"{running.base_url}/wechat/mini-program", "simulated", "json", deliveries=2, aes_key=KEY)
    try:
        yield running.start()
    finally:
        running.kill()


@pytest.mark.slow("stands on a running service")
@pytest.mark.servers
def test_a_photo_is_fetched_by_wechat_and_its_verdict_comes_back(service: Service, state: State) -> None:
    phone = Phone(OverHttp(service.base_url)).sign_in(state.new_code("login", OPENID))
    hazard_id = phone.report()
    database = Database(service.settings)
    try:
        wait_until(lambda: _checks(database, hazard_id).get(Source.PHOTO) is CheckState.PASSED, "the verdict", 60)
        assert _checks(database, hazard_id) == {Source.REPORT: CheckState.PASSED, Source.PHOTO: CheckState.PASSED}
    finally:
        database.close()


def _checks(database: Database, hazard_id: UUID) -> dict[Source, CheckState]:
    with database.reading() as session:
        rows = session.execute(
            select(SafetyCheck.source, SafetyCheck.state).where(SafetyCheck.submission_id == hazard_id)
        )
        return dict(rows.all())
