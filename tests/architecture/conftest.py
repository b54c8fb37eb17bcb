"""The application as it is wired, without a database behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from tests.support.backends import make_settings


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    application = create_app(make_settings(tmp_path))
    yield application
    application.extensions["database"].close()
