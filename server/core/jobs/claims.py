"""Taking the next job from the table: looked for without a lock, then claimed by one conditional UPDATE."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, literal, or_, select, union_all, update
from sqlalchemy.orm import Session, aliased

from server.core import clock, ids
from server.core.db import Database, UtcDateTime
from server.core.jobs.models import Job, JobState, Priority

CHOICE = 16  # candidates: as many workers may look at the same moment without getting into each other's way
LOST_FIRST = -1  # rank of a job whose worker fell silent


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in hand."""

    job_id: UUID
    lease_id: UUID
    name: str
    args: dict[str, Any]
    attempt: int
    age: timedelta


def claim_next(database: Database, lease: timedelta) -> Claim | None:
    """Take the most urgent job that is due; None if there is none. An attempt counts from here, so a crash is one."""
    while candidates := _look(database):
        with database.transaction() as session:
            if claimed := _claim_one(session, candidates, lease):
                return claimed
    return None


def is_any_due(session: Session, moment: datetime) -> bool:
    """Whether a job has been due since `moment` or longer."""
    return session.execute(_CANDIDATES, {"moment": moment}).first() is not None


def _look(database: Database) -> list[UUID]:
    with database.reading() as session:
        return list(session.scalars(_CANDIDATES, {"moment": clock.now()}))


def _claim_one(session: Session, candidates: list[UUID], lease: timedelta) -> Claim | None:
    """The first of `candidates` that nobody has taken, or is just taking (on PostgreSQL; on SQLite one writes)."""
    moment, lease_id = clock.now(), ids.new_id()
    other = aliased(Job)
    free = (
        select(other.id)
        .where(other.id.in_(candidates), _is_due(other, moment))
        .order_by(other.priority, other.run_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = session.execute(
        update(Job)
        .where(Job.id == free)
        .values(
            state=JobState.RUNNING,
            lease_id=lease_id,
            lease_until=moment + lease,
            attempts=Job.attempts + 1,
            updated_at=moment,
        )
        .returning(Job.id, Job.name, Job.args, Job.attempts, Job.created_at)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claim(row.id, lease_id, row.name, row.args, row.attempts, moment - row.created_at) if row else None


def _is_due(job: Any, moment: Any) -> Any:
    """The condition for rows that may be claimed: ready and due, or running with a lease that ran out."""
    return or_(
        and_(job.state == JobState.READY, job.run_at <= moment),
        and_(job.state == JobState.RUNNING, job.lease_until < moment),
    )


def _candidates() -> Select[tuple[UUID]]:
    """One short walk along an index for lost jobs and for each priority, however many wait."""
    moment = bindparam("moment", type_=UtcDateTime())
    lost = (
        select(Job.id, literal(LOST_FIRST).label("rank"), Job.lease_until.label("since"))
        .where(Job.state == JobState.RUNNING, Job.lease_until < moment)
        .order_by(Job.lease_until)
        .limit(CHOICE)
    )
    ready = [
        select(Job.id, literal(int(priority)).label("rank"), Job.run_at.label("since"))
        .where(Job.state == JobState.READY, Job.priority == priority, Job.run_at <= moment)
        .order_by(Job.run_at)
        .limit(CHOICE)
        for priority in Priority
    ]
    found = union_all(*(select(few.subquery()) for few in (lost, *ready))).subquery()
    return select(found.c.id).order_by(found.c.rank, found.c.since).limit(CHOICE)


_CANDIDATES = _candidates()  # built once: asked for at every job
