"""A worker with jobs to do harm to: `python -m tests.faults.worker`. They leave marks in the data directory."""

import os
import signal
import sys
import threading
import time

from server import worker
from server.core.jobs.registry import JobContext, job


@job("faults.wait", "测试")
def wait_to_be_let_go(ctx: JobContext, mark: str) -> None:
    """Mark each start by a line; go on once the file `go` is there."""
    with open(ctx.settings.data_dir / f"{mark}.started", "a") as file:
        file.write(f"{os.getpid()}\n")
    while not (ctx.settings.data_dir / "go").exists():
        time.sleep(0.05)
    with open(ctx.settings.data_dir / f"{mark}.done", "a") as file:
        file.write(f"{os.getpid()}\n")


@job("faults.hang", "测试", max_attempts=1, max_seconds=1)
def hang(ctx: JobContext, mark: str) -> None:
    """Never come back."""
    threading.Event().wait()


@job("faults.kill_worker", "测试", max_attempts=2)
def kill_worker(ctx: JobContext, mark: str) -> None:
    """Take the whole process down, as a decoder that crashes would."""
    with open(ctx.settings.data_dir / f"{mark}.started", "a") as file:
        file.write(f"{os.getpid()}\n")
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(worker.main())
