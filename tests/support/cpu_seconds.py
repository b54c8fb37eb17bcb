"""`pytest --cpu 20`: the tests that took the most CPU seconds, those of servers, browsers and services among them.

Durations say how busy a machine was; this says what there is to save.
"""

import os
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path

import pytest

TOOK = "cpu"  # the property of a report under which the controlling process learns of it
BEGAN = pytest.StashKey[dict[str, float]]()
TICKS = os.sysconf("SC_CLK_TCK")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many to list."""
    parser.addoption("--cpu", type=int, default=0, metavar="N", help="list the N tests that took the most CPU seconds")


def pytest_configure(config: pytest.Config) -> None:
    """Watch only if asked: looking at all processes takes some milliseconds a test."""
    if config.getoption("cpu"):
        config.pluginmanager.register(CpuSeconds())


def spent(process: int | str) -> dict[str, float]:
    """CPU seconds by the name of the program: of a process, of those that it began and of those that have ended."""
    found: dict[str, float] = {}
    with suppress(FileNotFoundError, ProcessLookupError):
        folder = Path(f"/proc/{process}")
        name, _, numbers = (folder / "stat").read_text().partition("(")[2].rpartition(")")
        found[name] = sum(map(int, numbers.split()[11:15])) / TICKS
        for thread in (folder / "task").iterdir():
            for child in (thread / "children").read_text().split():
                for program, seconds in spent(child).items():
                    found[program] = found.get(program, 0) + seconds
    return found


def wait_for_work(
    process: int, ready: Callable[[], bool], what: Callable[[], str], seconds: float, still: float = 60
) -> None:
    """Return once `ready` says so, however long a busy machine takes to let the process work.

    Raises RuntimeError with what `what` says if it and those that it began have worked for `seconds` in vain, or if for
    `still` seconds of the clock none of them did anything.
    """
    began, worked, since = sum(spent(process).values()), 0.0, time.monotonic()
    while not ready():
        now = sum(spent(process).values()) - began
        if now > worked:
            worked, since = now, time.monotonic()
        if worked > seconds or time.monotonic() - since > still:
            raise RuntimeError(f"not ready after {worked:.1f} CPU seconds: {what()}")
        time.sleep(0.1)


class CpuSeconds:
    """Notes what each test took, and lists the dearest."""

    def __init__(self) -> None:
        self.dearest: list[tuple[float, str, str]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        item.stash[BEGAN] = spent("self")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None]:
        yield
        began, ended = item.stash[BEGAN], spent("self")
        # Of a process that ended, the seconds from before the test are its parent's by now: less under its own name.
        taken = {name: ended.get(name, 0) - began.get(name, 0) for name in began | ended}
        said = ", ".join(f"{name} {seconds:.1f}" for name, seconds in taken.items() if abs(seconds) >= 0.1)
        item.user_properties.append((TOOK, (round(sum(taken.values()), 2), said)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        took = dict(report.user_properties).get(TOOK)
        if report.when == "teardown" and isinstance(took, (list, tuple)):
            self.dearest.append((took[0], report.nodeid, took[1]))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        total = sum(seconds for seconds, _, _ in self.dearest)
        terminalreporter.section(f"{total:.0f} CPU seconds, most of them in")
        for seconds, nodeid, said in sorted(self.dearest, reverse=True)[: config.getoption("cpu")]:
            terminalreporter.write_line(f"{seconds:6.1f} {nodeid}  ({said})")
