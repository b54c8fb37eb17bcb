"""What is measured, running: gunicorn with the service or the bare application, and PostgreSQL that keeps its word."""

import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from server.core.settings import Settings
from tests.support.servers import Postgres, wait_until
from tests.support.service import BIN, Service

TICKS = os.sysconf("SC_CLK_TCK")


class DurablePostgres(Postgres):
    """PostgreSQL as in production: every commit is on the disk. Memory for a table of a million rows."""

    tuning: Mapping[str, str] = {
        "shared_buffers": "512MB",
        "max_wal_size": "4GB",
        "maintenance_work_mem": "512MB",
    }


class KeptPostgres(DurablePostgres):
    """The same with its data in a folder that stays, to be started on again."""

    def __init__(self, folder: Path) -> None:
        self.kept = folder
        super().__init__()

    def _make_folder(self) -> Path:
        self.kept.mkdir(parents=True, exist_ok=True)
        return self.kept.resolve()

    def _make_data(self) -> None:
        if not (self.folder / "data" / "PG_VERSION").exists():
            super()._make_data()

    def close(self) -> None:
        """End it in good order."""
        self.stop(signal.SIGINT)


class BareService(Service):
    """The bare application with the gunicorn settings of the service."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(settings, {"BENCH_FOLDER": str(folder), "PYTHONPATH": os.pathsep.join(("scripts", "."))})
        self.folder = folder

    def start_web(self) -> None:
        """Start gunicorn and wait until it says hello."""
        self.web = self._spawn(
            str(BIN / "gunicorn"), "--config", "python:server.core.ops.gunicorn_conf",
            "--bind", f"127.0.0.1:{self.port}", "bench_parts.bare:app",
        )  # fmt: skip
        wait_until(self._says_hello, "the bare application")

    def _says_hello(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base_url}/hello", timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False


class ProductionService(Service):
    """Web server and worker as programs of their own, nothing of a test in their memory."""

    def start_web(self) -> None:
        """Start gunicorn and wait until it is ready."""
        self.web = self._spawn(
            str(BIN / "gunicorn"), "--config", "python:server.core.ops.gunicorn_conf",
            "--bind", f"127.0.0.1:{self.port}", "server.wsgi:app",
        )  # fmt: skip
        wait_until(self._is_ready, "the web server")

    def start_worker(self) -> None:
        """Start the worker."""
        self.worker = self._spawn(sys.executable, "-m", "server.worker")


@contextmanager
def running(service: Service) -> Iterator[Service]:
    """The web server alone, for the length of a block; no worker, which would share the cores with it."""
    try:
        service.start_web()
        yield service
    finally:
        service.stop()


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of one process in MB: all it has mapped in, and its fair share of what it shares."""

    rss: float
    pss: float


def children_of(pid: int) -> list[int]:
    """The processes that `pid` has started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def family_of(pid: int) -> list[int]:
    """A process, and what its threads have started, and what those have."""
    found = [pid]
    for each in found:
        with suppress(FileNotFoundError, ProcessLookupError):
            for thread in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (thread / "children").read_text().split()]
    return found


def memory_of(pid: int) -> Memory:
    """Memory of a process, from the kernel; none of one that has ended."""
    values = {}
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except (FileNotFoundError, ProcessLookupError):
        return Memory(0.0, 0.0)
    for line in lines:
        name, number, *_ = line.split()
        values[name.rstrip(":")] = int(number) / 1024
    return Memory(values["Rss"], values["Pss"])


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and its children, living and dead, in seconds."""
    total = 0
    for each in family_of(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # ended just now; its time is among the parent's dead
            continue
        total += sum(int(ticks) for ticks in fields[11:15])
    return total / TICKS
