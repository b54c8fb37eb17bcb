"""Writes of the job table, from the business side and from the page of failed jobs."""

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

_INSERT = insert(cast(Table, Job.__table__))  # built once: part of every upload
ALL = "all"  # in the log, in place of a name
WAKE_UPS = "job_wake_ups"  # session.info key: how many jobs want a worker once the transaction is committed


def enqueue(session: Session, name: str, *, run_at: datetime | None = None, **args: UUID | str | int) -> UUID:
    """Write a job into the caller's transaction; it is woken up after the commit. Returns its id.

    `args` are ids and other plain values, no personal data: they are shown to operators. UUIDs are kept as text and
    given back as UUIDs to handlers that declare them so.
    """
    moment = clock.now()
    job_id = ids.new_id()
    plain: dict[str, Any] = {key: str(value) if isinstance(value, UUID) else value for key, value in args.items()}
    session.execute(
        _INSERT,
        {
            "id": job_id,
            "name": name,
            "args": plain,
            "state": JobState.READY,
            "priority": priority_of(name),
            "run_at": run_at or moment,
            "attempts": 0,
            "created_at": moment,
            "updated_at": moment,
        },
    )
    if run_at is None or run_at <= moment:
        _wake_up_later(session)
    return job_id


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


def _wake_up_later(session: Session) -> None:
    session.info[WAKE_UPS] = session.info.get(WAKE_UPS, 0) + 1


def _record(session: Session, action: str, job_id: UUID, name: str, actor_id: UUID | None, now: datetime) -> None:
    record(session, action, subject_type="job", subject_id=job_id, actor_id=actor_id, at=now, detail={"name": name})
