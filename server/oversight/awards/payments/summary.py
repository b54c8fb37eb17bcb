"""What published lists gave, over all schemes of somebody's unions: by scheme and batch, by district, by grade.

Who was anonymous counts apart from every district: a small number would tell where they work.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.kit.scope import said_of, union_names
from server.oversight.awards.models import AwardBatch, AwardEntry, AwardPayment, AwardScheme, EntryStatus
from server.oversight.awards.payments.budgets import HOLDING
from server.review.submissions.anonymity.identity import ANONYMOUS
from server.review.submissions.anonymity.parts import Part, find_unnamed
from server.unions.actor import Actor, in_scope
from server.unions.tree.models import Union

NO_DISTRICT = "市直属和其他"


@dataclass(frozen=True, slots=True)
class Given:
    """A line of the summary, in cents. `people`: shares that were given, `hazards`: what they were given for."""

    name: str
    hazards: int
    people: int
    amount_cents: int
    paid: int
    paid_cents: int
    failed: int
    received: int


@dataclass(frozen=True, slots=True)
class BatchGiven:
    """A batch's line."""

    batch: AwardBatch
    scheme: AwardScheme
    union_name: str
    given: Given


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything on the page. `years`: those in which lists were published, the newest first."""

    batches: Sequence[BatchGiven]
    districts: Sequence[Given]
    grades: Sequence[Given]
    total: Given
    years: Sequence[int]


def summarise(session: Session, actor: Actor, year: int | None, roles: frozenset[Any]) -> Summary:
    """Lists that were published in the year, or ever, by unions where the actor holds one of `roles`, and those below.
    Seven statements, however many lists."""
    unions = select(Union.id).where(in_scope(actor, Union, roles))
    published = select(AwardBatch, AwardScheme).join(AwardScheme, AwardScheme.id == AwardBatch.scheme_id)
    published = published.where(AwardBatch.union_id.in_(unions), AwardBatch.status.in_(HOLDING))
    everything = session.execute(published.order_by(AwardScheme.id.desc(), AwardBatch.number)).all()
    chosen = [row for row in everything if year is None or _year_of(row.AwardBatch.published_at) == year]
    rows = _read(session, [row.AwardBatch.id for row in chosen], actor)
    names = union_names(session, {row.AwardBatch.union_id for row in chosen})
    by_batch = _group(rows, lambda row: row.batch_id)
    return Summary(
        batches=[
            BatchGiven(
                batch, scheme, said_of(names, batch.union_id) or "", _add_up(batch.name, by_batch.get(batch.id, []))
            )
            for batch, scheme in chosen
        ],
        districts=_lines(rows, lambda row: row.place),
        grades=_lines(sorted((row for row in rows if row.grade), key=_grade_of), lambda row: f"{row.grade} 级"),
        total=_add_up("合计", rows),
        years=sorted({_year_of(row.AwardBatch.published_at) for row in everything}, reverse=True),
    )


def _year_of(moment: datetime) -> int:
    return in_shanghai(moment).year


@dataclass(frozen=True, slots=True)
class _Row:
    batch_id: UUID
    submission_id: UUID | None
    grade: int | None
    amount_cents: int
    failed: bool
    paid_cents: int | None
    received: bool
    place: str  # the district; apart for who was anonymous
    order: int  # of the place


def _read(session: Session, batches: Sequence[UUID], actor: Actor) -> list[_Row]:
    """The shares of the batches, by district in its official order."""
    statement = (
        select(AwardEntry, AwardPayment.amount_cents, AwardPayment.received_at, Union.district_id)
        .outerjoin(AwardPayment, AwardPayment.entry_id == AwardEntry.id)
        .outerjoin(Union, Union.id == AwardEntry.union_id)
        .where(AwardEntry.batch_id.in_(batches), AwardEntry.status == EntryStatus.LISTED)
    )
    rows = session.execute(statement).all()
    places = _official(session, {row.district_id for row in rows if row.district_id is not None})
    unnamed = find_unnamed(session, {part for row in rows if (part := _part(row.AwardEntry)) is not None}, actor)
    found = []
    for entry, paid, received, district_id in rows:
        is_unnamed = _part(entry) in unnamed
        order, name = (
            (len(places) + 1, ANONYMOUS) if is_unnamed else places.get(district_id, (len(places), NO_DISTRICT))
        )
        found.append(
            _Row(
                entry.batch_id, entry.submission_id, entry.grade, entry.amount_cents,
                entry.payment_failure is not None, paid, received is not None, name, order,
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: row.order)


def _grade_of(row: _Row) -> int:
    return row.grade or 0


def _official(session: Session, ids: set[UUID]) -> dict[UUID | None, tuple[int, str]]:
    statement = select(Union.id, Union.name).where(Union.id.in_(ids)).order_by(*Union.official_order())
    return {row.id: (order, row.name) for order, row in enumerate(session.execute(statement))}


def _part(entry: AwardEntry) -> Part | None:
    return Part(entry.submission_id, entry.person_id) if entry.submission_id and entry.person_id else None


def _group(rows: Sequence[_Row], key: Callable[[_Row], Any]) -> dict[Any, list[_Row]]:
    groups: dict[Any, list[_Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _lines(rows: Sequence[_Row], key: Callable[[_Row], str]) -> list[Given]:
    return [_add_up(name, some) for name, some in _group(rows, key).items()]


def _add_up(name: str, rows: Sequence[_Row]) -> Given:
    paid = [row.paid_cents for row in rows if row.paid_cents is not None]
    return Given(
        name=name,
        hazards=len({row.submission_id for row in rows if row.submission_id is not None}),
        people=len(rows),
        amount_cents=sum(row.amount_cents for row in rows),
        paid=len(paid),
        paid_cents=sum(paid),
        failed=sum(row.failed for row in rows),
        received=sum(row.received for row in rows),
    )
