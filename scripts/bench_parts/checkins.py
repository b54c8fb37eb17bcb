"""2,000 check-ins in five minutes, to a few sessions at once, beside people who look at lists: none lost, none doubled.

Quick: 200 in half a minute, the same pace. Every tenth is sent twice, as a phone does that missed the answer; what is
not answered with 200 goes again with its moment, as a phone's outbox sends it, and is counted.
"""

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from statistics import median, quantiles
from typing import Any
from uuid import UUID

import requests
from sqlalchemy import func, select

from bench_parts import wrk
from bench_parts.options import Options
from bench_parts.stage import Ready, Stage
from bench_parts.training import running_session
from server.core import clock
from server.core.db import Database
from server.oversight.training.check_in.codes import Purpose, show
from server.oversight.training.models import Attendance, SessionKind

FULL, QUICK = (2_000, 300.0), (200, 30.0)
LOOKERS, SENDERS = 4, 32
TRIES = 5


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """How long check-ins and looks take, and how many rows there are afterwards."""
    count, seconds = FULL if options.seconds > 1 else QUICK
    lines, data = [], {}
    with ExitStack() as stack:
        for kind in options.databases:
            settings = stage.settings(kind)
            ready = stack.enter_context(stage.service(kind, settings, stage.fill(settings, 1)))
            found = _run(ready, count, seconds)
            data[kind] = found
            lines.append(f"{kind}: " + ", ".join(f"{name} {value}" for name, value in found.items()))
            options.say(lines[-1])
    return "check-ins\n" + "\n".join(lines), data


def _run(ready: Ready, count: int, seconds: float) -> dict[str, float]:
    workers = ready.city.workers
    held = -(-count // len(workers))
    with _open(ready) as database:
        sessions = [_add_session(database, ready, number) for number in range(held)]
    wanted = [(session_id, worker) for session_id in sessions for worker in workers][:count]
    sent: list[float] = []
    again: list[str] = []
    looks: list[float] = []
    is_over = threading.Event()
    with ThreadPoolExecutor(SENDERS + LOOKERS) as pool:
        for number in range(LOOKERS):
            pool.submit(_look, ready, workers[number].token, looks, is_over)
        begun = time.monotonic()
        for number, (session_id, worker) in enumerate(wanted):
            time.sleep(max(0.0, begun + number * seconds / count - time.monotonic()))
            for _ in range(2 if number % 10 == 0 else 1):
                pool.submit(_send, ready, session_id, worker.token, sent, again)
        while len(sent) < count + -(-count // 10):
            time.sleep(0.1)
        is_over.set()
    with _open(ready) as database, database.reading() as session:
        rows = session.scalar(select(func.count()).where(Attendance.session_id.in_(sessions))) or 0
    failed = sum(each < 0 for each in sent)
    for each in again:
        print(f"    again: {each}", file=sys.stderr, flush=True)
    if rows != count or failed:
        raise wrk.BenchError(f"{count} check-ins, {failed} refused, {rows} rows, again {again}")
    return {
        "check_ins": count, "rows": rows, "sent_again": len(again), "p50_ms": round(median(sent) * 1000, 1),
        "p99_ms": round(quantiles(sent, n=100)[98] * 1000, 1), "looks": len(looks),
        "look_p50_ms": round(median(looks) * 1000, 1),
    }  # fmt: skip


def _send(ready: Ready, session_id: UUID, token: str, sent: list[float], again: list[str]) -> None:
    secret, scanned_at = ready.settings.secret_key.get_secret_value(), clock.now()
    body = {"code": show(secret, session_id, Purpose.CHECK_IN, scanned_at).code}
    begun = time.monotonic()
    for _ in range(TRIES):
        try:
            answer = requests.put(
                f"{ready.service.base_url}/api/v1/training/sessions/{session_id}/check-in", json=body,
                headers={"Authorization": f"Bearer {token}"}, timeout=30,
            )  # fmt: skip
        except requests.RequestException as error:
            again.append(type(error).__name__)
        else:
            if answer.status_code == 200:
                sent.append(time.monotonic() - begun)
                return
            again.append(f"{answer.status_code} {answer.text[:120]}")
        body = {**body, "taken_at": scanned_at.isoformat()}
        time.sleep(2)
    sent.append(-1.0)


def _look(ready: Ready, token: str, looks: list[float], is_over: threading.Event) -> None:
    """Somebody who reads their inbox and their reports, four times a second."""
    headers = {"Authorization": f"Bearer {token}"}
    while not is_over.wait(0.25):
        begun = time.monotonic()
        requests.get(f"{ready.service.base_url}/api/v1/submissions", headers=headers, timeout=30)
        looks.append(time.monotonic() - begun)


def _add_session(database: Database, ready: Ready, number: int) -> UUID:
    row = running_session(ready.city, f"2026-99999{number}P", SessionKind.OPEN_LESSON, clock.now())
    with database.transaction() as session:
        session.add(row)
        return row.id


@contextmanager
def _open(ready: Ready) -> Iterator[Database]:
    database = Database(ready.settings)
    try:
        yield database
    finally:
        database.close()
