"""One application for many tests: its routes stay, its database and whatever it remembers of that are new for each."""

import shutil
from collections import OrderedDict
from pathlib import Path

from flask import Flask

from server.app import create_app
from server.core.db import Database
from server.core.jobs import wake_ups
from server.core.jobs.wake_ups import WakeUps
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.core.web.health import Readiness
from server.core.web.limits import limiter

KEPT = 4  # applications at a time


def empty(folder: Path) -> Path:
    """`folder`, made if it is missing, with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


class Applications:
    """Applications by their settings."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, Flask] = OrderedDict()

    def open(self, settings: Settings) -> Flask:
        """The application for `settings`, as if it had just started."""
        key = repr({name: _plain(value) for name, value in settings})
        app = self._made.pop(key, None) or create_app(settings)
        _begin_anew(app, settings)
        if not settings.rate_limits:  # what was counted against a caller cannot be put back
            self._made[key] = app
        if len(self._made) > KEPT:
            self._made.popitem(last=False)
        return app


def _plain(value: object) -> object:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


def _begin_anew(app: Flask, settings: Settings) -> None:
    database = app.extensions["database"] = Database(settings)  # facts kept for a while are kept by its engine
    wake_ups.install(database, WakeUps(settings))
    store: ObjectStore = app.extensions["object_store"]
    app.extensions["readiness"] = Readiness(settings, database, store)
    limiter.enabled = settings.rate_limits  # one limiter serves all applications of a process
