"""Writes of the job table from the business side."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.core import clock, ids
from server.core.jobs.models import Job, JobState

WAKE_UPS = "job_wake_ups"  # session.info key: ids to wake up once the transaction is committed


def enqueue(session: Session, name: str, *, run_at: datetime | None = None, **args: UUID | str | int) -> UUID:
    """Write a job into the caller's transaction; it is woken up after the commit. Returns its id."""
    moment = clock.now()
    job_id = ids.new_id()
    plain: dict[str, Any] = {key: str(value) if isinstance(value, UUID) else value for key, value in args.items()}
    session.execute(
        insert(Job).values(
            id=job_id, name=name, args=plain, state=JobState.READY, run_at=run_at or moment, attempts=0,
            created_at=moment, updated_at=moment,
        )
    )
    if run_at is None or run_at <= moment:
        session.info.setdefault(WAKE_UPS, []).append(job_id)
    return job_id
