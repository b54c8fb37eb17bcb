"""The roster of a batch and the list to pay it by, as workbooks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import Conflict
from server.core.sheets import Sheet
from server.kit.exports.books.declared import Book
from server.oversight.awards.actions import note_payment_list, refuse_foreign_payments
from server.oversight.awards.models import AwardBatch
from server.oversight.awards.payments.roster import list_payments, sum_by_union
from server.oversight.awards.queries import count_listed, describe_batch
from server.oversight.awards.workbook import payment_sheets, sheet_of
from server.unions.actor import Actor


def _href(batch_id: UUID) -> str:
    return f"/console/awards/{batch_id}"


def _roster(session: Session, batch_id: UUID, actor: Actor, now: datetime) -> Sequence[Sheet[Any]]:
    return [sheet_of(describe_batch(session, batch_id, actor, now))]


def _count_payments(session: Session, batch_id: UUID, actor: Actor, now: datetime) -> int:
    count = count_listed(session, batch_id, actor, now)
    batch = session.get_one(AwardBatch, batch_id)
    if batch.final_at is None:
        raise Conflict("名单确定以后才能下载发放清单。", code="not_final")
    refuse_foreign_payments(batch, actor)
    return count


def _payments(session: Session, batch_id: UUID, actor: Actor, now: datetime) -> Sequence[Sheet[Any]]:
    page = describe_batch(session, batch_id, actor, now)
    return payment_sheets(page, list_payments(session, page), sum_by_union(session, page.candidates))


def _note_payments(session: Session, batch_id: UUID, rows: int, actor: Actor, now: datetime) -> None:
    note_payment_list(session, session.get_one(AwardBatch, batch_id), rows, actor=actor, now=now)


ROSTER = Book(
    name="award_roster",
    title="评奖名单",
    count=count_listed,
    sheets=_roster,
    file_name=lambda session, batch_id: f"{session.get_one(AwardBatch, batch_id).name}名单",
    href=_href,
)
PAYMENTS = Book(
    name="award_payments",
    title="奖励发放清单",
    count=_count_payments,
    sheets=_payments,
    file_name=lambda session, batch_id: f"{session.get_one(AwardBatch, batch_id).name}发放清单",
    href=_href,
    note=_note_payments,
)
