"""Whom a line of a paper sheet may mean. Nothing is decided here: the trainer picks among those who are offered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.text import search_key
from server.unions.people.models import Person

MOST_COMPARED = 5_000
"""People of one enterprise that names are compared with."""


@dataclass(frozen=True, slots=True)
class Written:
    """A name as it stands on the sheet, and at which enterprise."""

    name: str
    phone: str
    enterprise_id: UUID | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a line may mean: why, and whether there can be little doubt."""

    person_id: UUID
    name: str
    phone: str
    why: str
    is_sure: bool


def masked(phone: str | None) -> str:
    """138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if phone and len(phone) >= 8 else ""


def apart(one: str, other: str) -> int:
    """By how many characters two short texts differ (Levenshtein), 3 for more than two."""
    if abs(len(one) - len(other)) > 2:
        return 3
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row, before = [at], row
        for place, its in enumerate(other, 1):
            row.append(min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != its)))
    return min(row[-1], 3)


def match_all(session: Session, lines: Sequence[Written]) -> list[list[Candidate]]:
    """The candidates of each line, the likeliest first. One statement for each enterprise that is named."""
    known = {each: _people_of(session, each) for each in {line.enterprise_id for line in lines} if each is not None}
    return [match(line, known.get(line.enterprise_id, ()) if line.enterprise_id else ()) for line in lines]


def _people_of(session: Session, enterprise_id: UUID) -> Sequence[Person]:
    those = select(Person).where(
        Person.enterprise_id == enterprise_id, Person.is_active.is_(True), Person.name.is_not(None)
    )
    return session.scalars(those.order_by(Person.id).limit(MOST_COMPARED)).all()


def match(line: Written, people: Collection[Person]) -> list[Candidate]:
    """Those of one enterprise whom a line may mean."""
    key, found = search_key(line.name), []
    same_name = sum(person.name_key == key for person in people)
    for person in people:
        is_same, has_phone = person.name_key == key, bool(line.phone) and person.phone == line.phone
        near_name = not is_same and len(key) > 1 and apart(key, person.name_key) == 1
        near_phone = bool(line.phone and person.phone) and not has_phone and apart(line.phone, person.phone or "") <= 2
        if is_same and has_phone:
            found.append((0, person, "姓名、手机号都相同", True))
        elif is_same and (not line.phone or not person.phone):
            found.append((1, person, "姓名相同", same_name == 1))
        elif is_same:
            found.append((2, person, "姓名相同，手机号" + ("差一两位" if near_phone else "不同"), False))
        elif has_phone:
            found.append((3, person, "手机号相同，姓名不同", False))
        elif near_name:
            found.append((4, person, "姓名差一个字", False))
    ranked = sorted(found, key=lambda each: (each[0], str(each[1].id)))[:5]
    return [Candidate(each.id, each.name or "", masked(each.phone), why, sure) for _, each, why, sure in ranked]
