"""Tables of jobs."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class JobState(StrEnum):
    """Where a job stands. One that is done has no row any more."""

    READY = "ready"
    RUNNING = "running"
    DEAD = "dead"  # gave up after its last attempt; the reason is kept


class Priority(IntEnum):
    """Which of the jobs that are due is taken first; within one, the oldest."""

    MESSAGE = 0  # somebody is to be told, or waits in a chat
    NORMAL = 1
    BULK = 2  # may wait for an hour: comes in floods, or nobody looks at it today


class Job(Base):
    """Work to be done at least once. Written in the business transaction, deleted when done."""

    __tablename__ = "jobs"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    args: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(named_enum(JobState, "state"), default=JobState.READY)
    priority: Mapped[int] = mapped_column(SmallInteger, default=Priority.NORMAL, server_default=text("1"))
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_id: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="lease_while_running"),
        CheckConstraint("(lease_id IS NULL) = (lease_until IS NULL)", name="lease_is_whole"),
        CheckConstraint("state <> 'dead' OR error IS NOT NULL", name="dead_with_reason"),
        Index("ix_jobs_due", "state", "run_at", "id"),
        Index(
            "ix_jobs_next",
            "priority",
            "run_at",
            sqlite_where=text("state = 'ready'"),
            postgresql_where=text("state = 'ready'"),
        ),
        Index(
            "ix_jobs_lease",
            "lease_until",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )


class PeriodicRun(Base):
    """When work that comes round by the clock is due next, and which worker is at it."""

    __tablename__ = "periodic_runs"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    lease_id: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (CheckConstraint("(lease_id IS NULL) = (lease_until IS NULL)", name="lease_is_whole"),)
