"""Fifty reports a second for a minute, each with a photo of its own of some 300 kB; then until all photos are seen to.

Quick: twenty a second for five seconds. Everything is on the machine that is measured: web server, worker, database and
the phones. Reports go out when they are due, so one that is slow makes the others no later. `SOAK_PER_SECOND` and
`SOAK_SECONDS` in the environment set another pace.
"""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import func, select

from bench_parts import wrk
from bench_parts.options import Options
from bench_parts.reporting import make_photos, make_reports
from bench_parts.rounds import table
from bench_parts.servers import ProductionService, cpu_seconds, family_of, memory_of
from bench_parts.stage import Stage
from server.core.db import Database
from server.core.jobs.models import Job, JobState
from server.photos.models import Photo, PhotoPrint, PhotoState

FULL, QUICK = (50.0, 60.0), (20.0, 5.0)  # reports a second, seconds
WANTED = 300_000  # bytes
PATIENCE = 900.0  # seconds to wait for the worker
SETTLED, LOOK = 0.05, 3.0  # of a core that a worker takes at most which has nothing to do, looked at so many seconds


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """How long reports took, when the worker was done, what each process cost and held."""
    pace, seconds = FULL if options.seconds > 1 else QUICK
    pace, seconds = float(os.environ.get("SOAK_PER_SECOND", pace)), float(os.environ.get("SOAK_SECONDS", seconds))
    options.say("making photos")
    photos = _photos(stage.photos(), round(pace * seconds))
    rows, data = [], {}
    for kind in options.databases:
        settings = stage.settings(kind)
        city = stage.fill(settings, 0)
        reports = list(make_reports(city, photos))
        with ExitStack() as stack:
            service = ProductionService(settings)
            stack.callback(service.stop)
            service.start()
            _settle(service)
            plan = {"url": service.base_url, "per_second": pace, "reports": [asdict(each) for each in reports]}
            extra = stage.database_pids(settings)
            found = _run(stage, service, plan, extra)
        data[kind] = found
        options.say(f"{kind}: {found}")
        rows += [[f"{kind}: {name}", value] for name, value in found.items()]
    return table(["soak", ""], rows), data


def _photos(folder: Path, count: int) -> list[Path]:
    share = 50
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        parts = [
            pool.submit(make_photos, folder, first, min(share, count - first), WANTED)
            for first in range(0, count, share)
        ]
        return list(chain.from_iterable(each.result() for each in parts))


def _settle(service: ProductionService) -> None:
    """Wait until the worker has counted what it counts of a new city: that took half a minute of what was measured."""
    pid = service.worker.pid if service.worker else 0
    deadline, spent = time.monotonic() + PATIENCE, -1.0
    while (now := cpu_seconds(pid)) - spent > SETTLED * LOOK or now == 0:
        if time.monotonic() > deadline:
            raise wrk.BenchError("the worker does not come to rest")
        spent = now
        time.sleep(LOOK)


def _run(stage: Stage, service: ProductionService, plan: dict[str, Any], extra: tuple[int, ...]) -> dict[str, float]:
    told, result = stage.folder / "plan.json", stage.folder / "result.json"
    told.write_text(json.dumps(plan))
    web, worker = (each.pid if each else 0 for each in (service.web, service.worker))
    count = len(plan["reports"])
    costs = {name: _cost(pids) for name, pids in (("web", (web,)), ("worker", (worker,)), ("database", extra))}
    with _Watch(web, worker) as watch:
        subprocess.run([sys.executable, "-m", "bench_parts.reporting", told, result], check=True)
        ended = time.monotonic()
        spent_until = {name: _cost(pids) for name, pids in (("web", (web,)), ("database", extra))}
        done = _wait_for_worker(service, count, ended)
    phones = json.loads(result.read_text())
    accepted = sum(each["uploaded"] in (200, 201) for each in phones["sent"])
    if done["kept"] != count:
        refused = [each for each in phones["sent"] if each["uploaded"] not in (200, 201)][:3]
        raise wrk.BenchError(f"{count} reports, {accepted} accepted, {done['kept']} photos kept; {refused}")
    return {
        "reports": count,
        "accepted": accepted,
        **_times("creating", [each["create_seconds"] for each in phones["sent"]]),
        **_times("photo", [each["upload_seconds"] for each in phones["sent"]]),
        **_times("both", [each["seconds"] for each in phones["sent"]]),
        "derivatives done after, s": round(done["derivatives"], 1),
        "copies looked for after, s": round(done["copies"], 1),
        "web CPU ms each": round((spent_until["web"] - costs["web"]) / count * 1000, 1),
        "worker CPU ms each": round((_cost((worker,)) - costs["worker"]) / count * 1000, 1),
        "database CPU ms each": round((_cost(extra) - costs["database"]) / count * 1000, 1),
        "phones CPU ms each": round(phones["cpu_seconds"] / count * 1000, 1),
        "web process RSS MB at most": round(watch.web),
        "worker and its children PSS MB at most": round(watch.worker),
    }


def _times(name: str, seconds: list[float]) -> dict[str, float]:
    return {
        f"{name} p50 ms": round(median(seconds) * 1000),
        f"{name} p95 ms": round(quantiles(seconds, n=100)[94] * 1000),
        f"{name} most ms": round(max(seconds) * 1000),
    }


def _cost(pids: tuple[int, ...]) -> float:
    return sum(cpu_seconds(pid) for pid in pids)


def _wait_for_worker(service: ProductionService, count: int, since: float) -> dict[str, float]:
    """Seconds until every photo can be shown, and until copies of each were looked for. There are no others."""
    database, derivatives, kept = Database(service.settings), 0.0, 0
    received, shown = Photo.state != PhotoState.AWAITED, Photo.state == PhotoState.READY
    try:
        while time.monotonic() - since < PATIENCE:
            with database.reading() as session:
                kept, ready, prints, waiting = (
                    session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
                    for model, conditions in (
                        (Photo, (received,)), (Photo, (shown,)), (PhotoPrint, ()),
                        (Job, (Job.name == "photos.find_copies", Job.state != JobState.DEAD)),
                    )
                )  # fmt: skip
            moment = time.monotonic() - since
            derivatives = derivatives or (moment if ready >= min(kept, count) else 0.0)
            if derivatives and prints >= kept and not waiting:
                return {"kept": kept, "derivatives": derivatives, "copies": moment}
            time.sleep(1)
    finally:
        database.close()
    raise wrk.BenchError(f"after {PATIENCE:.0f} s the worker is not done with {kept} photos")


class _Watch:
    """Looks at memory once a second: the largest web process, and the worker with all its children."""

    def __init__(self, web: int, worker: int) -> None:
        self._pids, self._over = (web, worker), threading.Event()
        self.web = self.worker = 0.0
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        web, worker = self._pids
        while not self._over.wait(1.0):
            self.web = max([self.web, *(memory_of(pid).rss for pid in family_of(web)[1:])])
            self.worker = max(self.worker, sum(memory_of(pid).pss for pid in family_of(worker)))
