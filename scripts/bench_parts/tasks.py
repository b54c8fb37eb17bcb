"""The list of tasks on the phone and at the console, among a million unions that were asked."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select

from bench_parts import wrk
from bench_parts.creating import figures, report
from bench_parts.options import Options
from bench_parts.rounds import Measure, take_turns
from bench_parts.seeding import load, take_stock
from bench_parts.stage import Ready, Stage
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Checker, Recipient, RecipientStatus
from server.core import clock, ids
from server.core.db import Database
from server.kit.scope import ancestors_of
from server.unions.people.models import RoleAssignment
from server.unions.roles import Level, Role
from server.unions.scans.models import LinkedPhone

STATUSES = (RecipientStatus.ACCEPTED,) * 7 + (RecipientStatus.SUBMITTED, RecipientStatus.RECEIVED, RecipientStatus.SENT)


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians, as a table and as data."""
    with ExitStack() as stack:
        bare, pids = stack.enter_context(stage.bare())
        measures: dict[str, Measure] = {
            "hello": lambda _: figures(wrk.run(f"{bare.base_url}/hello", options.seconds, "get", {}, pids))
        }
        for kind in options.databases:
            settings = stage.settings(kind)
            ready = stack.enter_context(stage.service(kind, settings, stage.fill(settings, 1)))
            token = _ask(ready, max(options.rows))
            for name, arguments, path in (
                ("on the phone", {"token": token}, "/api/v1/tasks"),
                ("on the phone, done", {"token": token}, "/api/v1/tasks?state=done"),
                ("at the console", {"cookie": f"ssp_session={ready.city.reviewers['enterprise']}"}, "/console/tasks"),
                ("to check", {"cookie": f"ssp_session={ready.city.reviewers['city']}"}, "/console/tasks/check"),
            ):
                measures[f"{kind} {name}"] = lambda _, r=ready, p=path, a=arguments: _open(r, p, a, options)
        series = take_turns(measures, options.rounds, options.say)
    return report("tasks", series)


def _open(ready: Ready, path: str, arguments: Mapping[str, str], options: Options) -> dict[str, float]:
    """Phones all at once; pages of the console one after the other, as in `pages`."""
    url, few = ready.service.base_url + path, {} if "token" in arguments else {"connections": 1}
    return figures(wrk.run(url, options.seconds, "get", dict(arguments), ready.pids, **few))


def _ask(ready: Ready, count: int) -> str:
    """Ask every enterprise again and again; returns the token of a phone that is linked to one's reviewer."""
    database, now = Database(ready.settings), clock.now()
    with database.transaction() as session:
        held = session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.ENTERPRISE_REVIEWER)).one()
        worker = ready.city.workers[0]
        session.add(LinkedPhone(person_id=worker.id, account_id=held.person_id, linked_at=now))
        sender = held.person_id
    places = [place for place in ready.city.places if place.level is Level.ENTERPRISE]
    assignments = [ids.new_id() for _ in range(max(count // len(places), 1))]
    load(database, cast(Table, Assignment.__table__), _assignments(ready, assignments, sender))
    load(database, cast(Table, Recipient.__table__), _recipients(places, assignments, sender))
    take_stock(database)
    database.close()
    return worker.token


def _assignments(ready: Ready, assignments: list[UUID], sender: UUID) -> Iterator[dict[str, Any]]:
    now, city = clock.now(), ready.city.seats["city"]
    for number, assignment_id in enumerate(assignments):
        yield {
            "id": assignment_id, "kind": "task", "number": f"2026-{900_000 + number}R", "status": AssignmentStatus.SENT,
            "version": 1, "sender_id": city, "city_id": city, "root_id": assignment_id, "title": f"任务 {number}",
            "text": "", "wants_receipt": True, "wants_reply": True, "checker": Checker.SENDER, "may_pass_on": False,
            "remind_days": 3, "rule": {}, "details": {}, "recipient_count": 0, "drafted_by_id": sender,
            "sent_by_id": sender, "drafted_at": now, "edited_at": now, "sent_at": now,
        }  # fmt: skip


def _recipients(places: list[Any], assignments: list[UUID], person: UUID) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for number, assignment_id in enumerate(assignments):
        due_at = now + timedelta(days=number % 60)
        for place in places:
            row_id, above = ids.new_id(), ancestors_of(place)
            status = STATUSES[row_id.int % len(STATUSES)]
            is_sent = status in (RecipientStatus.ACCEPTED, RecipientStatus.SUBMITTED)
            yield {
                "id": row_id, "assignment_id": assignment_id, "root_id": assignment_id, "sender_id": above["city_id"],
                "union_id": place.id, "level": Level.ENTERPRISE, "status": status, "version": 1, "due_at": due_at,
                "is_high_risk": False, "is_chemical": False, "is_copy": False, "sent_at": now, "return_count": 0,
                "submitted_at": now if is_sent else None, "submitted_by_id": person if is_sent else None,
                **above,
            }  # fmt: skip
