"""Writes of the inbox."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.db import upsert
from server.core.events import publish
from server.core.messages import GroupMessage, Message, PersonalMessage
from server.core.prepared import Prepared
from server.notifications.inbox.events import MessageDelivered, MessagesDelivered
from server.notifications.inbox.models import InboxMessage
from server.review.submissions.anonymity.identity import day_of

_TABLE = cast(Table, InboxMessage.__table__)
_INSERT = upsert(_TABLE).on_conflict_do_nothing(index_elements=["key"])

_DELIVER = Prepared(  # part of every report's arrival
    _INSERT.returning(_TABLE.c.id),
    [
        "id", "person_id", "key", "title", "body", "created_at", "read_at", "submission_id", "target", "desk",
    ],
)  # fmt: skip


def deliver(session: Session, told: PersonalMessage | GroupMessage, *, now: datetime) -> None:
    """Put a message into its people's inboxes."""
    if isinstance(told, GroupMessage) and (told.by_wechat is None or told.day_only):
        _deliver_to_all(session, told, now)
    elif isinstance(told, GroupMessage):
        for person_id in told.people:
            _deliver_to_one(session, person_id, _to_one(told, person_id), now)
    elif told.person_id is not None:
        _deliver_to_one(session, told.person_id, told, now)


def deliver_all(session: Session, told: Iterable[PersonalMessage], *, now: datetime) -> None:
    """Put many messages into their people's inboxes at once."""
    rows, by_wechat = [], dict[UUID, PersonalMessage]()
    for each in told:
        if each.person_id is None:
            continue
        values = _values(each.person_id, each.key, each.message, now)
        rows.append(values | {"submission_id": each.submission_id, "target": each.target, "desk": each.desk})
        if each.by_wechat is not None:
            by_wechat[values["id"]] = each
    if not rows:
        return
    if not by_wechat:
        session.execute(_INSERT, rows)
        return
    new = session.scalars(_INSERT.returning(_TABLE.c.id), rows)
    messages = {message_id: by_wechat[message_id] for message_id in new if message_id in by_wechat}
    if messages:
        publish(session, MessagesDelivered(at=now, messages=messages))


def _deliver_to_one(session: Session, person_id: UUID, told: PersonalMessage, now: datetime) -> None:
    values = _values(person_id, told.key, told.message, now)
    values |= {"submission_id": told.submission_id, "target": told.target, "desk": told.desk}
    is_new = _DELIVER.execute(session.connection(), values)
    if is_new and told.by_wechat is not None:
        publish(session, MessageDelivered(at=now, message_id=values["id"], message=told))


def _to_one(told: GroupMessage, person_id: UUID) -> PersonalMessage:
    return PersonalMessage(
        person_id=person_id, key=_key(told, person_id), message=told.message, submission_id=told.submission_id,
        desk=told.desk, by_wechat=told.by_wechat,
    )  # fmt: skip


def _key(told: GroupMessage, person_id: UUID) -> str:
    return f"{told.key}:{person_id.hex}"


def _deliver_to_all(session: Session, told: GroupMessage, now: datetime) -> None:
    rows = [
        _values(person_id, _key(told, person_id), told.message, now)
        | {"submission_id": told.submission_id, "target": None, "desk": told.desk}
        | ({"id": ids.new_id_of_day(now), "created_at": day_of(now)} if told.day_only else {})
        for person_id in told.people
    ]
    if rows:
        session.execute(_INSERT, rows)


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


def read_at_desk(session: Session, person_id: UUID, *, now: datetime) -> None:
    """Mark as read what stands in the person's bell; what they were told as a worker is left alone."""
    waiting = (InboxMessage.person_id == person_id, InboxMessage.read_at.is_(None), InboxMessage.desk.is_not(None))
    session.execute(
        update(InboxMessage).where(*waiting).values(read_at=now).execution_options(synchronize_session=False)
    )


def take_into_digest(session: Session, person_id: UUID, day: date) -> int:
    """How many messages of the person's bell are unread and in no digest yet; from now on they are in that day's."""
    waiting = (
        InboxMessage.person_id == person_id,
        InboxMessage.read_at.is_(None),
        InboxMessage.desk.is_not(None),
        InboxMessage.digest_day.is_(None),
    )
    taken = session.execute(
        update(InboxMessage)
        .where(*waiting)
        .values(digest_day=day)
        .returning(InboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(taken.all())


def mark_read(session: Session, person_id: UUID, message_ids: Collection[UUID] | None, *, now: datetime) -> None:
    """Mark those messages of the person as read, all for None. What was read keeps its time; others' are left alone."""
    statement = update(InboxMessage).where(InboxMessage.person_id == person_id, InboxMessage.read_at.is_(None))
    if message_ids is not None:
        statement = statement.where(InboxMessage.id.in_(message_ids))
    session.execute(statement.values(read_at=now).execution_options(synchronize_session=False))
