"""`scripts/bench`: measures what it is told to, prints tables, writes a JSON file."""

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench_parts import (
    background,
    checkins,
    console_pages,
    coverage,
    creating,
    derivatives,
    fingerprints,
    memory,
    phone,
    profiling,
    queue_page,
    quiz,
    rollup,
    sending,
    slow,
    soak,
    tasks,
    uploading,
)
from bench_parts.options import Options
from bench_parts.stage import Stage
from server import wiring
from server.core import clock
from tests.support.servers import POSTGRES_BIN

Part = Callable[[Stage, Options], tuple[str, dict[str, Any]]]
PARTS: dict[str, Part] = {
    "create": creating.measure,
    "upload": uploading.measure,
    "queue": queue_page.measure,
    "pages": console_pages.measure,
    "checkins": checkins.measure,
    "coverage": coverage.measure,
    "quiz": quiz.measure,
    "rollup": rollup.measure,
    "sending": sending.measure,
    "tasks": tasks.measure,
    "exports": background.measure_exports,
    "jobs": background.measure_jobs,
    "derivatives": derivatives.measure,
    "fingerprints": fingerprints.measure,
    "memory": memory.measure,
    "phone": phone.measure,
    "profile": profiling.measure,
    "slow": slow.measure,
    "soak": soak.measure,
}
PACKAGES = ("flask", "gunicorn", "sqlalchemy", "psycopg", "opencv-python-headless")


def main() -> int:
    """Measure. Returns the exit status."""
    wiring.wire()
    arguments = _arguments()
    parts = list(PARTS) if "all" in arguments.parts or not arguments.parts else arguments.parts
    options = Options(
        rounds=arguments.rounds or (1 if arguments.quick else 5),
        seconds=arguments.seconds or (1 if arguments.quick else 4),
        rows=tuple(arguments.rows or ((10_000,) if arguments.quick else (10_000, 1_000_000))),
        databases=tuple(arguments.databases or ("SQLite", "PostgreSQL")),
        photos=arguments.photos,
        only=tuple(arguments.only or ()),
        is_city=arguments.city,
    )
    web = {
        name: number
        for name, number in (("web_workers", arguments.workers), ("web_threads", arguments.threads))
        if number
    }
    found: dict[str, Any] = {
        "machine": _machine(),
        "options": {"rounds": options.rounds, "seconds": options.seconds, **web},
    }
    print(_describe(found["machine"]))
    for name in parts:
        print(f"==> {name}", file=sys.stderr)
        with Stage(web, arguments.keep) as stage:
            text, found[name] = PARTS[name](stage, options)
        found[name]["load_after"] = os.getloadavg()[0]
        print(f"\n## {name}\n\n{text}", flush=True)
        arguments.json.write_text(json.dumps(found, indent=1, ensure_ascii=False))
    print(f"\n{arguments.json}", file=sys.stderr)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"all (default), {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="one short round and few rows: does it run at all?")
    parser.add_argument("--rounds", type=int, help="rounds that count (5)")
    parser.add_argument("--seconds", type=float, help="of each run of the load generator (4)")
    parser.add_argument("--rows", type=int, nargs="+", help="submissions behind the queue page (10000 1000000)")
    parser.add_argument("--databases", nargs="+", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--workers", type=int, help="processes of the web servers, the bare one too (2)")
    parser.add_argument("--threads", type=int, help="threads of each; 1: gunicorn's sync workers (80)")
    parser.add_argument("--city", action="store_true", help="`pages`, `exports`, `jobs`: as much as after five years")
    parser.add_argument("--photos", type=Path, help="a folder of photographs, for the recall of fingerprints")
    parser.add_argument(
        "--keep", type=Path, help="a folder where the databases of `pages` and sent photos stay, to measure again"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="WORD",
        help="open the `pages`, or profile the acts, alone whose name holds one of these",
    )
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"), help="where to write all figures")
    found = parser.parse_args()
    unknown = set(found.parts) - {*PARTS, "all"}
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    found.json.parent.mkdir(parents=True, exist_ok=True)
    return found


def _machine() -> dict[str, Any]:
    postgres = subprocess.run([POSTGRES_BIN / "postgres", "--version"], capture_output=True, text=True, check=False)
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return {
        "at": clock.now().isoformat(timespec="seconds"),
        "processor": model[0] if model else platform.processor(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": postgres.stdout.split()[-1] if postgres.stdout else "",
        "packages": {name: version(name) for name in PACKAGES},
    }


def _describe(machine: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return (
        f"{machine['at']} · {machine['cores']} × {machine['processor']} · load {machine['load_before']:.1f} before · "
        f"Python {machine['python']}, SQLite {machine['sqlite']}, PostgreSQL {machine['postgresql']}, {packages}"
    )


if __name__ == "__main__":
    sys.exit(main())
