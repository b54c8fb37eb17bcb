"""Who is to be paid how much, as a bank or a cashier needs it, and sums of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.scope import said_of, union_names
from server.oversight.awards.models import AwardEntry, AwardPayment, EntryStatus
from server.oversight.awards.queries import BatchPage, Candidate
from server.review.submissions.anonymity.identity import ANONYMOUS
from server.unions.people.models import Person
from server.unions.tree.models import Union


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One award to pay. `number` stays the same once the list is final; the phone of the anonymous is not told."""

    number: int
    entry: AwardEntry
    name: str
    phone: str
    enterprise_name: str
    payment: AwardPayment | None


@dataclass(frozen=True, slots=True)
class PaymentSum:
    """What a union's people get, in cents."""

    union_name: str
    district_name: str
    people: int
    amount_cents: int
    paid: int
    paid_cents: int


def list_payments(session: Session, page: BatchPage) -> list[PaymentLine]:
    """The list in its order."""
    listed = _listed(page.candidates)
    wanted = {each.entry.person_id for each in listed if each.entry.person_id is not None and each.name != ANONYMOUS}
    statement = select(Person.id, Person.phone).where(Person.id.in_(wanted))
    phones = {row.id: row.phone or "" for row in session.execute(statement)}
    return [
        PaymentLine(
            number,
            each.entry,
            each.name,
            phones.get(each.entry.person_id, "") if each.entry.person_id is not None else "",
            each.enterprise_name,
            each.payment,
        )
        for number, each in enumerate(listed, 1)
    ]


def sum_by_union(session: Session, candidates: Iterable[Candidate]) -> list[PaymentSum]:
    """The list by union, in the order in which each comes first: two of one name are two, told apart by their
    districts. Whose name is kept back counts together, of no union."""
    by_union: dict[UUID | str, list[Candidate]] = {}
    for each in _listed(candidates):
        union_id = each.entry.union_id if each.name != ANONYMOUS else None
        by_union.setdefault(union_id or each.name, []).append(each)
    unions = {key for key in by_union if isinstance(key, UUID)}
    rows = session.execute(select(Union.id, Union.district_id).where(Union.id.in_(unions)))
    districts: dict[UUID, UUID | None] = {row.id: row.district_id for row in rows}
    names = union_names(session, set(districts.values()))
    return [
        _sum(some, said_of(names, districts.get(key)) or "" if isinstance(key, UUID) else "")
        for key, some in by_union.items()
    ]


def _sum(some: list[Candidate], district_name: str) -> PaymentSum:
    paid = [each.payment.amount_cents for each in some if each.payment is not None]
    name, total = some[0].enterprise_name or some[0].name, sum(each.entry.amount_cents for each in some)
    return PaymentSum(name, district_name, len(some), total, len(paid), sum(paid))


def _listed(candidates: Iterable[Candidate]) -> list[Candidate]:
    listed = [each for each in candidates if each.entry.status is EntryStatus.LISTED]
    return sorted(listed, key=lambda each: (each.entry.rank or 0, each.entry.id))
