"""Stacks of a running service, taken by py-spy from outside, and calls of fsync, counted by strace."""

import re
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bench_parts.servers import children_of
from tests.support.service import BIN

RATE = 100
"""Samples per second and thread."""
Of = Literal["running", "holding the lock", "all"]
FLAGS: dict[Of, tuple[str, ...]] = {"running": (), "holding the lock": ("--gil",), "all": ("--idle",)}
FRAME = re.compile(r"^(?P<function>.+) \((?P<file>[^()]*?)(?::\d+)?\)$")
REQUEST = "wsgi_app"
"""The function that every request is answered within."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One function on a stack. `file`: below the folder that it is imported from."""

    function: str
    file: str

    @property
    def name(self) -> str:
        """Without the class that it belongs to."""
        return self.function.rpartition(".")[2]


Stack = tuple[Frame, ...]
"""From the outermost function to the innermost."""


@dataclass(slots=True)
class Samples:
    """How often each stack was seen."""

    stacks: Counter[Stack] = field(default_factory=Counter)

    def within_requests(self) -> "Samples":
        """Those of threads that answer somebody: the others wait for work, or take it in."""
        found = {stack: n for stack, n in self.stacks.items() if any(each.name == REQUEST for each in stack)}
        return Samples(Counter(found))

    @property
    def total(self) -> int:
        return self.stacks.total()


@contextmanager
def sampling(pid: int, of: Of) -> Iterator[Samples]:
    """Look at `pid` and its children until the block ends; the samples are there afterwards."""
    found = Samples()
    with tempfile.NamedTemporaryFile("r", suffix=".raw") as file:
        command = ["record", "--pid", str(pid), "--subprocesses", "--nonblocking", "--rate", str(RATE)]
        command += ["--format", "raw", "--output", file.name, "--duration", "3600", *FLAGS[of]]
        with _running(BIN / "py-spy", *command):
            yield found
        found.stacks = read_raw(Path(file.name).read_text())


def read_raw(text: str) -> Counter[Stack]:
    """What py-spy writes: a line for each stack, frames by semicolons, then how often it was seen."""
    found: Counter[Stack] = Counter()
    for line in text.splitlines():
        names, _, count = line.rpartition(" ")
        matches = (FRAME.match(name) for name in names.split(";"))
        if stack := tuple(Frame(match["function"], match["file"]) for match in matches if match):
            found[stack] += int(count)
    return found


@dataclass(slots=True)
class Calls:
    """How often something was called and how long that took, in seconds."""

    count: int = 0
    seconds: float = 0.0


@contextmanager
def counting_fsync(pids: Sequence[int]) -> Iterator[Calls]:
    """Count fsync and fdatasync of some processes and their children until the block ends."""
    found = Calls()
    everyone = [str(each) for pid in pids for each in (pid, *children_of(pid))]
    attached = [word for each in everyone for word in ("-p", each)]
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as file:
        with _running("strace", "-f", "-T", "-qq", "-e", "trace=fsync,fdatasync", "-o", file.name, *attached):
            yield found
        spent = re.findall(r" = 0 <([0-9.]+)>$", Path(file.name).read_text(), re.MULTILINE)
        found.count, found.seconds = len(spent), sum(map(float, spent))


@contextmanager
def _running(*command: str | Path) -> Iterator[None]:
    """A program beside what is done in the block; told to finish at its end, as Ctrl C does. Raises RuntimeError."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    if process.returncode not in (0, -signal.SIGINT, 128 + signal.SIGINT):
        raise RuntimeError(f"{command[0]}: {said}")
