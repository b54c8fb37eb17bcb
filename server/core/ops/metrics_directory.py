"""Where the processes of one service keep their counters. Must be set before prometheus_client is first imported."""

import shutil
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def prepare(data_dir: Path) -> dict[str, str]:
    """An empty directory for the counters, and the environment that makes processes use it."""
    path = data_dir.resolve() / "run" / "metrics"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return {VARIABLE: str(path)}
