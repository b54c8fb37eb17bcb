"""Writes of the inbox."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Insert, Table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.core import ids
from server.notifications.inbox.messages import Message
from server.notifications.inbox.models import InboxMessage

_TABLE = cast(Table, InboxMessage.__table__)
_INSERTS: dict[str, Insert] = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["key"]),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=["key"]),
}


def deliver_message(
    session: Session, person_id: UUID, key: str, message: Message, *, submission_id: UUID | None, now: datetime
) -> None:
    """Put a message into a person's inbox. A second one with the same `key` is dropped."""
    values: dict[str, Any] = {
        "id": ids.new_id(),
        "person_id": person_id,
        "key": key,
        "title": message.title,
        "body": message.body,
        "submission_id": submission_id,
        "created_at": now,
        "read_at": None,
    }
    session.execute(_INSERTS[session.get_bind().dialect.name], values)


def mark_read(session: Session, person_id: UUID, message_ids: Collection[UUID] | None, *, now: datetime) -> None:
    """Mark those messages of the person as read, all for None. What was read keeps its time; others' are left alone."""
    statement = update(InboxMessage).where(InboxMessage.person_id == person_id, InboxMessage.read_at.is_(None))
    if message_ids is not None:
        statement = statement.where(InboxMessage.id.in_(message_ids))
    session.execute(statement.values(read_at=now).execution_options(synchronize_session=False))
