"""Coverage of training over a million people: how long the transactions that count it take, and its pages.

Everybody is written straight into the tables, without the triggers: a million notes of the same enterprises would only
measure the filling. Each enterprise is noted once instead.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from statistics import median
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, String, Table, func, insert, literal, select, text, true
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from bench_parts.city import City
from bench_parts.console_pages import may_open, open_page, report_pages
from bench_parts.options import Options
from bench_parts.rounds import Measure, take_turns
from bench_parts.stage import Ready, Stage
from bench_parts.training import running_session
from server.core import clock
from server.core.clock import day_of
from server.core.db import Database
from server.core.settings import Settings
from server.oversight.coverage import triggers
from server.oversight.coverage.jobs import count_changes
from server.oversight.coverage.models import CoverageChange
from server.oversight.training.models import Attendance, CheckInMeans, ConfirmedBy, SessionKind
from server.unions.people.models import Person, PhoneSource
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS

PEOPLE, ATTENDANCES, UNIONS = (cast(Table, model.__table__) for model in (Person, Attendance, Union))
NAME = "职工"
NUMBER, ATTENDED = "BENCH-COVER", 5  # every fifth was there
PATHS = {
    "coverage table": "/console/coverage", "coverage by industry": "/console/coverage?by=industry",
    "coverage gaps": "/console/coverage/gaps", "coverage gaps of officers": "/console/coverage/gaps?status=unnamed",
    "coverage absent": "/console/coverage/absent?union={enterprise}", "coverage sheet": "/console/coverage/table.xlsx",
    "coverage enterprise": "/console/coverage/enterprises/{enterprise}", "trainings": "/console/training",
    "trainings asked to": "/console/training/invited?status=all",
}  # fmt: skip


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Times of the transactions, and medians of the pages."""
    measures: dict[str, Measure] = {}
    people, lines, data = max(options.rows), [], {}
    with ExitStack() as stack:
        for kind in options.databases:
            settings = stage.settings(kind)
            city = stage.fill(settings, 1)
            counted = _grow_and_count(settings, city, people)
            data[kind] = counted
            lines.append(f"{kind}: " + ", ".join(f"{name} {value}" for name, value in counted.items()))
            options.say(lines[-1])
            ready = stack.enter_context(stage.service(kind, settings, city))
            measures |= _measures(ready, kind)
        report, pages = report_pages(take_turns(measures, options.rounds, options.say))
    return "coverage\n" + "\n".join([*lines, report]), data | pages


def _measures(ready: Ready, kind: str) -> dict[str, Measure]:
    enterprise = next(place.id for place in ready.city.places if place.enterprise_id == place.id)
    found: dict[str, Measure] = {}
    for scope in ("city", "district"):
        for name, path in PATHS.items():
            where = path.format(enterprise=enterprise)
            if may_open(ready, scope, where):
                found[f"{kind} {scope} {name}"] = lambda _, s=scope, p=where: open_page(ready, s, p)
    return found


class TimedDatabase(Database):
    """Notes how long each transaction took."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.taken: list[float] = []

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        begun = time.perf_counter()
        with super().transaction() as session:
            yield session
        self.taken.append(time.perf_counter() - begun)


def _grow_and_count(settings: Settings, city: City, people: int) -> Mapping[str, float]:
    database = TimedDatabase(settings)
    try:
        _grow(database, city, people)
        database.taken.clear()
        return _count(database)
    finally:
        database.close()


def _grow(database: Database, city: City, people: int) -> None:
    held = running_session(city, NUMBER, SessionKind.COURSE, clock.now() - timedelta(days=1))
    at, day = held.starts_at, day_of(held.starts_at)
    with database.transaction() as session:
        _switch_triggers(session, on=False)
        session.add(held)
        session.flush()
        enterprises = session.scalar(select(func.count()).where(UNIONS.c.level == Level.ENTERPRISE)) or 1
        each = -(-people // enterprises)
        numbers = select(literal(1).label("number")).cte("numbers", recursive=True)
        numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < each))
        name = literal(NAME) + sql_cast(numbers.c.number, String)
        _write(
            session, PEOPLE, select().join_from(UNIONS, numbers, true()).where(UNIONS.c.level == Level.ENTERPRISE),
            name=name, name_key=name, phone_source=PhoneSource.TYPED, enterprise_id=UNIONS.c.id, is_active=True,
            version=1, created_at=at, updated_at=at,
        )  # fmt: skip
        were_there = [f"{NAME}{number}" for number in range(1, max(1, each // ATTENDED) + 1)]
        _write(
            session, ATTENDANCES,
            select().join_from(PEOPLE, UNIONS, UNIONS.c.id == PEOPLE.c.enterprise_id).where(
                PEOPLE.c.name.in_(were_there)
            ),
            session_id=held.id, person_id=PEOPLE.c.id, who=func.replace(sql_cast(PEOPLE.c.id, String), "-", ""),
            name=PEOPLE.c.name, name_key=PEOPLE.c.name_key, enterprise_name="", team="", post="", is_officer=False,
            kind=held.kind, held_on=day, means=CheckInMeans.CODE, checked_in_at=at,
            confirmed_by=ConfirmedBy.CHECK_OUT, confirmed_at=held.ends_at, is_struck=False, is_counted=True, flags=[],
            note="", created_at=at, updated_at=at, **{name: UNIONS.c[name] for name in ANCESTOR_COLUMNS},
        )  # fmt: skip
        _switch_triggers(session, on=True)
        session.execute(
            insert(CoverageChange).from_select(
                ["enterprise_id"], select(UNIONS.c.id).where(UNIONS.c.level == Level.ENTERPRISE)
            )
        )
    if not database.settings.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def _switch_triggers(session: Session, *, on: bool) -> None:
    """Those of coverage; PostgreSQL's checks of references with them."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text(f"SET LOCAL session_replication_role = {'origin' if on else 'replica'}"))
        return
    for statement in triggers.SQLITE if on else [f"DROP TRIGGER {name}" for name in triggers.NAMES]:
        session.execute(text(statement))


def _write(session: Session, table: Table, source: Select[Any], **values: Any) -> None:
    """Let the database itself write a row for each of the source's: columns of it, or the same value in all."""
    is_lite = session.get_bind().dialect.name == "sqlite"
    new_id = func.lower(func.hex(func.randomblob(16))) if is_lite else func.gen_random_uuid()
    columns = [
        value if isinstance(value, ColumnElement) else literal(value, table.c[name].type)
        for name, value in values.items()
    ]
    rows = source.add_columns(new_id, *columns)
    session.execute(insert(table).from_select(["id", *values], rows, include_defaults=False))


def _count(database: TimedDatabase) -> Mapping[str, float]:
    """As the job counts."""
    begun, spent = time.perf_counter(), time.process_time()
    count_changes(database)
    all_s, cpu_s = time.perf_counter() - begun, time.process_time() - spent
    return {
        "transactions": len(database.taken), "longest_ms": round(max(database.taken) * 1000, 1),
        "median_ms": round(median(database.taken) * 1000, 1), "all_s": round(all_s, 1), "cpu_s": round(cpu_s, 1),
    }  # fmt: skip
