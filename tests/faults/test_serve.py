"""`suishoupai serve`: one service per directory, its parts kept alive, stopped together within seconds."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.core.settings import Settings
from tests.support.backends import Embedded
from tests.support.cpu_seconds import wait_for_work
from tests.support.servers import free_port, wait_until
from tests.support.service import Process, children_of, environment, fork_server

pytestmark = pytest.mark.servers

WORK = 90.0  # CPU seconds to be ready in; it takes about ten
COMMAND = str(Path(sys.executable).with_name("suishoupai"))


def begin_command(settings: Settings, port: int, log: Path, *, is_from_nothing: bool = False) -> Process:
    """`suishoupai serve`: from nothing, as its user starts it, or as a copy of a process that has loaded it.

    From nothing it takes four CPU seconds before it does anything. What it starts loads its own in both cases.
    """
    env = {**os.environ, **environment(settings)}
    with log.open("ab") as output:
        if not is_from_nothing:
            return fork_server().begin(COMMAND, "serve", "--port", str(port), env=env, log=output.fileno())
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", COMMAND, "serve", "--port", str(port)],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


class Served:
    """A `suishoupai serve` on a port of its own."""

    def __init__(self, settings: Settings, *, is_from_nothing: bool) -> None:
        self.port = free_port()
        self.settings = settings.model_copy(update={"log_level": "INFO"})
        self.log = settings.data_dir / "serve.log"
        self.process = begin_command(self.settings, self.port, self.log, is_from_nothing=is_from_nothing)

    def answers(self, path: str = "/readyz") -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def children(self) -> dict[str, int]:
        """Process ids of web server and worker."""
        found = {}
        for pid in children_of(self.process.pid):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
            found["worker" if "server.worker" in command else "web"] = pid
        return found

    def wait_until_ready(self) -> None:
        def is_ready() -> bool:
            return len(self.children()) == 2 and self.answers()

        wait_for_work(self.process.pid, is_ready, self.log.read_text, WORK)


@pytest.fixture(scope="module")
def begin(embedded: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Served]]:
    """`begin()`: one that runs, the one of the test before unless that has ended it: a start takes 10 CPU seconds."""
    begun: list[Served] = []

    def running() -> Served:
        if not begun or begun[-1].process.poll() is not None:
            settings = embedded.settings(tmp_path_factory.mktemp("served"))
            begun.append(Served(settings, is_from_nothing=not begun))
            begun[-1].wait_until_ready()
        return begun[-1]

    yield running
    for served in begun:
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(20)


@pytest.fixture
def served(begin: Callable[[], Served]) -> Served:
    return begin()


def test_a_second_one_on_the_same_directory_is_refused(served: Served) -> None:
    second = begin_command(served.settings, free_port(), served.log)
    assert second.wait(60) == 1
    assert f"http://127.0.0.1:{served.port}" in served.log.read_text()
    assert served.answers()


def test_a_port_in_use_is_refused_with_words(served: Served, tmp_path: Path) -> None:
    other = served.settings.model_copy(update={"data_dir": tmp_path / "other"})
    other.data_dir.mkdir()
    shutil.copy(served.settings.data_dir / "suishoupai.db", other.data_dir)
    log = tmp_path / "log"
    assert begin_command(other, served.port, log).wait(60) == 1
    assert "请换一个端口" in log.read_text()


def test_metrics_add_up_over_all_processes(served: Served) -> None:
    for _ in range(20):
        assert served.answers("/healthz")
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/metrics", timeout=5) as response:
        text = response.read().decode()
    line = 'suishoupai_requests_total{endpoint="health.healthz",method="GET",status="200"} '
    assert float(text.split(line)[1].split()[0]) == 20
    assert "suishoupai_jobs_total{" in text  # the worker's, through the shared directory


def test_a_part_that_dies_is_started_again(served: Served) -> None:
    before = served.children()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    wait_until(
        lambda: len(served.children()) == 2 and not set(served.children().values()) & set(before.values()), "new"
    )
    wait_until(served.answers, f"serve\n{served.log.read_text()}")


def test_what_a_part_that_dies_has_started_ends_with_it(served: Served) -> None:
    """Else an old process answers on, beside the new ones. One that is halted cannot see that it is alone."""
    web = served.children()["web"]
    wait_until(lambda: bool(children_of(web)), "web processes")
    old = children_of(web)
    for pid in (*old, web):
        os.kill(pid, signal.SIGSTOP if pid in old else signal.SIGKILL)
    wait_until(lambda: served.children().get("web", web) != web, "new")
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in old), "an end of the old ones", 5)
    wait_until(served.answers, f"serve\n{served.log.read_text()}")


def test_it_stops_with_all_its_parts_within_seconds(served: Served) -> None:
    """Ctrl-C stops it so too: tests/contract/test_scripts_run.py."""
    children = served.children()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(20) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in children.values())
    assert not served.answers()


def test_its_parts_do_not_outlive_it(served: Served) -> None:
    children = served.children()
    served.process.send_signal(signal.SIGKILL)
    served.process.wait(5)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children.values()), "the end", 20)
