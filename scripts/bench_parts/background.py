"""What the worker does beside requests, at a city's size: writing each list as a sheet, and all work that comes round
by the clock. How long it takes, how much memory it takes more, and how long it keeps others from writing."""

import resource
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event, select

from bench_parts.city import City
from bench_parts.options import Options
from bench_parts.rounds import table
from bench_parts.stage import Stage
from server.core import clock
from server.core.db import BEGIN_OPTION, Database
from server.core.jobs.registry import PERIODIC, JobContext, PeriodicJob
from server.core.slice import declared
from server.core.storage.factory import open_store
from server.kit.exports.actions import ask_for_export
from server.kit.exports.jobs import write_list
from server.kit.exports.models import ExportState, ListExport
from server.kit.listing import Listing
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import Person, RoleAssignment
from server.unions.tree.models import Union

SCOPE = "city"
"""Whose desk asks: nobody sees more rows."""
MEGABYTE = 1024  # of the kilobytes that the kernel counts in


@dataclass(frozen=True, slots=True)
class Spent:
    """What a piece of work took: seconds by the clock and of this process's CPU, megabytes above what the process held
    before, statements, and the longest transaction in which it could write, in seconds."""

    seconds: float
    cpu_s: float
    grown_mb: float
    statements: int
    longest_s: float

    def as_figures(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in self.__slots__}


def measure_exports(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Every list that has a sheet, whole, as the city's desk may see it."""
    return _measure(stage, options, _exports)


def measure_jobs(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Everything that comes round by the clock, twice: what had piled up, and a round in which nothing is new."""
    return _measure(stage, options, _rounds)


Work = Callable[[JobContext, City], Iterator[tuple[str, Callable[[], str]]]]
"""Pieces of work by name; each says what it did."""


def _measure(stage: Stage, options: Options, work: Work) -> tuple[str, dict[str, Any]]:
    rows: list[list[object]] = []
    data: dict[str, Any] = {}
    for kind in options.databases:
        settings, city = stage.filled(kind, options.size(max(options.rows)))
        database = Database(settings)
        context = JobContext(settings, database, open_store(settings))
        try:
            for name, run in work(context, city):
                if not options.is_wanted(name):
                    continue
                said, spent = watched(database.engine, run)
                options.say(f"{kind} {name}: {said} {spent.seconds:.1f} s")
                rows.append([f"{kind} {name}", said, *spent.as_figures().values()])
                data[f"{kind} {name}"] = {"said": said, **spent.as_figures()}
        finally:
            database.close()
    header = ["work", "", "s", "CPU s", "grown MB", "statements", "longest write s"]
    return table(header, rows), data


def _exports(context: JobContext, city: City) -> Iterator[tuple[str, Callable[[], str]]]:
    actor = _reviewer(context.database, city.desks[SCOPE])
    for listing in declared().lists:
        if isinstance(listing, Listing) and (listing.sheet or listing.sheet_of):
            yield listing.title, lambda one=listing: _write(context, one, actor)


def _write(context: JobContext, listing: Listing[Any, Any], actor: Actor) -> str:
    with context.database.transaction() as session:
        export_id = ask_for_export(session, listing.name, "", actor=actor, now=clock.now())
    write_list(context, export_id)
    with context.database.reading() as session:
        export = session.get_one(ListExport, export_id)
    return f"{export.written} rows" if export.state is ExportState.READY else "of one thing only"


def _rounds(context: JobContext, city: City) -> Iterator[tuple[str, Callable[[], str]]]:
    for each in PERIODIC.values():
        for number in ("first", "second"):
            yield f"{each.name}, {number}", lambda one=each: _come_round(context, one)


def _come_round(context: JobContext, work: PeriodicJob) -> str:
    try:
        work.handler(context)
    except Exception as error:  # noqa: BLE001  (said, so that the others are measured)
        traceback.print_exc()
        return type(error).__name__
    return ""


def _reviewer(database: Database, person_id: UUID) -> Actor:
    with database.reading() as session:
        held = session.execute(
            select(RoleAssignment.role, Union.id, Union.level, Union.name)
            .join(Union, Union.id == RoleAssignment.union_id)
            .where(RoleAssignment.person_id == person_id)
        ).all()
        person = session.get_one(Person, person_id)
    return Actor(person.id, person.name, person.id, None, tuple(RoleAt(*row) for row in held))


# --- watching ---------------------------------------------------------------------------------------------------------


def watched(engine: Engine, work: Callable[[], str]) -> tuple[str, Spent]:
    """Do it once, and say what it took."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before_mb = _peak_mb()
    cpu, began = _cpu_seconds(), time.perf_counter()
    with _listening(engine) as heard:
        said = work()
    return said, Spent(
        time.perf_counter() - began, _cpu_seconds() - cpu, _peak_mb() - before_mb, heard.statements, heard.longest_s
    )


@dataclass(slots=True)
class _Heard:
    statements: int = 0
    longest_s: float = 0.0


@contextmanager
def _listening(engine: Engine) -> Iterator[_Heard]:
    heard, begun = _Heard(), threading.local()

    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        may_write = BEGIN_OPTION not in options and options.get("isolation_level") != "AUTOCOMMIT"
        begun.at = time.perf_counter() if may_write else None

    def end(_: Any) -> None:
        if getattr(begun, "at", None) is not None:
            heard.longest_s = max(heard.longest_s, time.perf_counter() - begun.at)
        begun.at = None  # else the end of a read around it would be taken for its own

    def execute(*_: Any) -> None:
        heard.statements += 1

    listeners: Mapping[str, Callable[..., None]] = {
        "begin": begin, "commit": end, "rollback": end, "before_cursor_execute": execute,
    }  # fmt: skip
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield heard
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / MEGABYTE


def _cpu_seconds() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime
