"""Coverage of training over a million people: how long the transactions that count it take, and its pages.

Everybody is written straight into the tables; the triggers note them as they would in life.
"""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from bench_parts.city import City
from bench_parts.console_pages import may_open, open_page, report_pages
from bench_parts.options import Options
from bench_parts.rounds import Measure, take_turns
from bench_parts.stage import Ready, Stage
from server.core import clock, ids
from server.core.clock import day_of
from server.core.db import Database
from server.core.settings import Settings
from server.oversight.coverage.counting.writing import count_again, forget_changes, next_batch, open_periods
from server.oversight.coverage.jobs import AT_ONCE
from server.oversight.training.models import SessionKind, SessionStatus, TrainingSession
from server.oversight.training.rules import windows_of

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


def _grow_and_count(settings: Settings, city: City, people: int) -> Mapping[str, float]:
    database = Database(settings)
    try:
        _grow(database, city, people)
        return _count(database)
    finally:
        database.close()


def _grow(database: Database, city: City, people: int) -> None:
    is_lite = database.engine.dialect.name == "sqlite"
    new_id = "lower(hex(randomblob(16)))" if is_lite else "gen_random_uuid()"
    flags = "'[]'" if is_lite else "CAST('[]' AS JSONB)"
    day = ":day" if is_lite else "CAST(:day AS DATE)"
    numbers = (
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people) SELECT i FROM n)"
        if is_lite else "generate_series(1, :people) AS g(i)"
    )  # fmt: skip
    held_on = day_of(clock.now() - timedelta(days=1))
    with database.transaction() as session:
        session.add(_session_row(city))
        session.flush()
        session.execute(
            text(
                "CREATE TEMP TABLE places AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, id FROM unions "
                "WHERE level = 'enterprise'"
            )
        )
        session.execute(
            text(
                "INSERT INTO people (id, name, name_key, phone_source, enterprise_id, is_active, version, created_at, "  # noqa: S608
                f"updated_at) SELECT {new_id}, '职工' || i, '职工' || i, p.phone_source, e.id, TRUE, 1, p.created_at, "
                f"p.updated_at FROM {numbers} JOIN places e ON e.place = i % (SELECT count(*) FROM places), "
                "(SELECT * FROM people LIMIT 1) p"
            ),
            {"people": people},
        )
        session.execute(
            text(
                "INSERT INTO training_attendances (id, session_id, person_id, who, name, name_key, enterprise_name, "  # noqa: S608
                "team, post, is_officer, kind, held_on, means, checked_in_at, confirmed_by, confirmed_at, is_struck, "
                "is_counted, flags, note, created_at, updated_at, city_id, district_id, town_id, enterprise_id) "
                f"SELECT {new_id}, s.id, p.id, replace(CAST(p.id AS VARCHAR(36)), '-', ''), p.name, p.name_key, '', "
                f"'', '', FALSE, 'course', {day}, 'code', s.starts_at, 'check_out', s.ends_at, FALSE, TRUE, {flags}, "
                "'', s.starts_at, s.ends_at, u.city_id, u.district_id, u.town_id, u.enterprise_id "
                "FROM people p JOIN unions u ON u.id = p.enterprise_id, "
                "(SELECT * FROM training_sessions WHERE number = :number) s LIMIT :attended"
            ),
            {"day": held_on.isoformat(), "number": NUMBER, "attended": people // ATTENDED},
        )
    if not is_lite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def _session_row(city: City) -> TrainingSession:
    starts = clock.now() - timedelta(days=1)
    ends, seat = starts + timedelta(hours=2), city.seats["city"]
    windows = windows_of(starts, ends)
    return TrainingSession(
        id=ids.new_id(), number=NUMBER, kind=SessionKind.COURSE, status=SessionStatus.RUNNING, organiser_id=seat,
        title="安全培训", venue="会议室", starts_at=starts, ends_at=ends, hours=Decimal(2), version=1, city_id=seat,
        check_in_from=windows.check_in_from, check_in_until=windows.check_in_until,
        check_out_from=windows.check_out_from, check_out_until=windows.check_out_until,
        planned_by_id=city.desks["city"], created_at=starts, updated_at=starts,
    )  # fmt: skip


def _count(database: Database) -> Mapping[str, float]:
    """As the job counts, with a clock."""
    taken: list[float] = []

    def timed(act: Any, *said: Any) -> None:
        with database.transaction() as session:
            begun = time.perf_counter()
            act(session, *said)
            session.flush()
            taken.append(time.perf_counter() - begun)

    begun, spent = time.perf_counter(), time.process_time()
    timed(open_periods, day_of(clock.now()))
    while True:
        with database.reading() as session:
            batch = next_batch(session)
        if batch is None:
            break
        for period_id in batch.periods:
            timed(count_again, period_id, batch.enterprises)
        for first in range(0, len(batch.changes), AT_ONCE):
            timed(forget_changes, batch.changes[first : first + AT_ONCE])
    return {
        "transactions": len(taken), "longest_ms": round(max(taken) * 1000, 1),
        "median_ms": round(sorted(taken)[len(taken) // 2] * 1000, 1),
        "all_s": round(time.perf_counter() - begun, 1), "cpu_s": round(time.process_time() - spent, 1),
    }  # fmt: skip
