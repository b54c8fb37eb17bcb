"""`pytest -n 4`: the processes of a run are copies of one that has collected its tests.

Loading the service and eight thousand tests takes a process eleven CPU seconds, telling them again in a copy three.
What a copy is for the process that begins it is what it always was: a worker of xdist that is spoken to through two
pipes.
"""

import ctypes
import gc
import os
import random
import select
import signal
import socket
import subprocess
import sys
from typing import Any, NoReturn

import execnet
import pytest
from execnet import gateway_io
from execnet.gateway_base import Popen2IO

BEGIN = b"begin"
PR_SET_PDEATHSIG = 1
# The tests are collected for the sake of what that loads: what is wrong with them, each copy finds out again and says.
COLLECTING = ("-n", "0", "--collect-only", "-qq")
IN_VAIN = (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)


class Nursery:
    """A process that has collected the tests and begins copies of itself. A plugin of the process that begins them."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._patch = pytest.MonkeyPatch()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self, config: pytest.Config, specs: list[execnet.XSpec]) -> None:
        """Before the first worker begins: from here on they are copies."""
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", "tests.support.nursery",
                 str(theirs.fileno()), *map(str, config.invocation_params.args)],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
            )  # fmt: skip
        self._patch.setattr(gateway_io, "create_io", lambda _spec, execmodel: Worker(self, execmodel))

    def begin(self, reads: int, writes: int) -> int:
        """The process id of a new copy, whose standard input and output those are."""
        assert self._socket is not None
        socket.send_fds(self._socket, [BEGIN], [reads, writes])
        answer = self._socket.recv(100)
        if not answer:
            raise RuntimeError("the process that collects the tests ended")
        return int(answer)

    def pytest_unconfigure(self) -> None:
        """The run ends, and with it the process that waits to begin another copy."""
        self._patch.undo()
        if self._socket is not None and self._process is not None:
            self._socket.close()
            self._process.kill()
            self._process.wait()


class Worker(Popen2IO):
    """A copy, as execnet speaks to a process that it began itself."""

    remoteaddress: str

    def __init__(self, nursery: Nursery, execmodel: Any) -> None:
        reads, ours_out = os.pipe()
        ours_in, writes = os.pipe()
        self._ended = os.pidfd_open(nursery.begin(reads, writes))
        os.close(reads)
        os.close(writes)
        super().__init__(os.fdopen(ours_out, "wb"), os.fdopen(ours_in, "rb"), execmodel=execmodel)

    def wait(self) -> None:
        """Return once it has ended."""
        select.select([self._ended], [], [])

    def kill(self) -> None:
        """End it now."""
        signal.pidfd_send_signal(self._ended, signal.SIGKILL)


def main(descriptor: int, arguments: list[str]) -> None:
    """Collect the tests that `arguments` ask for, then begin copies until the other end is gone."""
    status = pytest.main([*arguments, *COLLECTING])
    if status in IN_VAIN:
        sys.exit(f"{sys.argv[0]}: {status!r}")
    _load_what_copies_share()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here asks how a copy ended
    requests = socket.socket(fileno=descriptor)
    while True:
        data, descriptors, _flags, _address = socket.recv_fds(requests, 100, 2)
        if data != BEGIN:
            return
        pid = os.fork()
        if not pid:
            requests.close()
            _work(*descriptors)
        for each in descriptors:
            os.close(each)
        requests.send(str(pid).encode())


def _load_what_copies_share() -> None:
    """What each copy would load or find out for itself with its first application and its first property."""
    # Here, not above: the process that begins the others imports this module too, and needs none of it.
    from hypothesis import Phase, given, settings, strategies
    from sqlalchemy.orm import configure_mappers

    from server.wiring import rooms
    from tests.support.forking import ROOMS

    for name in ROOMS:
        rooms(name)
    configure_mappers()
    # The first property makes the table of characters and reads every module of the service: three CPU seconds in a
    # fresh clone. Constants found there are drawn now and then, so it takes some examples.
    settings(max_examples=100, derandomize=True, database=None, phases=[Phase.generate])(
        given(strategies.text())(lambda _: None)
    )()


def _work(reads: int, writes: int) -> NoReturn:
    """Be a worker of xdist: what a new interpreter would be told to do, which is to read what to do."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    random.seed()  # ports are drawn
    for standard, own in enumerate((reads, writes)):
        os.dup2(own, standard)
        os.close(own)
    sys.argv = ["-c"]
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    exec(eval(sys.stdin.readline()), {"__name__": "__main__"})  # noqa: S307, S102  (gateway_io.popen_bootstrapline)
    sys.exit()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
