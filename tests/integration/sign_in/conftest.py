"""A service whose WeChat is the simulated one, with a mini program and an official account."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.core import clock
from server.core.db import Database
from server.core.settings import Settings
from server.unions.scans.models import LinkedPhone
from tests.simulators.wechat.state import State
from tests.support.applications import Applications
from tests.support.backends import Backend
from tests.support.callers import Desk, InProcess, Phone
from tests.support.scanning import watch_codes
from tests.support.simulated import simulated_wechat
from tests.support.world import Someone, World

MINI, OFFICIAL, SECRET = "wx-simulated", "wx-simulated-oa", "simulated-secret"
SITE = "https://ssp.example.org"


def browser_at(app: Flask, **environ: str) -> InProcess:
    """A browser of its own, at another address or with other headers (as WSGI names them)."""
    browser = InProcess(app)
    cast(FlaskClient, browser.client).environ_base.update(environ)
    return browser


@pytest.fixture
def wechat() -> State:
    state = State({MINI: SECRET, OFFICIAL: SECRET})
    state.pages.update({"pages/profile/scan", "pages/profile/binding"})
    return state


@pytest.fixture
def with_wechat(backend: Backend, home: Path, wechat: State) -> Iterator[Settings]:
    """Settings of a service that asks the simulated WeChat."""
    with simulated_wechat(wechat) as url:
        yield backend.settings(
            home,
            wechat_app_id=MINI,
            wechat_app_secret=SECRET,
            official_account_app_id=OFFICIAL,
            official_account_app_secret=SECRET,
            wechat_api_url=url,
            public_url=SITE,
        )


@pytest.fixture
def wechat_app(with_wechat: Settings, applications: Applications) -> Iterator[Flask]:
    application = applications.open(with_wechat)
    yield application
    application.extensions["database"].close()


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return watch_codes(monkeypatch)


@pytest.fixture
def reviewer_phone(phone_of: Callable[[Someone], Phone], world: World, database: Database) -> Phone:
    """A worker's phone that is linked to the town reviewer's account."""
    with database.transaction() as session:
        link = LinkedPhone(
            person_id=world.people.worker.id, account_id=world.people.town_reviewer.id, linked_at=clock.now()
        )
        session.add(link)
    return phone_of(world.people.worker)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(InProcess(app))
