"""Writes of the audit log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import structlog
from flask import g, has_request_context, request
from sqlalchemy import Table
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.models import AuditEntry
from server.core.new_rows import NewRow, insert_rows_in_one_statement
from server.core.slice import declared

log = structlog.get_logger(__name__)

_TABLE = cast(Table, AuditEntry.__table__)


def record(
    session: Session,
    action: str,
    *,
    subject_type: str,
    subject_id: UUID | str,
    actor_id: UUID | None,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one row in the caller's transaction. `detail` holds plain JSON values and no personal data beyond ids."""
    entry = new_entry(action, subject_type=subject_type, subject_id=subject_id, actor_id=actor_id, at=at, detail=detail)
    insert_rows_in_one_statement(session, [entry])


def record_each(session: Session, entries: Sequence[NewRow]) -> None:
    """Append what `new_entry` gave, many rows at once."""
    if entries:
        session.execute(_TABLE.insert(), [values for _, values in entries])


def new_entry(
    action: str,
    *,
    subject_type: str,
    subject_id: UUID | str,
    actor_id: UUID | None,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
) -> NewRow:
    """The row that `record` appends, for callers that write several rows together. Where the request came from is kept,
    but of those who report without an account."""
    if action not in declared().audit.actions or subject_type not in declared().audit.subjects:
        _miss_words(action, subject_type)
    in_request = has_request_context()
    return _TABLE, {
        "id": ids.new_id(),
        "at": at,
        "action": action,
        "actor_id": actor_id,
        "subject_type": subject_type,
        "subject_id": str(subject_id),
        "detail": dict(detail or {}),
        "request_id": g.get("request_id", "") if in_request else "",
        "address": (request.remote_addr or "") if in_request and not g.get("leaves_no_address") else "",
    }


def _miss_words(action: str, subject_type: str) -> None:
    """The log would show this row as code words. It is kept all the same: losing it would be worse."""
    log.error("audit_words_missing", action=action, subject_type=subject_type)
