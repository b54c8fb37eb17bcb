"""The money of a budget: what published lists promise of it, what was paid."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.errors import AppError, Conflict
from server.oversight.awards.models import (
    AwardBatch,
    AwardBudget,
    AwardEntry,
    AwardPayment,
    AwardScheme,
    BatchStatus,
    EntryStatus,
)

HOLDING = (BatchStatus.PUBLISHED, BatchStatus.FINAL, BatchStatus.PAID)


def lock_budget(session: Session, budget_id: UUID) -> AwardBudget:
    """The budget, held until the transaction ends: sums over it cannot change meanwhile."""
    statement = select(AwardBudget).where(AwardBudget.id == budget_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def sum_committed(session: Session, budget_id: UUID, *, but: UUID | None = None) -> int:
    """Cents promised by published lists of the budget, all batches or all `but` one."""
    statement = (
        select(func.coalesce(func.sum(AwardEntry.amount_cents), 0))
        .join(AwardBatch, AwardBatch.id == AwardEntry.batch_id)
        .join(AwardScheme, AwardScheme.id == AwardBatch.scheme_id)
        .where(
            AwardScheme.budget_id == budget_id,
            AwardBatch.status.in_(HOLDING),
            AwardEntry.status == EntryStatus.LISTED,
        )
    )
    if but is not None:
        statement = statement.where(AwardBatch.id != but)
    return int(session.scalar(statement) or 0)


def sum_paid(session: Session, budget_id: UUID) -> int:
    """Cents paid out of the budget."""
    statement = select(func.coalesce(func.sum(AwardPayment.amount_cents), 0))
    return int(session.scalar(statement.where(AwardPayment.budget_id == budget_id)) or 0)


def refuse_overdraft(budget: AwardBudget, total: int) -> AppError | None:
    """Why `total` cents cannot be had, if the budget holds less."""
    if total <= budget.amount_cents:
        return None
    short = (total - budget.amount_cents) / 100
    return Conflict(f"预算“{budget.name}”不够，还差 {short:.2f} 元。", code="over_budget")
