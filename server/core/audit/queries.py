"""Reads of the audit log. Newest first, paged by id, which sorts by time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from server.core.audit.models import AuditEntry

MOST_ACTIONS = 300


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to show. Empty fields leave nothing out; `since` is inclusive, `until` exclusive."""

    action: str = ""
    actions: Collection[str] = ()  # any of these
    subject_type: str = ""
    subject_id: str = ""
    subject_ids: Collection[str] | None = None  # any of these
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A row of the log as pages show it."""

    id: UUID
    at: datetime
    action: str
    actor_id: UUID | None
    subject_type: str
    subject_id: str
    detail: dict[str, Any]
    request_id: str
    address: str
    seal_number: int | None


COLUMNS = tuple(getattr(AuditEntry, name) for name in AuditRow.__slots__)


def list_entries(
    session: Session, wanted: AuditFilter, *, before: UUID | None = None, limit: int = 50
) -> list[AuditRow]:
    """Rows that fit, newest first, those before the row `before`."""
    statement = select(*COLUMNS).where(*narrowing(wanted)).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    return [AuditRow(*row) for row in session.execute(statement)]


def narrowing(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.action:
        conditions.append(AuditEntry.action == wanted.action)
    if wanted.actions:
        conditions.append(AuditEntry.action.in_(wanted.actions))
    if wanted.subject_type:
        conditions.append(AuditEntry.subject_type == wanted.subject_type)
    if wanted.subject_id:
        conditions.append(AuditEntry.subject_id == wanted.subject_id)
    if wanted.subject_ids is not None:
        conditions.append(AuditEntry.subject_id.in_(wanted.subject_ids))
    if wanted.since is not None:
        conditions.append(AuditEntry.id >= _first_id(wanted.since))
    if wanted.until is not None:
        conditions.append(AuditEntry.id < _first_id(wanted.until))
    return conditions


def list_actions(session: Session) -> list[str]:
    """Every action there is a row of, sorted. Hops along the index: a few rows read however long the log."""
    first: Select[Any] = select(func.min(AuditEntry.action).label("action"))
    seen = first.cte("seen", recursive=True)
    following = select(func.min(AuditEntry.action)).where(AuditEntry.action > seen.c.action).scalar_subquery()
    seen = seen.union_all(select(following).where(seen.c.action.is_not(None)))
    return list(session.scalars(select(seen.c.action).where(seen.c.action.is_not(None)).limit(MOST_ACTIONS)))


def _first_id(moment: datetime) -> UUID:
    """The smallest UUIDv7 of that instant."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
