"""Workers with a registry of jobs of their own."""

import pytest

from server.core.db import Database
from server.core.jobs import registry
from server.core.jobs.leases import Heartbeat
from server.core.jobs.registry import JobContext
from server.core.jobs.runner import Runner
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.wiring import wire


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    wire()  # the service's own are registered once in a process: not into what is thrown away after this test
    monkeypatch.setattr(registry, "JOBS", {})
    monkeypatch.setattr("server.core.jobs.runner.JOBS", registry.JOBS)
    monkeypatch.setattr(registry, "PERIODIC", {})
    monkeypatch.setattr("server.core.jobs.periodic.PERIODIC", registry.PERIODIC)
    monkeypatch.setattr("server.core.jobs.clock_jumps.PERIODIC", registry.PERIODIC)


@pytest.fixture
def runner(settings: Settings, database: Database, object_store: ObjectStore) -> Runner:
    return Runner(JobContext(settings, database, object_store), Heartbeat(database, 60))


@pytest.fixture
def other_runner(runner: Runner) -> Runner:
    return Runner(runner.context, Heartbeat(runner.context.database, 60))
