"""Files of a running service that are worth nothing once it has stopped. Imports little: the supervisor stays small."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
UMASK = 0o077


def keep_to_owner(data_dir: Path | None = None) -> None:
    """From now on files are made for their owner alone; what is in the data directory already is closed off by it."""
    os.umask(UMASK)
    if data_dir is not None and data_dir.is_dir() and data_dir.stat().st_uid == os.geteuid():
        data_dir.chmod(0o700)


def prepare_metrics(data_dir: Path) -> dict[str, str]:
    """An empty directory for the counters of all processes, and the environment that makes them use it.

    It must be set before prometheus_client is first imported.
    """
    path = _scratch() / f"suishoupai-{hashlib.sha256(bytes(data_dir.resolve())).hexdigest()[:16]}"
    shutil.rmtree(path, ignore_errors=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:  # somebody else's
        path = Path(tempfile.mkdtemp(prefix="suishoupai-", dir=path.parent))
    return {VARIABLE: str(path)}


def _scratch() -> Path:
    """In memory where possible: the counters are mapped files, and a full disk kills whoever writes to one."""
    memory = Path("/dev/shm")  # noqa: S108  (a folder of our own below it)
    return memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


def wake_up_file(data_dir: Path) -> Path:
    """The SQLite file of wake-ups in the embedded default. It may be lost at any time while nothing runs."""
    return data_dir.resolve() / "wake_ups.db"


def forget_wake_ups(data_dir: Path) -> None:
    """Start with an empty queue: the job table knows what is to be done, and a damaged queue must not stop anybody."""
    path = wake_up_file(data_dir)
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
