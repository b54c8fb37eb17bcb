"""Reads of the job table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from server.core import clock
from server.core.errors import NotFound
from server.core.jobs.models import Job, JobState, PeriodicRun


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as pages show it."""

    id: UUID
    name: str
    args: dict[str, Any]
    state: JobState
    attempts: int
    run_at: datetime
    lease_until: datetime | None
    error: str | None
    created_at: datetime
    updated_at: datetime


COLUMNS = (
    Job.id, Job.name, Job.args, Job.state, Job.attempts, Job.run_at, Job.lease_until, Job.error, Job.created_at,
    Job.updated_at,
)  # fmt: skip


def count_by_state(session: Session) -> dict[JobState, int]:
    """How many jobs stand in each state; every state is there."""
    found = {
        row.state: row.number
        for row in session.execute(select(Job.state, func.count().label("number")).group_by(Job.state))
    }
    return {state: found.get(state, 0) for state in JobState}


def count_dead_by_name(session: Session) -> dict[str, int]:
    """How many jobs of each kind are dead, the most first."""
    number = func.count().label("number")
    rows = session.execute(
        select(Job.name, number).where(Job.state == JobState.DEAD).group_by(Job.name).order_by(number.desc(), Job.name)
    )
    return {row.name: row.number for row in rows}


def oldest_due_seconds(session: Session) -> float:
    """How long the oldest job that is due has been waiting; 0 if none is."""
    moment = clock.now()
    run_at = session.scalar(
        select(Job.run_at).where(Job.state == JobState.READY, Job.run_at <= moment).order_by(Job.run_at).limit(1)
    )
    return (moment - run_at).total_seconds() if run_at else 0.0


def get_job(session: Session, job_id: UUID) -> JobRow:
    """One job. Raises NotFound; a job that is done is gone."""
    row = session.execute(select(*COLUMNS).where(Job.id == job_id)).one_or_none()
    if row is None:
        raise NotFound
    return JobRow(*row)


def list_jobs(
    session: Session, state: JobState, *, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[JobRow]:
    """Jobs in one state by (run_at, id), those after the key `after`."""
    statement = select(*COLUMNS).where(Job.state == state).order_by(Job.run_at, Job.id).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(Job.run_at, Job.id) > after)
    return [JobRow(*row) for row in session.execute(statement)]


def list_periodic(session: Session) -> list[PeriodicRun]:
    """What comes round by the clock, by name."""
    return list(session.scalars(select(PeriodicRun).order_by(PeriodicRun.name)))
