"""What the owner of an account is told of: every change to how it is signed in to, on each phone that may."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.events import Event
from server.core.messages import GroupMessage, Message, MessageWriter
from server.unions.accounts.events import SecurityChanged
from server.unions.accounts.texts import security_words
from server.unions.scans.models import LinkedPhone


def _tell_owner(session: Session, event: SecurityChanged) -> Iterator[GroupMessage]:
    """The owner, the phones that sign in to the account, and the one that just did or no longer does."""
    linked = session.scalars(select(LinkedPhone.person_id).where(LinkedPhone.account_id == event.account_id))
    people: set[UUID] = {event.account_id, *linked} | ({event.phone} if event.phone is not None else set())
    yield GroupMessage(
        people=sorted(people),
        key=f"account:{ids.new_id().hex}",
        message=Message("账号有变动", security_words(event)),
        desk="/console/account",
    )


MESSAGES: Mapping[type[Event], MessageWriter] = {SecurityChanged: _tell_owner}
