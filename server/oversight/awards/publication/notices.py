"""What workers and passers-by read: published lists with shortened names, and one's own awards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.web import cursors
from server.kit.published import HIDDEN_NAME
from server.oversight.awards.batches.entries import part_of, parts_of
from server.oversight.awards.models import (
    AwardBatch,
    AwardEntry,
    AwardObjection,
    AwardPayment,
    AwardScheme,
    BatchStatus,
    EntryStatus,
    ObjectionStatus,
    SchemeKind,
)
from server.oversight.awards.payments.budgets import HOLDING
from server.oversight.awards.schemas import (
    AwardOut,
    AwardPage,
    NoticeDetail,
    NoticeEntry,
    NoticeOut,
    NoticesOut,
    ObjectionOut,
)
from server.review.submissions.anonymity.identity import ANONYMOUS
from server.review.submissions.anonymity.parts import find_unnamed
from server.unions.people.models import Person
from server.unions.people.rules import shorten_name
from server.unions.tree.models import Union

OBJECTION_TEXTS = {
    ObjectionStatus.OPEN: "待答复",
    ObjectionStatus.UPHELD: "异议成立",
    ObjectionStatus.REJECTED: "异议不成立",
}
NOTICES_SHOWN = 50


def list_notices(session: Session, now: datetime) -> NoticesOut:
    """The newest published lists."""
    statement = _notices().order_by(AwardBatch.published_at.desc()).limit(NOTICES_SHOWN)
    return NoticesOut(items=[NoticeOut(**_notice(row, now)) for row in session.execute(statement)])


def get_notice(session: Session, batch_id: UUID, person_id: UUID | None, now: datetime) -> NoticeDetail:
    """One published list, with the objections of `person_id`. Raises NotFound."""
    row = session.execute(_notices().where(AwardBatch.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound
    return NoticeDetail(
        **_notice(row, now),
        may_complain=not is_open(row.AwardBatch, now) and row.AwardBatch.names_hidden_at is None,
        entries=_entries(session, row.AwardBatch, row.AwardScheme.kind),
        my_objections=[
            ObjectionOut(
                id=each.id, text=each.text, status_text=OBJECTION_TEXTS[each.status], answer=each.answer, at=each.at
            )
            for each in _objections(session, batch_id, person_id)
        ],
    )


def _notices() -> Any:
    return (
        select(AwardBatch, AwardScheme, Union.name.label("union_name"))
        .join(AwardScheme, AwardScheme.id == AwardBatch.scheme_id)
        .join(Union, Union.id == AwardBatch.union_id)
        .where(AwardBatch.status.in_(HOLDING))
    )


def is_open(batch: AwardBatch, now: datetime) -> bool:
    """Whether one may object to a published list."""
    return (
        batch.status is BatchStatus.PUBLISHED and batch.objections_until is not None and now <= batch.objections_until
    )


def _notice(row: Any, now: datetime) -> dict[str, Any]:
    batch = row.AwardBatch
    return {
        "id": batch.id,
        "batch_name": batch.name,
        "union_name": row.union_name,
        "published_at": batch.published_at,
        "objections_until": batch.objections_until,
        "is_open": is_open(batch, now),
    }


def _entries(session: Session, batch: AwardBatch, kind: SchemeKind) -> list[NoticeEntry]:
    statement = (
        select(AwardEntry, Person.name, Union.name)
        .outerjoin(Person, Person.id == AwardEntry.person_id)
        .outerjoin(Union, Union.id == AwardEntry.union_id)
        .where(AwardEntry.batch_id == batch.id, AwardEntry.status == EntryStatus.LISTED)
        .order_by(AwardEntry.rank, AwardEntry.id)
    )
    rows, found = session.execute(statement).all(), []
    unnamed = find_unnamed(session, parts_of([row[0] for row in rows]), None)
    for entry, person, union in rows:
        is_anonymous = part_of(entry) in unnamed
        label = union if kind is SchemeKind.UNIT else ANONYMOUS if is_anonymous else shorten_name(person)
        is_hidden = is_anonymous or kind is SchemeKind.UNIT or batch.names_hidden_at is not None
        if batch.names_hidden_at is not None:
            label = HIDDEN_NAME
        found.append(
            NoticeEntry(
                id=entry.id,
                rank=entry.rank,
                label=label or "",
                enterprise_name=None if is_hidden else union,
                reason=entry.merit,
                amount_cents=entry.amount_cents,
            )
        )
    return found


def _objections(session: Session, batch_id: UUID, person_id: UUID | None) -> list[AwardObjection]:
    statement = select(AwardObjection).where(AwardObjection.batch_id == batch_id, AwardObjection.person_id == person_id)
    return list(session.scalars(statement.order_by(AwardObjection.at, AwardObjection.id)))


def list_awards(
    session: Session, person_id: UUID, after: str | None, limit: int, *, only: UUID | None = None
) -> AwardPage:
    """A person's awards, the newest first, or `only` one. Raises Invalid for a foreign cursor."""
    statement = (
        select(AwardEntry, AwardBatch, AwardScheme.name, AwardPayment)
        .join(AwardBatch, AwardBatch.id == AwardEntry.batch_id)
        .join(AwardScheme, AwardScheme.id == AwardBatch.scheme_id)
        .outerjoin(AwardPayment, AwardPayment.entry_id == AwardEntry.id)
        .where(
            AwardEntry.person_id == person_id,
            AwardBatch.status.in_(HOLDING),
            AwardEntry.status.in_((EntryStatus.LISTED, EntryStatus.REMOVED)),
        )
        .order_by(AwardEntry.id.desc())
        .limit(limit + 1)
    )
    if only is not None:
        statement = statement.where(AwardEntry.id == only)
    if after is not None:
        (last,) = cursors.decode(after, UUID)
        statement = statement.where(AwardEntry.id < last)
    rows = session.execute(statement).all()
    return AwardPage(
        items=[_award(*row) for row in rows[:limit]],
        next=cursors.encode(rows[limit - 1][0].id) if len(rows) > limit else None,
    )


def _award(entry: AwardEntry, batch: AwardBatch, scheme_name: str, payment: AwardPayment | None) -> AwardOut:
    status, words = _standing(entry, batch, payment)
    return AwardOut(
        id=entry.id,
        batch_name=batch.name,
        scheme_name=scheme_name,
        status=status,
        status_text=words,
        amount_cents=entry.amount_cents,
        reason=entry.reason if entry.status is EntryStatus.REMOVED else entry.merit,
        submission_id=entry.submission_id,
        published_until=batch.objections_until,
        paid_at=payment.paid_at if payment else None,
        can_confirm_receipt=payment is not None and payment.received_at is None,
    )


def _standing(entry: AwardEntry, batch: AwardBatch, payment: AwardPayment | None) -> tuple[str, str]:
    if entry.status is EntryStatus.REMOVED:
        return "removed", "已移出名单"
    if payment is not None:
        return ("received", "已收到") if payment.received_at else ("paid", "已发放")
    return ("published", "公示中") if batch.status is BatchStatus.PUBLISHED else ("final", "已确定，待发放")
