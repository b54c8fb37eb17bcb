"""The supervisor of `suishoupai serve`: web server and worker, restarted when they die, stopped together.

A program of its own (`python -m server.supervisor HOST PORT`), so that it need not load what its children do.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn

import structlog

from server.core import logging as service_logging
from server.core.ops import run_files
from server.core.ops.single import AlreadyRunning, service_lock
from server.core.settings import Settings, load_settings

log = structlog.get_logger(__name__)

STOP_SECONDS = 10.0  # from the signal to the end of the last child; then it is killed
YOUNG_SECONDS = 10.0  # a child that dies younger than this counts as a false start
FALSE_STARTS = 3  # so many in a row, and none ever lived: something is wrong with the set-up
LONGEST_PAUSE = 10.0
PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class CannotServe(Exception):
    """The service cannot start; the Chinese text says why and what to do."""


@dataclass
class Child:
    """A process to keep alive."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_after: float = 0.0
    false_starts: int = 0
    lived: bool = field(default=False)

    def start(self) -> None:
        """Start it, in a session of its own so that Ctrl-C reaches the supervisor alone."""
        self.process = subprocess.Popen(  # noqa: S603  (our own programs)
            self.command, env=dict(self.environment), start_new_session=True, preexec_fn=_die_with_parent
        )
        self.started_at = time.monotonic()
        log.info("child_started", child=self.name, pid=self.process.pid)

    def tend(self) -> None:
        """Start it again if it has ended, later and later if it keeps ending young."""
        moment = time.monotonic()
        if self.process is None:
            if moment >= self.start_after:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            self.lived = self.lived or moment - self.started_at >= YOUNG_SECONDS
            return
        self.kill()  # what it started answers on, at the same port, while the next one waits for it
        young = moment - self.started_at < YOUNG_SECONDS
        self.false_starts = self.false_starts + 1 if young else 0
        self.start_after = moment + min(0.5 * 2**self.false_starts, LONGEST_PAUSE)
        self.process = None
        log.error("child_died", child=self.name, status=status, false_starts=self.false_starts)

    @property
    def is_hopeless(self) -> bool:
        """Whether it never lived and is not going to."""
        return not self.lived and self.false_starts >= FALSE_STARTS

    def send(self, signum: int) -> None:
        """Send a signal to it if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signum)

    def kill(self) -> None:
        """End it, unless it has ended, and everything that it started, at once."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return
            self.process.wait()


class Supervisor:
    """Keeps the children alive until told to stop."""

    def __init__(self, children: list[Child]) -> None:
        self._children = children
        self._stopping = threading.Event()
        self._hurry = threading.Event()

    def run(self) -> int:
        """Tend the children. Returns the exit status: 0 after a wanted stop, 1 if one could not be kept alive."""
        for signum in STOP_SIGNALS:
            signal.signal(signum, self._on_signal)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        status = 0
        while not self._stopping.wait(0.2):
            for child in self._children:
                child.tend()
            if hopeless := [child.name for child in self._children if child.is_hopeless]:
                log.error("giving_up", children=hopeless)
                status = 1
                break
        self._stop()
        return status

    def _on_signal(self, signum: int, _frame: FrameType | None) -> None:
        if self._stopping.is_set():
            self._hurry.set()
        self._stopping.set()

    def _stop(self) -> None:
        for child in self._children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and not self._hurry.is_set():
            if all(child.process is None or child.process.poll() is not None for child in self._children):
                break
            time.sleep(0.05)
        for child in self._children:
            child.kill()  # also what a child may have left behind
        log.info("stopped")


def serve(settings: Settings, host: str, port: int) -> int:
    """Run web server and worker in the foreground. Raises CannotServe or single.AlreadyRunning."""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lock = service_lock(settings.data_dir)
    lock.take(f"http://{place}（进程 {os.getpid()}）")
    try:
        _check_port(host, port)
        run_files.forget_wake_ups(settings.data_dir)
        environment = {**os.environ, **run_files.prepare_metrics(settings.data_dir)}
        web = [sys.executable, "-m", "gunicorn", "-c", "python:server.core.ops.gunicorn_conf", "server.wsgi:app"]
        children = [
            Child("web", web, {**environment, "SUISHOUPAI_BIND": place}),
            Child("worker", [sys.executable, "-m", "server.worker"], environment),
        ]
        return Supervisor(children).run()
    finally:
        lock.release()


def replace_this_process(host: str, port: int) -> NoReturn:
    """Go on as the supervisor: same process, same descriptors, less memory.

    A Ctrl-C meanwhile waits until the supervisor is there to hear it.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    os.execv(sys.executable, [sys.executable, "-m", "server.supervisor", host, str(port)])  # noqa: S606  (ourselves)


def main(host: str, port: str) -> int:
    """Serve with the settings of the environment. Returns the exit status."""
    settings = load_settings()
    service_logging.configure(settings)
    run_files.keep_to_owner(settings.data_dir)
    try:
        return serve(settings, host, int(port))
    except AlreadyRunning as error:
        sys.stderr.write(f"错误：数据目录已有服务在使用：{error}\n")
    except CannotServe as error:
        sys.stderr.write(f"错误：{error}\n")
    return 1


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServe(
                f"不能使用 {host}:{port}（{error.strerror}）。请换一个端口，或停掉占用它的程序。"
            ) from error


def _die_with_parent() -> None:
    """In the child, before it starts: end when the supervisor ends, even if that was killed (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
