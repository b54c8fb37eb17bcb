"""Reads of the inbox."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.web import cursors
from server.notifications.inbox.models import InboxMessage
from server.notifications.inbox.schemas import InboxPage, MessageOut
from server.review.submissions.models import Submission
from server.review.submissions.queries import number_known_to

_MESSAGES = select(
    InboxMessage.id,
    InboxMessage.title,
    InboxMessage.body,
    InboxMessage.submission_id,
    InboxMessage.target,
    InboxMessage.created_at,
    InboxMessage.read_at,
    number_known_to(InboxMessage.person_id).label("number"),
).outerjoin(Submission, Submission.id == InboxMessage.submission_id)


def list_messages(session: Session, person_id: UUID, after: str | None, limit: int) -> InboxPage:
    """A person's messages, newest first, and how many are unread. Raises Invalid for a foreign cursor."""
    statement = _MESSAGES.where(InboxMessage.person_id == person_id).order_by(InboxMessage.id.desc()).limit(limit + 1)
    if after is not None:
        (last,) = cursors.decode(after, UUID)
        statement = statement.where(InboxMessage.id < last)
    rows = session.execute(statement).all()
    return InboxPage(
        items=[MessageOut.model_validate(row) for row in rows[:limit]],
        next=cursors.encode(rows[limit - 1].id) if len(rows) > limit else None,
        unread=count_unread(session, person_id),
    )


def count_unread(session: Session, person_id: UUID) -> int:
    """How many of a person's messages are unread."""
    statement = select(func.count()).where(InboxMessage.person_id == person_id, InboxMessage.read_at.is_(None))
    return session.scalar(statement) or 0
