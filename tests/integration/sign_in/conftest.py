"""A service whose WeChat is the simulated one, with a mini program and an official account."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.core.settings import Settings
from tests.simulators.wechat.state import State
from tests.support.applications import Applications
from tests.support.backends import Backend
from tests.support.callers import InProcess
from tests.support.simulated import simulated_wechat

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
