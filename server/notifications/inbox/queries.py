"""Reads of the inbox."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Table, bindparam, func, select
from sqlalchemy.orm import Session

from server.core.db import counted
from server.core.errors import NotFound
from server.core.prepared import Prepared
from server.core.slice import TODO_CAP
from server.core.web import cursors
from server.notifications.inbox.models import InboxMessage
from server.notifications.inbox.schemas import AboutOut, InboxPage, MessageOut
from server.photos.models import Photo
from server.photos.pictures.links import photo_urls
from server.photos.queries import list_by_ids
from server.review.submissions.models import Submission
from server.review.submissions.queries import number_known_to
from server.unions.campaigns.queries import campaign_facts

AT_CONSOLE = "请在电脑上打开审核台，点铃铛查看。"
LATEST = 8  # in the bell's panel

_MESSAGES = select(
    InboxMessage.id,
    InboxMessage.title,
    InboxMessage.body,
    InboxMessage.submission_id,
    InboxMessage.target,
    InboxMessage.desk,
    InboxMessage.created_at,
    InboxMessage.read_at,
    number_known_to(InboxMessage.person_id).label("number"),
    Submission.reporter_id,
    Submission.campaign_id,
    Submission.category,
    Submission.place,
    Submission.cover_photo_id,
).outerjoin(Submission, Submission.id == InboxMessage.submission_id)


def list_messages(
    session: Session, person_id: UUID, after: str | None, limit: int, *, unread: bool = False
) -> InboxPage:
    """A person's messages (those unread alone), newest first, and how many are unread. Raises Invalid for a foreign
    cursor."""
    statement = _MESSAGES.where(InboxMessage.person_id == person_id).order_by(InboxMessage.id.desc()).limit(limit + 1)
    if unread:
        statement = statement.where(InboxMessage.read_at.is_(None))
    if after is not None:
        (last,) = cursors.decode(after, UUID)
        statement = statement.where(InboxMessage.id < last)
    rows = session.execute(statement).all()
    own = [row for row in rows[:limit] if row.reporter_id == person_id and row.desk is None]
    covers = list_by_ids(session, {row.cover_photo_id for row in own if row.cover_photo_id is not None})
    about = {row.id: _about(session, row, covers) for row in own}
    return InboxPage(
        items=[_message(row, about.get(row.id)) for row in rows[:limit]],
        next=cursors.encode(rows[limit - 1].id) if len(rows) > limit else None,
        unread=count_unread(session, person_id),
    )


def _about(session: Session, row: Any, covers: Mapping[UUID, Photo]) -> AboutOut:
    cover = covers.get(row.cover_photo_id)
    return AboutOut(
        category_name=campaign_facts(session, row.campaign_id).category_name(row.category),
        place=row.place,
        thumbnail_url=photo_urls(cover).thumbnail if cover is not None else None,
    )


def _message(row: Any, about: AboutOut | None) -> MessageOut:
    """A reviewer reads it on the phone, where the page that it leads to is not."""
    body = f"{row.body}{AT_CONSOLE}" if row.desk is not None else row.body
    return MessageOut.model_validate(row).model_copy(update={"body": body, "about": about})


def count_unread(session: Session, person_id: UUID) -> int:
    """How many of a person's messages are unread."""
    [(unread,)] = _UNREAD.execute(session.connection(), {"asker_id": person_id})
    return cast(int, unread)


_TABLE = cast(Table, InboxMessage.__table__).c
_UNREAD = Prepared(select(func.count()).where(_TABLE.person_id == bindparam("asker_id"), _TABLE.read_at.is_(None)))


# --- the bell at the console ------------------------------------------------------------------------------------------


def count_unread_at_desk(session: Session, person_id: UUID) -> int:
    """How many messages in a reviewer's bell are unread, TODO_CAP at most."""
    [(unread,)] = _count_unread().execute(session.connection(), {"person": person_id})
    return cast(int, unread)


@cache
def _count_unread() -> Prepared:
    """Every page of the console asks."""
    theirs = select(InboxMessage.id).where(*_at_desk(bindparam("person")), InboxMessage.read_at.is_(None))
    return Prepared(counted(theirs, TODO_CAP))


def list_latest_at_desk(session: Session, person_id: UUID) -> Sequence[InboxMessage]:
    """The latest messages of a reviewer's bell, newest first."""
    statement = select(InboxMessage).where(*_at_desk(person_id)).order_by(InboxMessage.id.desc()).limit(LATEST)
    return session.scalars(statement).all()


def get_desk_of(session: Session, person_id: UUID, message_id: UUID) -> str:
    """Where a message of that person's bell leads. Raises NotFound for anybody else's."""
    found = session.scalar(select(InboxMessage.desk).where(*_at_desk(person_id), InboxMessage.id == message_id))
    if found is None:
        raise NotFound
    return found


def _at_desk(person_id: UUID | BindParameter[Any]) -> tuple[ColumnElement[bool], ...]:
    return InboxMessage.person_id == person_id, InboxMessage.desk.is_not(None)
