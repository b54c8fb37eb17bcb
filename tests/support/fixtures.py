"""pytest's way to everything in this folder. Servers start when the first test asks for them."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from argon2 import PasswordHasher
from flask import Flask
from playwright.sync_api import Browser, Page

from server.core import logging as service_logging
from server.core.audit import actions as audit
from server.core.db import Database
from server.core.settings import PREFIX, Settings
from server.core.slice import declared
from server.core.storage.base import ObjectStore
from server.unions.accounts.credentials import passwords
from tests.support import backends, network, shortcuts
from tests.support.applications import Applications, empty
from tests.support.backends import Backend, Embedded, Scaled
from tests.support.browser import chromium, open_desktop, open_phone, watch
from tests.support.callers import Desk, InProcess, Phone
from tests.support.databases import PostgresCopies, PostgresData, SqliteCopies
from tests.support.flushing import forbid_reads_before_flush
from tests.support.servers import Postgres, Redis, SeaweedFS, begin
from tests.support.service import Service, end_fork_server
from tests.support.sessions import signed_in_desk, signed_in_phone
from tests.support.world import PASSWORD, Someone, World, fill

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""Passwords of tests guard nothing, and hundreds of people sign in."""


@pytest.fixture(scope="session", autouse=True)
def _sealed() -> Iterator[None]:
    """No setting of the developer's own, no connection to anywhere else."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            patch.delenv(name)
        network.forbid_outside(patch)
        # A command run within a test must not tie every logger to the stream that pytest closes after it.
        patch.setattr(service_logging, "configure", lambda _settings: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _words_for_the_log() -> Iterator[None]:
    """Whatever a test writes into the audit log has words in Chinese, once the slices are wired."""

    def fail(action: str, subject_type: str) -> None:
        assert not declared().audit.actions, f"no slice.py declares {action} of {subject_type} for the audit log"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "_miss_words", fail)
        yield


@pytest.fixture(scope="session", autouse=True)
def _reads_come_first() -> Iterator[None]:
    """Nothing is read between a change and its flush: see flushing.py."""
    with pytest.MonkeyPatch.context() as patch:
        forbid_reads_before_flush(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_starts(_templates: Path) -> Iterator[None]:
    """A new application for each test, without compiling the same routes and pages anew for each of them."""
    with pytest.MonkeyPatch.context() as patch:
        shortcuts.share_routes(patch)
        shortcuts.share_statements(patch)
        shortcuts.share_prints(patch)
        (_templates / "pages").mkdir(exist_ok=True)
        patch.setenv(shortcuts.PAGES, str(_templates / "pages"))  # for the services that are begun
        shortcuts.share_pages(patch)
        patch.setattr(passwords, "_hasher", CHEAP)
        yield


@pytest.fixture(scope="session", autouse=True)
def _services_end() -> Iterator[None]:
    yield
    end_fork_server()


def _fill(database: Database) -> World:
    return fill(database, CHEAP.hash(PASSWORD))


@pytest.fixture(scope="session")
def _postgres_data(_templates: Path) -> PostgresData:
    return PostgresData(_templates, _fill)


@pytest.fixture(scope="session")
def postgres(_postgres_data: PostgresData) -> Iterator[Postgres]:
    """A PostgreSQL server."""
    with begin(lambda: Postgres(_postgres_data.files)) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """A Redis server."""
    with begin(Redis) as server:
        yield server


@pytest.fixture(scope="session")
def seaweedfs() -> Iterator[SeaweedFS]:
    """An S3 server."""
    with begin(SeaweedFS) as server:
        yield server


@pytest.fixture(scope="session")
def _templates(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """One folder for all processes of the run: each of them has its own below the same one. A run that a test begins
    is another run, though it inherits the variables of the process that began it."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if hasattr(request.config, "workerinput") else own) / "templates"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def embedded(_templates: Path) -> Embedded:
    """The embedded size alone, for tests that gain nothing from running twice."""
    return Embedded(SqliteCopies(_templates, _fill))


@pytest.fixture(scope="session")
def scaled(request: pytest.FixtureRequest) -> Scaled:
    """The scaled-out size alone."""
    copies = cache(lambda: PostgresCopies(*map(request.getfixturevalue, ("postgres", "_postgres_data"))))
    return Scaled(copies, lambda: request.getfixturevalue("redis_server"), lambda: request.getfixturevalue("seaweedfs"))


