"""Sending an assignment to 6,000 unions: the request that sends, and the job that writes the rows and the messages."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bench_parts.options import Options
from bench_parts.rounds import Measure, table, take_turns
from bench_parts.stage import Stage
from server.assignments.dispatch.actions import draft_assignment, send_assignment
from server.assignments.dispatch.models import Recipient
from server.assignments.dispatch.schemas import DraftIn, RecipientRule
from server.assignments.dispatch.sending.writing import write_some
from server.core import clock, ids
from server.core.clock import day_of
from server.core.db import Database
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import Level, Role
from server.unions.tree.models import Union
from server.unions.tree.rules import ancestors_of

RECIPIENTS = 6_000


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians, as a table and as data."""
    databases = {}
    for kind in options.databases:
        settings = stage.settings(kind)
        stage.fill(settings, 0)
        databases[kind] = Database(settings)
        with databases[kind].transaction() as session:
            fill_up(session)
    measures: dict[str, Measure] = {
        kind: lambda _, database=database: _send(database) for kind, database in databases.items()
    }
    series = take_turns(measures, options.rounds, options.say)
    for database in databases.values():
        database.close()
    rows = [
        [name, each.median("request_ms"), each.median("job_s"), RECIPIENTS / each.median("job_s")]
        for name, each in series.items()
    ]
    header = ["database", "request ms", f"job s for {RECIPIENTS}", "unions/s"]
    return table(header, rows), {name: each.report() for name, each in series.items()}


def fill_up(session: Session) -> None:
    """Enterprises up to RECIPIENTS, each with a reviewer."""
    town = session.scalars(select(Union).where(Union.level == Level.TOWN).limit(1)).one()
    known = session.scalars(select(Union.id).where(Union.level == Level.ENTERPRISE)).all()
    made = [ids.new_id() for _ in range(RECIPIENTS - len(known))]
    now = clock.now()
    session.execute(
        insert(Union),
        [
            {
                "id": union_id, "parent_id": town.id, "level": Level.ENTERPRISE, "name": f"补足{number:05}有限公司",
                "short_name": "", "is_active": True, "is_high_risk": False, "is_chemical": False, "version": 1,
                "created_at": now, "updated_at": now, **ancestors_of(Level.ENTERPRISE, union_id, town),
            }
            for number, union_id in enumerate(made)
        ],
    )  # fmt: skip
    people = [(ids.new_id(), union_id) for union_id in (*known, *made)]
    common = {"is_active": True, "version": 1, "created_at": now, "updated_at": now}
    session.execute(insert(Person), [{"id": person, "name": "审核员", **common} for person, _ in people])
    session.execute(
        insert(RoleAssignment),
        [
            {
                "id": ids.new_id(), "person_id": person, "role": Role.ENTERPRISE_REVIEWER, "union_id": union_id,
                "granted_at": now,
            }
            for person, union_id in people
        ],
    )  # fmt: skip


def _send(database: Database) -> dict[str, float]:
    now = clock.now()
    with database.transaction() as session:
        draft_id, actor = draft(session)
    began = time.perf_counter()
    with database.transaction() as session:
        send_assignment(session, draft_id, 1, actor=actor, now=now)
    sent = time.perf_counter()
    more = True
    while more:
        with database.transaction() as session:
            more = write_some(session, draft_id, now=clock.now())
    written = time.perf_counter()
    with database.reading() as session:
        count = session.scalar(select(func.count()).where(Recipient.assignment_id == draft_id))
    if count != RECIPIENTS:
        raise RuntimeError(f"{count} rows in place of {RECIPIENTS}")
    return {"request_ms": (sent - began) * 1000, "job_s": written - sent}


def draft(session: Session, form_id: UUID | None = None) -> tuple[UUID, Actor]:
    """What the city asks of every enterprise, to be sent, and who may send it."""
    actor, now = find_sender(session), clock.now()
    body = DraftIn(
        title="冬季检查", rule=RecipientRule(levels=(Level.ENTERPRISE,)), due_on=day_of(now) + timedelta(days=9),
        form_id=form_id, wants_reply=form_id is not None,
    )  # fmt: skip
    return draft_assignment(session, "task", body, actor=actor, now=now).id, actor


def find_sender(session: Session) -> Actor:
    """A reviewer of the city."""
    seat = session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.CITY_REVIEWER).limit(1)).one()
    return Actor(seat.person_id, None, ids.new_id(), None, (RoleAt(Role.CITY_REVIEWER, seat.union_id, Level.CITY, ""),))
