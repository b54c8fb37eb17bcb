"""A simulated model beside the service, and a policy that names it."""

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask

from server.core.jobs.registry import JobContext
from server.unions.policies.jobs import follow_settings
from server.vision import chat_completions
from tests.integration.proposals.looking import SAID
from tests.simulators.vision.server import Model, serve
from tests.support.callers import Phone
from tests.support.simulated import on_steady_port, serving


@pytest.fixture
def model() -> Iterator[Model]:
    """The simulated model, with the circuit breaker closed."""
    chat_completions.line_of.cache_clear()
    simulated = Model(says=SAID)
    with serving(on_steady_port(partial(serve, simulated), "vision")):
        yield simulated
    assert simulated.faults == []


@pytest.fixture(name="told")
def policy_is_told(app: Flask, phone: Phone) -> None:
    """The policy names who looks, and the worker has read it."""
    database = app.extensions["database"]
    follow_settings(JobContext(app.extensions["settings"], database, app.extensions["object_store"]))
    phone.put("/api/v1/me/consent", {"version": phone.get("/api/v1/privacy").json["version"]}).ok()
