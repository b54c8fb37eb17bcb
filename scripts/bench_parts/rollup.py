"""What came back, added up: a million answers, of 6,000 unions to 167 fields each; and the page that shows it."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from bench_parts import wrk
from bench_parts.creating import figures
from bench_parts.options import Options
from bench_parts.rounds import Measure, table, take_turns
from bench_parts.seeding import load, take_stock
from bench_parts.sending import RECIPIENTS, draft, fill_up, find_sender
from bench_parts.stage import Ready, Stage
from server.assignments.dispatch.actions import send_assignment
from server.assignments.dispatch.models import Recipient, RecipientStatus
from server.assignments.dispatch.sending.writing import write_some
from server.assignments.forms.actions import create_form
from server.assignments.forms.schemas import Definition, FormIn
from server.assignments.responses.models import ResponseVersion
from server.assignments.rollup.jobs import add_up_changed
from server.assignments.rollup.models import RollupChange
from server.core import clock, ids
from server.core.db import Database

FIELDS = 167
CHECKS = 92


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians, as a table and as data."""
    with ExitStack() as stack:
        measures: dict[str, Measure] = {}
        for kind in options.databases:
            settings = stage.settings(kind)
            ready = stack.enter_context(stage.service(kind, settings, stage.fill(settings, 1)))
            database = Database(settings)
            stack.callback(database.close)
            root_id = _answer_all(database)
            add_up_changed(database)
            measures[kind] = lambda _, r=ready, d=database, a=root_id: _measure(r, d, a, options)
        series = take_turns(measures, options.rounds, options.say)
    rows = [[name, each.median("job_s"), each.median("p50_ms")] for name, each in series.items()]
    header = ["database", f"job s for {RECIPIENTS * FIELDS} answers", "page ms"]
    return table(header, rows), {name: each.report() for name, each in series.items()}


def _measure(ready: Ready, database: Database, root_id: UUID, options: Options) -> dict[str, float]:
    with database.transaction() as session:
        session.add(RollupChange(root_id=root_id))
    began = time.perf_counter()
    add_up_changed(database)
    job_s = time.perf_counter() - began
    cookie = f"ssp_session={ready.city.reviewers['city']}"
    url = f"{ready.service.base_url}/console/assignments/rollup?assignment={root_id}"
    page = figures(wrk.run(url, options.seconds, "get", {"cookie": cookie}, ready.pids, connections=1))
    return {"job_s": job_s, **page}


def _answer_all(database: Database) -> UUID:
    """An assignment that everybody answered."""
    with database.transaction() as session:
        fill_up(session)
        root_id = _ask(session)
    more = True
    while more:
        with database.transaction() as session:
            more = write_some(session, root_id, now=clock.now())
    with database.reading() as session:
        recipients = list(session.scalars(select(Recipient.id).where(Recipient.assignment_id == root_id)))
    with database.transaction() as session:
        person = _mark_answered(session, root_id)
    load(database, cast(Table, ResponseVersion.__table__), _versions(recipients, person))
    take_stock(database)
    return root_id


def _ask(session: Session) -> UUID:
    actor, now = find_sender(session), clock.now()
    fields = [
        {"key": f"f{number}", "label": f"第 {number} 项", "kind": "check" if number < CHECKS else "integer"}
        for number in range(FIELDS)
    ]
    asked = Definition.model_validate({"sections": [{"key": "s", "title": "全部", "fields": fields}]})
    form = create_form(session, actor.roles[0].union_id, FormIn(title="年度总结"), asked, actor=actor, now=now)
    root_id, _ = draft(session, form.id)
    send_assignment(session, root_id, 1, actor=actor, now=now)
    return root_id


def _mark_answered(session: Session, root_id: UUID) -> UUID:
    actor, now = find_sender(session), clock.now()
    answered = {"status": RecipientStatus.SUBMITTED, "submitted_at": now, "first_submitted_at": now}
    session.execute(
        update(Recipient).where(Recipient.assignment_id == root_id).values(**answered, submitted_by_id=actor.person_id)
    )
    return actor.person_id


def _versions(recipients: list[UUID], person: UUID) -> Iterator[dict[str, Any]]:
    now, results = clock.now(), ("passed", "failed", "not_applicable")
    for recipient_id in recipients:
        answers = {
            f"f{number}": {"result": results[(recipient_id.int + number) % 3]} if number < CHECKS else number
            for number in range(FIELDS)
        }
        yield {
            "id": ids.new_id(), "recipient_id": recipient_id, "number": 1, "answers": answers, "skipped": {},
            "text": "", "content_hash": "0" * 64, "submitted_by_id": person, "submitted_at": now, "remarks": {},
        }  # fmt: skip
