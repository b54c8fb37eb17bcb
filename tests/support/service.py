"""The service as it runs in production: gunicorn and the worker, configured by the environment alone."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Self

from server.core.ops import run_files
from server.core.settings import PREFIX, Settings
from tests.support.callers import OverHttp, Phone
from tests.support.forking import Forked, ForkServer
from tests.support.servers import free_port, wait_until

BIN = Path(sys.executable).parent
MAKING_PICTURES = "SELECT 1 FROM jobs WHERE name = 'photos.make_derivatives' LIMIT 1"  # done, it has no row
Process = subprocess.Popen[bytes] | Forked


@cache
def fork_server() -> ForkServer:
    """The one that all services of this process come from."""
    return ForkServer()


def end_fork_server() -> None:
    """End it, and whatever it has begun."""
    if fork_server.cache_info().currsize:
        fork_server().close()
        fork_server.cache_clear()


def environment(settings: Settings) -> dict[str, str]:
    """The variables that make up `settings`."""
    found = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        value = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        if value is not None:
            found[PREFIX + name.upper()] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def children_of(pid: int) -> list[int]:
    """Process ids of what a process has started and what still runs."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_working(database: Path) -> bool:
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        return bool(connection.execute("SELECT 1 FROM jobs WHERE state = 'running' LIMIT 1").fetchone())


def _makes_pictures(database: Path) -> bool:
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        return bool(connection.execute(MAKING_PICTURES).fetchone())


class Service:
    """A web server and a worker for `settings`, each of which a test may kill and start again."""

    def __init__(self, settings: Settings, extra: Mapping[str, str] | None = None) -> None:
        self.settings = settings
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith(PREFIX)},
            **environment(settings),
            **run_files.prepare_metrics(settings.data_dir),  # as the supervisor does
            **(extra or {}),
        }
        self.web: Process | None = None
        self.worker: Process | None = None
        self._log = settings.data_dir / "service.log"

    def start(self) -> Self:
        """Start both and wait until requests are answered."""
        self.start_web()
        self.start_worker()
        return self

    def start_web(self) -> None:
        """Start gunicorn and wait until it is ready."""
        self.web = self._begin(
            BIN / "gunicorn", "--config", "python:server.core.ops.gunicorn_conf",
            "--bind", f"127.0.0.1:{self.port}", "server.wsgi:app",
        )  # fmt: skip
        wait_until(self._is_ready, f"the web server\n{self.log()}")

    def start_worker(self) -> None:
        """Start the worker; it takes up jobs as soon as it is there."""
        self.worker = self._begin(BIN / "suishoupai", "worker")

    def kill_web(self) -> None:
        """kill -9 the web server, all its processes."""
        self._end(self.web, signal.SIGKILL)

    def kill_worker(self) -> None:
        """kill -9 the worker in whatever it is doing."""
        self._end(self.worker, signal.SIGKILL)

    def stop_web(self) -> None:
        """End the web server as an operator does, by SIGTERM."""
        self._end(self.web, signal.SIGTERM)

    def stop(self) -> None:
        """End both as an operator does, by SIGTERM; what does not go within ten seconds is killed."""
        self.stop_web()
        self._end(self.worker, signal.SIGTERM)

    def kill(self) -> None:
        """End both at once, for tests that have seen enough."""
        self.kill_web()
        self.kill_worker()

    def is_running(self) -> bool:
        """Whether neither has ended."""
        return all(process is not None and process.poll() is None for process in (self.web, self.worker))

    def renew(self, template: Path) -> None:
        """Put back what is kept (SQLite's content from `template`, no files) and let the web server forget the rest.

        That costs a hundredth of a new start: gunicorn replaces its processes by copies of what it loaded at first.
        """
        live = self.settings.data_dir / "suishoupai.db"
        wait_until(lambda: not _is_working(live), f"the end of all jobs\n{self.log()}", 15)
        objects, outdated = (self.settings.data_dir / name for name in ("objects", "objects.outdated"))
        if objects.exists():  # out of the way in one step and before the kill: what comes next makes its own at once
            objects.rename(outdated)
        for child in children_of(self.web.pid) if self.web else ():
            os.kill(child, signal.SIGKILL)
        with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(live, timeout=30)) as target:
            source.backup(target)
        shutil.rmtree(outdated, ignore_errors=True)

    def wait_for_pictures(self) -> None:
        """Return once the worker has made what pages show of the photos that came: asking page after page would take
        the cores from it."""
        database = self.settings.data_dir / "suishoupai.db"
        wait_until(lambda: not _makes_pictures(database), f"the pictures\n{self.log()}", 120)

    def log(self) -> str:
        """What both have written."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def phone(self, code: str) -> Phone:
        """A worker's phone, signed in over HTTP."""
        return Phone(OverHttp(self.base_url)).sign_in(code)

    def _begin(self, program: str | Path, *arguments: str) -> Forked:
        with self._log.open("ab") as log:
            return fork_server().begin(str(program), *arguments, env=self.env, log=log.fileno())

    def _spawn(self, *command: str, inherited: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        """Start a program from nothing."""
        with self._log.open("ab") as log:
            return subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *command],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=inherited,
            )

    def _end(self, process: Process | None, how: signal.Signals) -> None:
        if process is None or process.poll() is not None:
            return
        os.killpg(process.pid, how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def _is_ready(self) -> bool:
        if self.web is None or self.web.poll() is not None:
            raise RuntimeError(f"the web server ended at start:\n{self.log()}")
        try:
            with urllib.request.urlopen(f"{self.base_url}/readyz", timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False
