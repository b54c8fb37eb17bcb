"""Creating submissions: PUT a hazard with three photos in its manifest, beside a bare hello."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench_parts import wrk
from bench_parts.options import Options
from bench_parts.rounds import Measure, Series, ratio, table, take_turns
from bench_parts.stage import Ready, Stage
from server.core.db import Database
from server.review.submissions.models import Status, Submission

ROWS = 10_000  # already there


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians and ratios, as a table and as data."""
    with ExitStack() as stack:
        bare, pids = stack.enter_context(stage.bare())
        measures: dict[str, Measure] = {
            "hello": lambda _: figures(wrk.run(f"{bare.base_url}/hello", options.seconds, "get", {}, pids))
        }
        for kind in options.databases:
            settings = stage.settings(kind)
            ready = stack.enter_context(stage.service(kind, settings, stage.fill(settings, ROWS)))
            people = write_people(stage.folder / f"{kind}.people", ready)
            measures[kind] = lambda number, ready=ready, people=people: create(ready, people, number, options)
        series = take_turns(measures, options.rounds, options.say)
    return report("create", series)


def write_people(path: Path, ready: Ready) -> Path:
    """The list of workers that the load generator signs its requests with."""
    categories = ready.city.categories
    lines = (
        f"{worker.token} {worker.enterprise_id} {categories[number % len(categories)]}\n"
        for number, worker in enumerate(ready.city.workers)
    )
    path.write_text("".join(lines))
    return path


def figures(load: wrk.Load) -> dict[str, float]:
    """A run of wrk as figures of a round."""
    return {
        "requests": load.requests,
        "req_s": load.per_second,
        "cpu_ms": load.cpu_ms,
        "p50_ms": load.p50_ms,
        "p99_ms": load.p99_ms,
    }


def create(ready: Ready, people: Path, number: int, options: Options) -> Mapping[str, float]:
    """One run of creations. Raises BenchError unless each that was answered is there."""
    before = _count(ready)
    arguments = {"people": people, "milliseconds": time.time_ns() // 1_000_000, "seed": time.time_ns() % 2**31 + number}
    load = wrk.run(ready.service.base_url, options.seconds, "create", arguments, ready.pids)
    made = _count(ready) - before
    if not load.requests <= made <= load.requests + wrk.CONNECTIONS:  # those under way at the end are not counted
        raise wrk.BenchError(f"{load.requests} answers, but {made} submissions")
    return figures(load)


def _count(ready: Ready) -> int:
    database = Database(ready.settings)
    try:
        with database.reading() as session:
            wanted = select(func.count()).where(Submission.status == Status.INCOMPLETE)
            return session.scalar(wanted) or 0
    finally:
        database.close()


def report(title: str, series: dict[str, Series]) -> tuple[str, dict[str, Any]]:
    """Runs of wrk beside a bare hello, as a table and as data."""
    hello = series["hello"]
    rows = [
        [
            name,
            each.median("req_s"),
            ratio(each, hello),
            each.median("cpu_ms"),
            each.median("p50_ms"),
            each.median("p99_ms"),
        ]
        for name, each in series.items()
    ]
    text = table([title, "req/s", "× hello", "CPU ms", "p50 ms", "p99 ms"], rows)
    data = {name: {"ratio_to_hello": ratio(each, hello), **each.report()} for name, each in series.items()}
    return text, data
