"""Waiting by what a process works, not by the clock."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.cpu_seconds import wait_for_work


@pytest.fixture
def busy() -> Iterator[subprocess.Popen[bytes]]:
    """A shell whose child works on and on."""
    with subprocess.Popen(["sh", "-c", f"{sys.executable} -S -c 'while True: pass'; :"], process_group=0) as process:
        yield process
        subprocess.run(["kill", "-KILL", "--", f"-{process.pid}"], check=True)


def test_who_works_is_waited_for_as_long_as_it_may_work_and_who_does_nothing_is_not(
    busy: subprocess.Popen[bytes],
) -> None:
    asked = iter((False, False, True))
    wait_for_work(busy.pid, lambda: next(asked), lambda: "it", seconds=60)
    with pytest.raises(RuntimeError, match=r"^not ready after 0\.\d CPU seconds: it$"):
        wait_for_work(busy.pid, lambda: False, lambda: "it", seconds=0.2)
    with subprocess.Popen(["sleep", "60"]) as idle:
        with pytest.raises(RuntimeError, match=r"^not ready after 0\.0 CPU seconds: it$"):
            wait_for_work(idle.pid, lambda: False, lambda: "it", seconds=60, still=0.3)
        idle.kill()
