"""A service whose WeChat is the simulated one, with a mini program and an official account."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.core.settings import Settings
from server.wechat import transport
from tests.simulators.wechat.server import serve
from tests.simulators.wechat.state import State
from tests.support.backends import Backend
from tests.support.callers import InProcess

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
def with_wechat(backend: Backend, tmp_path: Path, wechat: State) -> Iterator[Settings]:
    """Settings of a service that asks the simulated WeChat."""
    transport.breaker_of.cache_clear()
    server = serve(wechat)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield backend.settings(
        tmp_path,
        wechat_app_id=MINI,
        wechat_app_secret=SECRET,
        official_account_app_id=OFFICIAL,
        official_account_app_secret=SECRET,
        wechat_api_url=f"http://127.0.0.1:{server.server_port}",
        public_url=SITE,
    )
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def wechat_app(with_wechat: Settings) -> Iterator[Flask]:
    application = create_app(with_wechat)
    yield application
    application.extensions["database"].close()
