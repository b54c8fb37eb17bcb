"""The service's processes as copies of one that has loaded its modules: each start saves six CPU seconds.

What such a process does from there on is its own: the environment, the session, the working program. Starts from
nothing have tests of their own (`scripts/run`, `suishoupai serve`, the commands).
"""

import ctypes
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy.orm import configure_mappers

from server.app import create_app
from server.core.ops.run_files import VARIABLE as METRICS
from server.wiring import rooms
from tests.support import shortcuts
from tests.support.backends import make_settings
from tests.support.servers import ServerProcess

PRELOADED = ("server.app", "server.cli", "server.worker", "server.core.ops.draining", "gunicorn.app.wsgiapp")
ROOMS = ("permissions", "slice", "subscriptions", "jobs", "api", "console")
LONGEST = 200_000  # bytes of a request, most of them the environment's
PR_SET_PDEATHSIG = 1


class ForkServer(ServerProcess):
    """A process that has loaded the service's modules and begins copies of itself, each of which runs one program."""

    name = "fork-server"

    def __init__(self) -> None:
        super().__init__()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        with theirs, (self.folder / "log").open("ab") as log:
            # Where counters are kept is settled when they are loaded; a copy goes on in the folder of its environment.
            self.process = subprocess.Popen(
                self._command([sys.executable, "-m", "tests.support.forking", str(theirs.fileno())]),
                env={**os.environ, METRICS: str(self.folder)},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[theirs.fileno()],
            )  # fmt: skip

    def begin(self, program: str, *arguments: str, env: Mapping[str, str], log: int) -> "Forked":
        """Run a Python program, by its path or as `-m module`, in a session of its own; `log` takes what it writes."""
        return Forked(self, self.ask([log], program=program, arguments=arguments, env=dict(env)))

    def ask(self, descriptors: list[int] | None = None, **request: Any) -> Any:
        """The answer to one request. Raises RuntimeError if the process is gone."""
        with self._lock:
            socket.send_fds(self._socket, [json.dumps(request).encode()], descriptors or [])
            answer = self._socket.recv(LONGEST)
        if not answer:
            raise RuntimeError(f"{self.name} ended:\n{self.log()}")
        return json.loads(answer)

    def close(self) -> None:
        self._socket.close()
        super().close()


class Forked:
    """A process that the fork server began, to be used like subprocess.Popen."""

    def __init__(self, server: ForkServer, pid: int) -> None:
        self._server, self.pid = server, pid
        self._ended = os.pidfd_open(pid)  # stays with this process: only `poll` lets its number go to another
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        if self.returncode is None:
            self.returncode = self._server.ask(ended=self.pid)
            if self.returncode is not None:
                os.close(self._ended)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it has ended. Raises subprocess.TimeoutExpired after `timeout` seconds."""
        if self.poll() is None:
            ends = select.poll()
            ends.register(self._ended, select.POLLIN)
            ends.poll(None if timeout is None else timeout * 1000)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return status

    def send_signal(self, signum: signal.Signals) -> None:
        """Send it, unless the process has ended."""
        if self.poll() is None:
            os.kill(self.pid, signum)


def _serve(requests: socket.socket) -> None:
    """Answer until the other end is gone."""
    while True:
        data, descriptors, _flags, _address = socket.recv_fds(requests, LONGEST, 1)
        if not data:
            return
        request = json.loads(data)
        if "ended" in request:
            pid, status = os.waitpid(request["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = _begin(requests, log=descriptors[0], **request)
        requests.send(json.dumps(answer).encode())


def _begin(requests: socket.socket, *, log: int, program: str, arguments: list[str], env: dict[str, str]) -> int:
    """The id of a new process, which leads its session by now."""
    leads, led = os.pipe()
    pid = os.fork()
    if not pid:
        requests.close()
        os.close(leads)
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.close(led)
        _become(program, arguments, env, log)
    os.close(led)
    os.close(log)
    os.read(leads, 1)  # nothing comes; it ends when the other end is closed
    os.close(leads)
    return pid


def _become(program: str, arguments: list[str], env: dict[str, str], log: int) -> NoReturn:
    for standard in (1, 2):
        os.dup2(log, standard)
    os.close(log)
    os.environ.clear()
    os.environ.update(env)
    if program == "-m":
        sys.argv = arguments
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [program, *arguments]
        runpy.run_path(program, run_name="__main__")
    sys.exit()


def main() -> None:
    """Load everything, then serve on the socket whose descriptor is the first argument."""
    for name in PRELOADED:
        import_module(name)
    for name in ROOMS:
        rooms(name)
    configure_mappers()
    patch = pytest.MonkeyPatch()
    shortcuts.share_routes(patch)
    os.environ.setdefault(shortcuts.PAGES, os.environ[METRICS])
    shortcuts.share_pages(patch)
    # What an application finds out of the words of its routes, all that copies make know by then.
    create_app(make_settings(Path(os.environ[METRICS])))
    gc.collect()
    gc.freeze()  # what is loaded stays: copies look through it neither while they work nor when they end
    _serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