@pytest.fixture(params=["embedded", pytest.param("scaled", marks=pytest.mark.servers)])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Both sizes, one after the other."""
    chosen = cast(Backend, request.getfixturevalue(request.param))
    yield chosen
    chosen.clean()


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture
def home(backend: Backend, _homes: Path) -> Path:
    """The service's data folder: empty, and the same for every test of a size, so that applications can be shared."""
    return empty(_homes / backend.name)


@pytest.fixture
def settings(backend: Backend, home: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of a filled service. Change some by `@pytest.mark.settings(photo_max_bytes=1000)`."""
    marker = request.node.get_closest_marker("settings")
    changes: dict[str, Any] = dict(marker.kwargs) if marker else {}
    return backend.settings(home, **changes)


@pytest.fixture
def world(backend: Backend) -> World:
    """Who and what is in the database."""
    return backend.world()


@pytest.fixture(scope="session")
def applications() -> Applications:
    """Applications that were made before, for tests with the same settings."""
    return Applications()


@pytest.fixture
def app(settings: Settings, applications: Applications) -> Iterator[Flask]:
    """The application, on a freshly filled database."""
    application = applications.open(settings)
    yield application
    application.extensions["database"].close()


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's database, to look behind the scenes."""
    return cast(Database, app.extensions["database"])


@pytest.fixture
def object_store(app: Flask) -> ObjectStore:
    """The application's object store, to look behind the scenes."""
    return cast(ObjectStore, app.extensions["object_store"])


@pytest.fixture
def run_jobs(settings: Settings, database: Database) -> Callable[..., int]:
    """Call it to do all background work that is due; see backends.run_jobs."""

    def run(*, expect_failures: bool = False) -> int:
        return backends.run_jobs(settings, database, expect_failures=expect_failures)

    return run


@pytest.fixture
def phone_of(app: Flask) -> Callable[[Someone | None], Phone]:
    """`phone_of(world.people.worker)`: a phone signed in as that worker; None: nobody signed in."""

    def open_for(who: Someone | None) -> Phone:
        return signed_in_phone(app, who) if who and who.code else Phone(InProcess(app))

    return open_for


@pytest.fixture
def desk_of(app: Flask) -> Callable[[Someone | None], Desk]:
    """`desk_of(world.people.town_reviewer)`: a browser signed in to the console; None: nobody signed in."""

    def open_for(who: Someone | None) -> Desk:
        return signed_in_desk(app, who) if who else Desk(InProcess(app))

    return open_for


@pytest.fixture
def phone(phone_of: Callable[[Someone], Phone], world: World) -> Phone:
    """The phone of the worker of the shipyard."""
    return phone_of(world.people.worker)


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    """gunicorn and the worker on both sizes, running."""
    running = Service(settings)
    try:
        yield running.start()
    finally:
        running.kill()


@pytest.fixture(scope="session")
def _living(embedded: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(embedded.settings(tmp_path_factory.mktemp("living")))
    try:
        yield running.start()
    finally:
        running.kill()


@pytest.fixture
def live_server(embedded: Embedded, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Service]:
    """gunicorn and the worker on the embedded size, running, for browser tests: with the usual settings one for all."""
    if marker := request.node.get_closest_marker("settings"):
        running = Service(embedded.settings(tmp_path, **marker.kwargs))
        try:
            yield running.start()
        finally:
            running.kill()
        return
    running = cast(Service, request.getfixturevalue("_living"))
    assert running.is_running(), running.log()
    running.renew(embedded.databases.template())
    yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as running:
        yield running


@pytest.fixture
def phone_page(browser: Browser, live_server: Service) -> Iterator[Page]:
    """A page of phone size on `live_server`. Fails the test if the page logged an error."""
    yield from _page(browser, live_server, open_phone)


@pytest.fixture
def page(browser: Browser, live_server: Service) -> Iterator[Page]:
    """A page of an office computer's size on `live_server`. Fails the test if the page logged an error."""
    yield from _page(browser, live_server, open_desktop)


def _page(browser: Browser, server: Service, opened: Callable[..., Any]) -> Iterator[Page]:
    context = opened(browser, server.base_url)
    try:
        new_page = context.new_page()
        troubles = watch(new_page)
        yield new_page
        assert not troubles, "\n".join(troubles)
    finally:
        context.close()
