"""What servers of tests leave behind."""

import os
from pathlib import Path

import pytest

from tests.support import servers


def test_folders_of_processes_that_are_gone_are_swept_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "scratch_root", lambda: tmp_path)
    gone = int(Path("/proc/sys/kernel/pid_max").read_text()) + 1
    left = [f"suishoupai-fork-server-{gone}-ab_c1", f"suishoupai-redis-{gone}-x"]
    kept = [f"suishoupai-redis-{os.getpid()}-x", "suishoupai-bench-1x", f"others-redis-{gone}-x"]
    for name in (*left, *kept):
        (tmp_path / name / "data").mkdir(parents=True)
    servers.sweep()
    assert {each.name for each in tmp_path.iterdir()} == set(kept)
