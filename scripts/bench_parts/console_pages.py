"""Pages of the console as reviewers open them, one at a time, over a million rows: no more than 100 ms each."""

import http.client
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

from bench_parts.browsing import pages_of
from bench_parts.city import SCOPES
from bench_parts.options import Options
from bench_parts.rounds import Measure, Series, table, take_turns
from bench_parts.servers import cpu_seconds
from bench_parts.stage import Ready, Stage
from bench_parts.wrk import BenchError
from server.core.db import Database

LIMIT = 100.0  # ms, at the median
TIMES = 5  # that a page is opened in a round, after it was opened once


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians, as a table and as data."""
    measures: dict[str, Measure] = {}
    rows = max(options.rows)
    with ExitStack() as stack:
        for kind in options.databases:
            options.say(f"{kind}: {rows} submissions and people")
            ready = stack.enter_context(stage.service(kind, *stage.filled(kind, options.size(rows))))
            for scope in SCOPES:
                for name, path in _pages(ready, scope).items():
                    if options.is_wanted(name) and may_open(ready, scope, path):
                        measures[f"{kind} {scope} {name}"] = lambda _, r=ready, s=scope, p=path: open_page(r, s, p)
        series = take_turns(measures, options.rounds, options.say)
    return report_pages(series)


def _pages(ready: Ready, scope: str) -> dict[str, str]:
    database = Database(ready.settings)
    try:
        with database.reading() as session:
            return pages_of(session, ready.city, scope)
    finally:
        database.close()


def _get(ready: Ready, scope: str, path: str, connection: http.client.HTTPConnection) -> int:
    connection.request("GET", path, headers={"Cookie": f"ssp_session={ready.city.reviewers[scope]}"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _connect(ready: Ready) -> http.client.HTTPConnection:
    address = urlsplit(ready.service.base_url)
    return http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)


def may_open(ready: Ready, scope: str, path: str) -> bool:
    """Whether the page is there for a reviewer of that scope. Raises BenchError where it breaks."""
    status = _get(ready, scope, path, _connect(ready))
    if status >= 500 or status in (401, 422, 429):
        raise BenchError(f"{scope} {path}: {status}")
    return status in (200, 303)  # a number that was typed leads to the one row that has it


def open_page(ready: Ready, scope: str, path: str) -> Mapping[str, float]:
    """Open it several times, by the clock and by the processor time of web server and database."""
    connection, taken = _connect(ready), []
    _get(ready, scope, path, connection)
    before = sum(cpu_seconds(pid) for pid in ready.pids)
    for _ in range(TIMES):
        started = time.perf_counter()
        status = _get(ready, scope, path, connection)
        taken.append((time.perf_counter() - started) * 1000)
        if status not in (200, 303):
            raise BenchError(f"{scope} {path}: {status}")
    spent = sum(cpu_seconds(pid) for pid in ready.pids) - before
    connection.close()
    return {"p50_ms": statistics.median(taken), "worst_ms": max(taken), "cpu_ms": spent / TIMES * 1000}


def report_pages(series: dict[str, Series]) -> tuple[str, dict[str, Any]]:
    rows: list[Sequence[object]] = [
        [name, each.median("p50_ms"), each.median("worst_ms"), each.median("cpu_ms"), _mark(each)]
        for name, each in series.items()
    ]
    data = {name: each.report() for name, each in series.items()}
    return table(["page", "p50 ms", "worst ms", "CPU ms", ""], rows), data


def _mark(series: Series) -> str:
    return "over 100 ms" if series.median("p50_ms") > LIMIT else ""
