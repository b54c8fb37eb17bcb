"""A service that has a mini program at the simulated WeChat, and somebody who signed in from there."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.core import clock
from server.core.db import Database
from server.core.settings import Settings
from server.review.safety.actions import record_media_result
from server.review.safety.models import SafetyCheck
from server.wechat import caller
from server.wechat.verdicts import MediaChecked
from tests.simulators.wechat.state import State
from tests.support import backends
from tests.support.backends import Backend
from tests.support.callers import InProcess, Phone
from tests.support.simulated import simulated_wechat

APP, SECRET, OPENID = "wx-simulated", "simulated-secret", "o-worker-1"
PUBLIC = "https://ssp.example.org"
TEXT, MEDIA = "/wxa/msg_sec_check", "/wxa/media_check_async"


@pytest.fixture
def state() -> State:
    return State({APP: SECRET})


@pytest.fixture
def wechat(state: State, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(caller, "BACK_OFF", (0.01, 0.01))
    monkeypatch.setattr(
        "tests.simulators.wechat.calls.check_picture", lambda *_: None
    )  # tests push verdicts themselves
    with simulated_wechat(state) as url:
        yield url


@pytest.fixture
def settings(backend: Backend, home: Path, wechat: str, request: pytest.FixtureRequest) -> Settings:
    marker = request.node.get_closest_marker("settings")
    changes: dict[str, Any] = {"wechat_app_id": APP, "wechat_app_secret": SECRET, "wechat_api_url": wechat}
    return backend.settings(home, **{**changes, "public_url": PUBLIC, **(marker.kwargs if marker else {})})


@pytest.fixture
def worker(app: Flask, state: State) -> Phone:
    """Somebody who signed in from WeChat a moment ago."""
    return Phone(InProcess(app)).sign_in(state.new_code("login", OPENID))


@pytest.fixture
def colleague(app: Flask, state: State) -> Phone:
    return Phone(InProcess(app)).sign_in(state.new_code("login", "o-worker-2"))


@pytest.fixture
def work(settings: Settings, database: Database) -> Callable[[], int]:
    """Do all background work that is due."""
    return lambda: backends.run_jobs(settings, database)


@pytest.fixture
def checks(database: Database) -> Callable[[UUID], list[tuple[str, str, str | None]]]:
    """(source, state, reason) of each check of a submission."""

    def look(submission_id: UUID) -> list[tuple[str, str, str | None]]:
        with database.reading() as session:
            statement = select(SafetyCheck).where(SafetyCheck.submission_id == submission_id).order_by(SafetyCheck.id)
            return [(row.source.value, row.state.value, row.reason) for row in session.scalars(statement)]

    return look


@pytest.fixture
def trace_of(database: Database) -> Callable[[UUID], str]:
    """The trace id under which a submission's photo is being checked."""

    def look(submission_id: UUID) -> str:
        with database.reading() as session:
            statement = select(SafetyCheck.trace_id).where(
                SafetyCheck.submission_id == submission_id, SafetyCheck.trace_id.is_not(None)
            )
            return session.scalars(statement).one() or ""

    return look


@pytest.fixture
def push(database: Database) -> Callable[..., None]:
    """WeChat's verdict on a picture, as the door for pushes passes it on."""

    def send(trace_id: str, suggest: str = "pass", label: int = 100, errcode: int = 0) -> None:
        with database.transaction() as session:
            record_media_result(session, MediaChecked(trace_id, errcode, suggest, label), now=clock.now())

    return send
