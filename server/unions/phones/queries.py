"""Reads of codes and proved numbers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.unions.people.models import Person
from server.unions.phones.models import PhoneIdentity, SmsCode

ENOUGH = 60  # as many as the widest cap counts


def find_person_by_phone(session: Session, phone: str) -> Person | None:
    """The person whom a number signs in."""
    return session.scalar(
        select(Person).join(PhoneIdentity, PhoneIdentity.person_id == Person.id).where(PhoneIdentity.phone == phone)
    )


def list_sent(
    session: Session, *, since: datetime, besides: UUID, phone_key: str | None = None, origin: str | None = None
) -> Sequence[datetime]:
    """When codes were sent to a number, at the wish of an origin, or both; the latest first, one of them left out."""
    statement = select(SmsCode.sent_at).where(SmsCode.sent_at > since, SmsCode.id != besides)
    if phone_key is not None:
        statement = statement.where(SmsCode.phone_key == phone_key)
    if origin is not None:
        statement = statement.where(SmsCode.origin == origin)
    return session.scalars(statement.order_by(SmsCode.sent_at.desc()).limit(ENOUGH)).all()
