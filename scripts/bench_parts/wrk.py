"""Load by wrk: one thread, so many connections, a fixed time. It takes a few per cent of one core."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench_parts.servers import cpu_seconds

# Connections stay open, and which of gunicorn's two processes takes one is luck. Of eight all fell to one in every
# second run, which then was half as fast as the next, the bare one too; so it is with 16 and 20. Of 32 the fewest were
# six.
CONNECTIONS = 32
LUA = Path(__file__).with_name("lua")


class BenchError(Exception):
    """A measurement that would mislead: requests were refused, or connections broke."""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of one run. `cpu_ms` is processor time per request of all processes of the server."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


def run(
    url: str,
    seconds: float,
    script: str,
    options: Mapping[str, object],
    pids: tuple[int, ...],
    connections: int = CONNECTIONS,
) -> Load:
    """Load `url` with a script of the folder lua. Raises BenchError if any answer was not below 400."""
    arguments = [f"{key}={value}" for key, value in options.items()]
    limits = [f"-d{max(1, round(seconds))}s", "--timeout", "30s"]
    before = sum(cpu_seconds(pid) for pid in pids)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as joined:
        joined.write((LUA / "common.lua").read_text() + (LUA / f"{script}.lua").read_text())
        joined.flush()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", *limits, "-s", joined.name, url, "--", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
    spent = sum(cpu_seconds(pid) for pid in pids) - before
    lines = [line for line in done.stdout.splitlines() if line.startswith("SUMMARY ")]
    if done.returncode or not lines:
        raise BenchError(f"wrk failed:\n{done.stdout}{done.stderr}")
    summary = json.loads(lines[0].removeprefix("SUMMARY "))
    if not summary["requests"] or summary["refused"] or summary["broken"]:
        raise BenchError(f"{url}: {summary}")
    count = summary["requests"]
    return Load(
        requests=count,
        per_second=count / summary["microseconds"] * 1e6,
        p50_ms=summary["p50"] / 1000,
        p99_ms=summary["p99"] / 1000,
        cpu_ms=spent / count * 1000,
    )


Runner = Callable[[], Load]
