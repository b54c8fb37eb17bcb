"""Writes of codes and proved numbers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.db import settings_of, upsert
from server.core.errors import TooMany, Unauthorized
from server.unions.people.models import Person, PhoneSource
from server.unions.people.queries import get_person
from server.unions.people.selves.queries import note_phone
from server.unions.phones import rules
from server.unions.phones.models import PhoneIdentity, SmsCode
from server.unions.phones.queries import find_person_by_phone, list_sent


def begin_code(session: Session, phone: str, code: str, *, origin: str, now: datetime) -> UUID:
    """Note a code as sent, before it is counted whether it may be: so that many at once cannot slip past the count."""
    secret, challenge = settings_of(session).secret_key.get_secret_value(), ids.new_id()
    session.execute(
        insert(SmsCode).values(
            id=challenge,
            phone_key=rules.phone_key(secret, phone),
            origin=origin[:80],
            code_hash=rules.code_hash(secret, challenge, code),
            attempts_left=rules.ATTEMPTS,
            sent_at=now,
            expires_at=now + rules.LIFETIME,
        )
    )
    return challenge


def check_may_send(session: Session, challenge: UUID, phone: str, *, origin: str, known: bool, now: datetime) -> None:
    """Raise TooMany if others than `challenge` were sent too lately to this number or this origin."""
    key = rules.phone_key(settings_of(session).secret_key.get_secret_value(), phone)
    since = now - rules.KEPT
    sent = list_sent(session, since=since, besides=challenge, phone_key=key, origin=origin)
    until = rules.free_at(sent, rules.FOR_ASKER, now)
    if until is None and not known:
        sent = list_sent(session, since=since, besides=challenge, phone_key=key)
        until = rules.free_at(sent, rules.FOR_PHONE, now)
    if until is None and not known:
        sent = list_sent(session, since=since, besides=challenge, origin=origin)
        until = rules.free_at(sent, rules.FOR_ADDRESS, now)
    if until is None:
        return
    seconds = int((until - now).total_seconds()) + 1
    wait = f"{seconds} 秒" if seconds <= 90 else f"{-(-seconds // 60)} 分钟"
    raise TooMany(f"验证码发得太频繁，请过 {wait}再试。", code="sms_too_many")


def drop_code(session: Session, challenge: UUID) -> None:
    """Take back a code that was not sent."""
    session.execute(delete(SmsCode).where(SmsCode.id == challenge))


def use_code(session: Session, challenge: UUID, phone: str, code: str, *, now: datetime) -> bool:
    """Whether `code` is the one sent, used up with this. Counts the attempt: commit it whatever the answer."""
    secret = settings_of(session).secret_key.get_secret_value()
    kept = session.scalar(
        update(SmsCode)
        .where(
            SmsCode.id == challenge,
            SmsCode.phone_key == rules.phone_key(secret, phone),
            SmsCode.attempts_left > 0,
            SmsCode.expires_at > now,
            SmsCode.used_at.is_(None),
        )
        .values(attempts_left=SmsCode.attempts_left - 1)
        .returning(SmsCode.code_hash)
    )
    if kept is None or not rules.same(kept, rules.code_hash(secret, challenge, code)):
        return False
    session.execute(update(SmsCode).where(SmsCode.id == challenge).values(used_at=now))  # the row is ours since above
    return True


def record_wrong_code(session: Session, now: datetime) -> None:
    """A wrong code in the log; whose number it was, is not kept."""
    detail = {"factor": "sms"}
    record(session, "sign_in.failed", subject_type="person", subject_id="unknown", actor_id=None, at=now, detail=detail)


def admit_phone_user(session: Session, phone: str, *, now: datetime) -> Person:
    """The person whom a proved number signs in, created at the first sight. Two sights at once make one person."""
    person = find_person_by_phone(session, phone)
    if person is not None:
        return person
    person = Person(
        id=ids.new_id_of_day(now), phone=phone, phone_source=PhoneSource.PROVED, is_active=True, version=1,
        created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(person)
    session.flush()
    if not _claim_phone(session, phone, person.id, now):
        session.delete(person)  # another sight was quicker
        session.flush()
        known = find_person_by_phone(session, phone)
        if known is None:
            raise Unauthorized
        return known
    note_phone(session, person, now)
    record(session, "person.created", subject_type="person", subject_id=person.id, actor_id=person.id, at=now)
    return person


def keep_proved_phone(session: Session, person_id: UUID, phone: str, *, by: str, now: datetime) -> Person:
    """Somebody signed in has proved a number: it becomes theirs to be called by, and to sign in with if it is free."""
    person = get_person(session, person_id)
    signs_in = _claim_phone(session, phone, person_id, now)
    if person.phone != phone or person.phone_source is not PhoneSource.PROVED:
        person.phone, person.phone_source = phone, PhoneSource.PROVED
        person.updated_at, person.version = now, person.version + 1
        session.flush()
    note_phone(session, person, now)
    detail = {"by": by, "signs_in": signs_in}
    record(
        session, "person.phone_proved", subject_type="person", subject_id=person_id, actor_id=person_id, at=now,
        detail=detail,
    )  # fmt: skip
    return person


def _claim_phone(session: Session, phone: str, person_id: UUID, now: datetime) -> bool:
    """Whether the number signs this person in from now on: it stays with whoever proved it first."""
    claim = upsert(PhoneIdentity).values(phone=phone, person_id=person_id, verified_at=now)
    session.execute(claim.on_conflict_do_nothing(index_elements=["phone"]))
    holder = session.scalar(select(PhoneIdentity.person_id).where(PhoneIdentity.phone == phone))
    return holder == person_id


def forget_codes(session: Session, now: datetime) -> None:
    """Remove codes that no cap counts any more."""
    session.execute(delete(SmsCode).where(SmsCode.sent_at < now - rules.KEPT))
