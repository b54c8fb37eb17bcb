"""Writes of the inbox."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Insert, Table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.core import ids
from server.core.events import Event, publish
from server.kit.messages import Message
from server.notifications.inbox.models import InboxMessage
from server.review.submissions.anonymity.identity import day_of

_TABLE = cast(Table, InboxMessage.__table__)
_INSERTS: dict[str, Insert] = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["key"]),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=["key"]),
}


def deliver_message(
    session: Session,
    person_id: UUID,
    key: str,
    message: Message,
    *,
    submission_id: UUID | None,
    target: str | None = None,
    about: str | None = None,
    what: str = "",
    now: datetime,
) -> None:
    """Put a message into a person's inbox. A second one with the same `key` is dropped.

    `about` is the event it tells of, `what` its matter in short: with them `message.delivered` is published, for
    messages that may go out by WeChat too.
    """
    values = _values(person_id, key, message, now) | {"submission_id": submission_id, "target": target}
    statement = _INSERTS[session.get_bind().dialect.name]
    if about is None:
        session.execute(statement, values)
    elif session.execute(statement.returning(_TABLE.c.id), values).first() is not None:
        data = {"person_id": person_id, "about": about, "what": what, "title": message.title, "body": message.body,
                "submission_id": submission_id, "target": target}  # fmt: skip
        publish(session, Event("message.delivered", values["id"], now, None, data))


def deliver_to_all(
    session: Session,
    people: Collection[UUID],
    key: str,
    message: Message,
    *,
    submission_id: UUID | None,
    day_only: bool = False,
    now: datetime,
) -> None:
    """Put the same message into several inboxes, once per person and `key`.

    `day_only`: neither its time nor its id tells more than the day, for an anonymous person may have caused it.
    """
    rows = [
        _values(person_id, f"{key}:{person_id.hex}", message, now)
        | {"submission_id": submission_id, "target": None}
        | ({"id": ids.new_id_of_day(now), "created_at": day_of(now)} if day_only else {})
        for person_id in people
    ]
    if rows:
        session.execute(_INSERTS[session.get_bind().dialect.name], rows)


def _values(person_id: UUID, key: str, message: Message, now: datetime) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "person_id": person_id,
        "key": key,
        "title": message.title,
        "body": message.body,
        "created_at": now,
        "read_at": None,
    }


def mark_read(session: Session, person_id: UUID, message_ids: Collection[UUID] | None, *, now: datetime) -> None:
    """Mark those messages of the person as read, all for None. What was read keeps its time; others' are left alone."""
    statement = update(InboxMessage).where(InboxMessage.person_id == person_id, InboxMessage.read_at.is_(None))
    if message_ids is not None:
        statement = statement.where(InboxMessage.id.in_(message_ids))
    session.execute(statement.values(read_at=now).execution_options(synchronize_session=False))
