"""Writes of the job table, from the business side and from the page of failed jobs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Table, delete, insert, or_, update
from sqlalchemy.orm import Session

from server.core import clock, ids
from server.core.audit.actions import record
from server.core.errors import Conflict
from server.core.jobs.models import Job, JobState
from server.core.jobs.queries import get_job
from server.core.jobs.registry import priority_of
from server.core.prepared import Prepared

Argument = UUID | str | int

_INSERT = insert(cast(Table, Job.__table__))
_INSERT_ONE = Prepared(  # part of every upload
    _INSERT,
    ["id", "name", "args", "state", "priority", "run_at", "attempts", "created_at", "updated_at"],
)
ALL = "all"  # in the log, in place of a name
WAKE_UPS = "job_wake_ups"  # session.info key: how many jobs want a worker once the transaction is committed


def enqueue(session: Session, name: str, *, run_at: datetime | None = None, **args: Argument) -> UUID:
    """Write a job into the caller's transaction; it is woken up after the commit. Returns its id.

    `args` are ids and other plain values, no personal data: they are shown to operators. UUIDs are kept as text and
    given back as UUIDs to handlers that declare them so.
    """
    return enqueue_each(session, name, [args], run_at=run_at)[0]


def enqueue_each(
    session: Session, name: str, each: Sequence[Mapping[str, Argument]], *, run_at: datetime | None = None
) -> list[UUID]:
    """The same of many jobs of one name, by one statement."""
    moment = clock.now()
    rows = [_row(name, args, run_at or moment, moment) for args in each]
    if len(rows) == 1:
        _INSERT_ONE.execute(session.connection(), rows[0])
    elif rows:
        session.execute(_INSERT, rows)
    if rows and (run_at is None or run_at <= moment):
        _wake_up_later(session, len(rows))
    return [row["id"] for row in rows]


def _row(name: str, args: Mapping[str, Argument], run_at: datetime, moment: datetime) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "name": name,
        "args": {key: str(value) if isinstance(value, UUID) else value for key, value in args.items()},
        "state": JobState.READY,
        "priority": priority_of(name),
        "run_at": run_at,
        "attempts": 0,
        "created_at": moment,
        "updated_at": moment,
    }


def retry_job(session: Session, job_id: UUID, *, actor_id: UUID | None, now: datetime) -> None:
    """Let a dead or waiting job start over at once. Raises NotFound, or Conflict while it runs. Audited."""
    name = get_job(session, job_id).name
    changed = session.execute(
        update(Job)
        .where(Job.id == job_id, or_(Job.state == JobState.DEAD, Job.state == JobState.READY))
        .values(state=JobState.READY, run_at=now, attempts=0, updated_at=now)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        raise Conflict("任务正在执行，请稍后刷新再看。", code="job_running")
    _wake_up_later(session)
    _record(session, "job.retried", job_id, name, actor_id, now)


def retry_dead(session: Session, name: str | None, *, actor_id: UUID | None, now: datetime) -> int:
    """Let every dead job start over, or those called `name`. Returns how many. Audited as one decision."""
    statement = update(Job).where(Job.state == JobState.DEAD)
    if name is not None:
        statement = statement.where(Job.name == name)
    values = {"state": JobState.READY, "run_at": now, "attempts": 0, "updated_at": now}
    result = session.execute(statement.values(values).execution_options(synchronize_session=False))
    count = cast(CursorResult[Any], result).rowcount
    if count:
        _wake_up_later(session)
        record(
            session,
            "job.dead_retried",
            subject_type="job",
            subject_id=name or ALL,
            actor_id=actor_id,
            at=now,
            detail={"count": count},
        )
    return count


def discard_job(session: Session, job_id: UUID, *, actor_id: UUID | None, now: datetime) -> None:
    """Remove a dead job for good. Raises NotFound, or Conflict if it is not dead. Audited."""
    name = get_job(session, job_id).name
    removed = session.execute(
        delete(Job)
        .where(Job.id == job_id, Job.state == JobState.DEAD)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if removed is None:
        raise Conflict("只能丢弃已经失败的任务，请刷新再看。", code="job_not_dead")
    _record(session, "job.discarded", job_id, name, actor_id, now)


def _wake_up_later(session: Session, jobs: int = 1) -> None:
    session.info[WAKE_UPS] = session.info.get(WAKE_UPS, 0) + jobs


def _record(session: Session, action: str, job_id: UUID, name: str, actor_id: UUID | None, now: datetime) -> None:
    record(session, action, subject_type="job", subject_id=job_id, actor_id=actor_id, at=now, detail={"name": name})
