"""The reviewer's queue: the page as HTML, one reader at a time, and the statement behind it alone."""

import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from bench_parts import wrk
from bench_parts.city import SCOPES, City
from bench_parts.creating import figures
from bench_parts.options import Options
from bench_parts.rounds import Measure, Series, table, take_turns
from bench_parts.stage import Ready, Stage
from server.core import clock, ids
from server.core.db import Database
from server.kit.listing import PAGE_SIZE, Request, rows_statement
from server.kit.scope import scopes_of
from server.review.queue.listing import QUEUE
from server.review.queue.permissions import MAY
from server.review.queue.schemas import QueueFilter
from server.review.submissions.models import Status, Submission
from server.unions.actor import SCOPE_COLUMNS, Actor, RoleAt
from server.unions.roles import Level

DEEP = 0.9  # of the way to the end of the list
STATEMENTS = 40
LEVELS = {"city": Level.CITY, "district": Level.DISTRICT, "town": Level.TOWN, "enterprise": Level.ENTERPRISE}


@dataclass(frozen=True, slots=True)
class Target:
    """A page of one scope's list."""

    scope: str
    filters: QueueFilter
    label: str

    @property
    def path(self) -> str:
        query = {"after": self.filters.after} if self.filters.after else {}
        return "/console/queue?" + urlencode({"status": str(self.filters.status), **query})


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians, as a table and as data."""
    measures: dict[str, Measure] = {}
    with ExitStack() as stack:
        bare, pids = stack.enter_context(stage.bare())
        seconds = options.seconds / 4
        measures["hello"] = lambda _: figures(
            wrk.run(f"{bare.base_url}/hello", seconds, "get", {}, pids, connections=1)
        )
        for kind in options.databases:
            for rows in options.rows:
                options.say(f"{kind}: {rows} submissions")
                settings = stage.settings(kind)
                ready = stack.enter_context(stage.service(kind, settings, stage.fill(settings, rows)))
                measures |= _measures(ready, rows, seconds)
        series = take_turns(measures, options.rounds, options.say)
    return _report(series)


def _measures(ready: Ready, rows: int, seconds: float) -> dict[str, Measure]:
    found: dict[str, Measure] = {}
    database = Database(ready.settings)
    with database.reading() as session:
        for target in targets(session, ready.city):
            name = f"{ready.name} {rows} {target.scope} {target.label}"
            found[name] = lambda _, t=target: {**_page(ready, t, seconds), **statement_ms(database, ready.city, t)}
    return found


def targets(session: Session, city: City) -> list[Target]:
    """First and deep page of the waiting, and a deep page of the accepted, for each scope."""
    found = []
    for scope in SCOPES:
        found.append(Target(scope, QueueFilter(), "queued, first"))
        for status in (Status.QUEUED, Status.ACCEPTED):
            filters = QueueFilter(status=status)
            deep = filters.model_copy(update={"after": _cursor(session, city, scope, filters)})
            found.append(Target(scope, deep, f"{status}, deep"))
    return found


def _cursor(session: Session, city: City, scope: str, filters: QueueFilter) -> str | None:
    """The cursor of a page deep in the list; None where the list is shorter than a page."""
    order = QUEUE.order_of(filters)
    column = getattr(Submission, SCOPE_COLUMNS[LEVELS[scope]])
    mine = (column == city.seats[scope], Submission.status == filters.status, Submission.due_at.is_not(None))
    total = session.scalar(select(func.count()).where(*mine)) or 0
    row = session.execute(
        select(Submission.id, Submission.due_at)
        .where(*mine)
        .order_by(*order.clauses(order.columns, back=False))
        .offset(max(int(total * DEEP) - 1, 0))
        .limit(1)
    ).one_or_none()
    return order.cursor(row) if row is not None else None


def _page(ready: Ready, target: Target, seconds: float) -> Mapping[str, float]:
    cookie = f"ssp_session={ready.city.reviewers[target.scope]}"
    url = ready.service.base_url + target.path
    return figures(wrk.run(url, seconds, "get", {"cookie": cookie}, ready.pids, connections=1))


# --- the statement alone ----------------------------------------------------------------------------------------------


def statement_ms(database: Database, city: City, target: Target) -> dict[str, float]:
    """Milliseconds of the page's statement on the driver's own cursor, prepared and fetched whole; median of many."""
    with database.reading() as session:
        text, parameters = _captured(session, city, target)
        driver: Any = session.connection().connection.driver_connection
        cursor = driver.cursor()
        spent = []
        for _ in range(STATEMENTS):
            began = time.perf_counter()
            cursor.execute(text, parameters)
            cursor.fetchall()
            spent.append((time.perf_counter() - began) * 1000)
        cursor.close()
    return {"sql_ms": statistics.median(spent)}


def _captured(session: Session, city: City, target: Target) -> tuple[str, Any]:
    """The statement and its parameters as the driver gets them."""
    seen: list[tuple[str, Any]] = []
    engine = session.get_bind().engine

    def note(_connection: Any, _cursor: Any, text: str, parameters: Any, *_: Any) -> None:
        seen.append((text, parameters))

    actor = actor_of(city, target.scope)
    order = QUEUE.order_of(target.filters)
    key = order.parse(target.filters.after) if target.filters.after else None
    asked = Request(session, actor, target.filters, clock.now())
    statement = rows_statement(QUEUE, asked, scopes_of(session, actor, MAY), (), limit=PAGE_SIZE + 1, key=key)
    event.listen(engine, "before_cursor_execute", note)
    try:
        session.execute(statement).all()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen[-1]


def actor_of(city: City, scope: str) -> Actor:
    """A reviewer of the scope."""
    held = RoleAt(SCOPES[scope], city.seats[scope], LEVELS[scope], scope)
    return Actor(ids.new_id(), None, ids.new_id(), None, (held,))


def _report(series: dict[str, Series]) -> tuple[str, dict[str, Any]]:
    rows: list[Sequence[object]] = []
    for name, each in series.items():
        sql = each.median("sql_ms") if each.values("sql_ms") else "—"
        rows.append([name, each.median("p50_ms"), each.median("p99_ms"), each.median("cpu_ms"), sql])
    data = {name: each.report() for name, each in series.items()}
    return table(["queue page", "p50 ms", "p99 ms", "CPU ms", "SQL alone ms"], rows), data
