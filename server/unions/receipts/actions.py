"""Writes of receipts. Of whoever has one nothing is known: no name, no number, no address, no device."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import in_shanghai
from server.core.db import settings_of
from server.unions.consents.actions import give_consent
from server.unions.people.models import Person, Receipt
from server.unions.receipts.rules import code_key, new_code


def open_receipt(session: Session, version: str, *, now: datetime) -> tuple[Person, str]:
    """A person of whom only the code is known, and the code. Raises Conflict for another version of the policy."""
    code, day = new_code(), in_shanghai(now).replace(hour=0, minute=0, second=0, microsecond=0)
    person = Person(id=ids.new_id_of_day(now), is_active=True, version=1, created_at=day, updated_at=day)
    session.add(person)
    session.flush()
    session.add(Receipt(person_id=person.id, code_key=code_key(_secret(session), code)))
    session.flush()
    give_consent(session, person.id, version, now=day)
    return person, code


def find_by_code(session: Session, code: str) -> Person | None:
    """The person behind a code."""
    key = code_key(_secret(session), code)
    return session.scalar(select(Person).join(Receipt, Receipt.person_id == Person.id).where(Receipt.code_key == key))


def _secret(session: Session) -> str:
    return settings_of(session).secret_key.get_secret_value()
