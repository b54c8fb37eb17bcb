"""Pages of the console as a reviewer opens them, one at a time, over a million rows: no more than 100 ms each."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

from sqlalchemy import func, select

from bench_parts import wrk
from bench_parts.creating import figures
from bench_parts.options import Options
from bench_parts.rounds import Measure, Series, table, take_turns
from bench_parts.stage import Ready, Stage
from server.core.db import Database
from server.review.submissions.models import Submission

LIMIT = 100.0  # ms, at the median
SCOPES = ("city", "district")


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians, as a table and as data."""
    measures: dict[str, Measure] = {}
    rows = max(options.rows)
    with ExitStack() as stack:
        for kind in options.databases:
            options.say(f"{kind}: {rows} submissions and people")
            settings = stage.settings(kind)
            ready = stack.enter_context(stage.service(kind, settings, stage.fill(settings, rows, is_surrounded=True)))
            for scope in SCOPES:
                for name, path in _paths(ready, rows, scope).items():
                    measures[f"{kind} {scope} {name}"] = lambda _, r=ready, s=scope, p=path: _open(r, s, p, options)
        series = take_turns(measures, options.rounds, options.say)
    return _report(series)


def _paths(ready: Ready, rows: int, scope: str) -> dict[str, str]:
    """What a reviewer opens, by what it is called."""
    database = Database(ready.settings)
    with database.reading() as session:
        column = getattr(Submission, f"{scope}_id")
        number = session.scalar(select(func.max(Submission.number)).where(column == ready.city.seats[scope]))
        item = session.scalar(select(Submission.id).where(Submission.number == number))
    database.close()
    phone = f"1990{rows // 2:07}"
    month = "since=2026-10-01&until=2026-10-31"
    return {
        "home": "/console/",
        "queue": "/console/queue",
        "queue, all": "/console/queue?status=all",
        "queue, a month": f"/console/queue?status=all&day_of=sent&{month}",
        "queue, words": f"/console/queue?status=all&q={quote('配电箱')}",
        "queue, a number": f"/console/queue?status=all&q={number}",
        "item": f"/console/submissions/{item}",
        "rectifications": "/console/rectifications",
        "rectifications, a month": f"/console/rectifications?status=all&day_of=opened&{month}",
        "rectifications, a number": f"/console/rectifications?status=all&number={number}",
        "people": "/console/people",
        "people, a name": f"/console/people?q={quote('王伟')}",
        "people, a phone": f"/console/people?q={phone}",
        "unions, a name": f"/console/unions?q={quote('示例0777')}",
        "points": "/console/points",
        **({"audit": "/console/audit"} if scope == "city" else {}),
        "figures": "/console/figures",
        "letters": "/console/letters",
    }


def _open(ready: Ready, scope: str, path: str, options: Options) -> dict[str, float]:
    cookie = f"ssp_session={ready.city.reviewers[scope]}"
    url = ready.service.base_url + path
    return figures(wrk.run(url, options.seconds / 4, "get", {"cookie": cookie}, ready.pids, connections=1))


def _report(series: dict[str, Series]) -> tuple[str, dict[str, Any]]:
    rows: list[Sequence[object]] = [
        [name, each.median("p50_ms"), each.median("p99_ms"), each.median("cpu_ms"), _mark(each)]
        for name, each in series.items()
    ]
    data = {name: each.report() for name, each in series.items()}
    return table(["page", "p50 ms", "p99 ms", "CPU ms", ""], rows), data


def _mark(series: Series) -> str:
    return "over 100 ms" if series.median("p50_ms") > LIMIT else ""
