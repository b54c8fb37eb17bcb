"""What people were told."""

from uuid import UUID

from sqlalchemy import select

from server.core.db import Database
from server.notifications.inbox.models import InboxMessage


def titles_told(database: Database, person_id: UUID) -> list[str]:
    """The titles in somebody's inbox, the oldest first."""
    with database.reading() as session:
        those = select(InboxMessage.title).where(InboxMessage.person_id == person_id).order_by(InboxMessage.id)
        return list(session.scalars(those))
