"""Rows of jobs: put, looked at, made due."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from server.core import clock
from server.core.db import Database
from server.core.jobs.actions import enqueue
from server.core.jobs.models import Job
from server.core.jobs.queries import JobRow, get_job


def put(database: Database, name: str, **args: Any) -> UUID:
    with database.transaction() as session:
        return enqueue(session, name, **args)


def look(database: Database, job_id: UUID) -> JobRow | None:
    with database.reading() as session:
        found = session.scalar(select(Job.id).where(Job.id == job_id))
        return get_job(session, job_id) if found else None


def make_due(database: Database, job_id: UUID) -> None:
    with database.transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(run_at=clock.now()))


def expire_lease(database: Database, job_id: UUID) -> None:
    with database.transaction() as session:
        past = clock.now() - timedelta(seconds=1)
        session.execute(update(Job).where(Job.id == job_id).values(lease_until=past))
