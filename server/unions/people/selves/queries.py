"""One human being in several rows: an account, the phones linked to it, what WeChat knows by one unionid, one number.

Every rule about what is somebody's own asks `Actor.is_own`, which is filled from here.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import product
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.core.db import upsert
from server.unions.people.models import Person, PhoneSource, SameBy, SamePerson, WechatIdentity, WechatUnion

CHUNK = 500
TRUSTED = (PhoneSource.ENTERED, PhoneSource.PROVED)


def other_selves(session: Session, people: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """For each of `people` who has any: the other rows of the same human being."""
    found: dict[UUID, set[UUID]] = {}
    known = sorted(set(people))
    for start in range(0, len(known), CHUNK):
        pairs = select(SamePerson.person_id, SamePerson.other_id).where(
            SamePerson.person_id.in_(known[start : start + CHUNK])
        )
        for person_id, other_id in session.execute(pairs):
            found.setdefault(person_id, set()).add(other_id)
    return {person_id: frozenset(others) for person_id, others in found.items()}


def note_same(session: Session, some: Iterable[UUID], others: Iterable[UUID], by: SameBy, now: datetime) -> None:
    """Each of `some` and each of `others` is one human being from now on. Known pairs stay as they are."""
    pairs = {
        pair for one, other in product(set(some), set(others)) if one != other for pair in ((one, other), (other, one))
    }
    if not pairs:
        return
    rows = [{"person_id": one, "other_id": other, "same_by": by, "since": now} for one, other in sorted(pairs)]
    session.execute(upsert(SamePerson).on_conflict_do_nothing(), rows)


def note_linked(session: Session, person_id: UUID, account_id: UUID, now: datetime) -> None:
    """A phone confirms sign-ins to an account from now on: whoever holds both is one.

    A phone that moves from one account to another makes no one of the two accounts.
    """
    by_wechat = select(SamePerson.other_id).where(
        SamePerson.person_id == person_id, SamePerson.same_by == SameBy.UNIONID
    )
    phones = {person_id, *session.scalars(by_wechat)}
    accounts = {account_id, *other_selves(session, [account_id]).get(account_id, ())}
    note_same(session, phones, accounts, SameBy.LINKED_PHONE, now)


def note_unionid(session: Session, unionid: str, person_id: UUID, now: datetime) -> None:
    """WeChat knows somebody by a unionid that others have shown too: they are one, and so are all that each is."""
    shown = select(WechatIdentity.person_id).where(
        WechatIdentity.unionid == unionid, WechatIdentity.person_id != person_id
    )
    holder = select(WechatUnion.person_id).where(WechatUnion.unionid == unionid, WechatUnion.person_id != person_id)
    mates = {*session.scalars(shown), *session.scalars(holder)}
    if not mates:
        return
    people = {person_id, *mates}
    known = other_selves(session, people)
    everybody = people.union(*known.values())
    note_same(session, people, everybody, SameBy.UNIONID, now)


def note_phone(session: Session, person: Person, now: datetime) -> None:
    """A number is known to be somebody's: whoever else it is known of is the same, if one of both has proved it."""
    if person.phone is None or person.phone_source not in TRUSTED:
        return
    strong = TRUSTED if person.phone_source is PhoneSource.PROVED else (PhoneSource.PROVED,)
    same = select(Person.id).where(
        Person.phone == person.phone, Person.phone_source.in_(strong), Person.id != person.id
    )
    note_same(session, [person.id], session.scalars(same).all(), SameBy.PHONE_NUMBER, now)


def known_by_phones(
    session: Session, phones: Collection[str], *conditions: ColumnElement[bool]
) -> dict[str, list[Person]]:
    """Whom a number identifies, by number: those who have proved it before those of whom the office wrote it down.

    What people typed about themselves identifies nobody: anybody may type any number.
    """
    found: dict[str, list[Person]] = {}
    known = sorted(phones)
    for start in range(0, len(known), CHUNK):
        matching = Person.phone.in_(known[start : start + CHUNK])
        statement = select(Person).where(matching, Person.phone_source.in_(TRUSTED), *conditions)
        for person in session.scalars(statement.order_by(Person.id)):
            found.setdefault(str(person.phone), []).append(person)
    return {phone: sorted(people, key=_has_not_proved) for phone, people in found.items()}


def _has_not_proved(person: Person) -> bool:
    return person.phone_source is not PhoneSource.PROVED
