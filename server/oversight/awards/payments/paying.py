"""Payments, and that they were received."""

from sqlalchemy import func, select

from server.core import ids
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.kit.workflow import Step, StepData
from server.notifications.inbox.actions import deliver
from server.oversight.awards import messages
from server.oversight.awards.batches.entries import Context, entry_of, list_listed, scheme_of
from server.oversight.awards.models import AwardEntry, AwardPayment, EntryStatus
from server.oversight.awards.payments.budgets import lock_budget, refuse_overdraft, sum_paid


def _payment_of(context: Context) -> AwardPayment | None:
    return context.session.scalar(select(AwardPayment).where(AwardPayment.entry_id == context.form.entry_id))


def was_paid(context: Context) -> bool:
    """The same record again. Raises Conflict for another one."""
    known, form = _payment_of(context), context.form.form
    if known is None:
        return False
    if (known.method, known.voucher, known.paid_by_id) == (form.method, form.voucher, context.actor_id):
        return True
    raise Conflict("已经发放过了，不会重复发放。", code="paid_already")


def check_payment(context: Context) -> AppError | None:
    """On the list, not one's own, within the budget, with a voucher of its own."""
    session, entry, form = context.session, entry_of(context), context.form.form
    if entry.status is not EntryStatus.LISTED:
        return Conflict("不在名单里，不能发放。", code="not_listed")
    if context.actor is not None and context.actor.is_own(entry.person_id):
        return Forbidden("不能给自己发放，请由别人办理。", code="own_award")
    budget = lock_budget(session, scheme_of(context).budget_id)
    overdraft = refuse_overdraft(budget, sum_paid(session, budget.id) + entry.amount_cents)
    if overdraft is not None:
        return overdraft
    used = select(AwardPayment.id).where(AwardPayment.budget_id == budget.id, AwardPayment.voucher == form.voucher)
    if session.scalar(used) is not None:
        return Invalid("这个凭证号已经用过了。", fields={"voucher": "已经用过了"})
    return None


def pay(context: Context) -> StepData:
    """Record it; the last payment ends the batch."""
    session, batch, entry, form = context.session, context.row, entry_of(context), context.form.form
    paid = select(func.count()).select_from(AwardPayment).join(AwardEntry, AwardEntry.id == AwardPayment.entry_id)
    before = session.scalar(paid.where(AwardEntry.batch_id == batch.id)) or 0
    is_last = before + 1 == len(list_listed(session, batch))
    payment = AwardPayment(
        id=ids.new_id(),
        entry_id=entry.id,
        budget_id=scheme_of(context).budget_id,
        amount_cents=entry.amount_cents,
        method=form.method,
        voucher=form.voucher,
        paid_by_id=context.actor_id,
        paid_at=context.now,
    )
    session.add(payment)
    entry.payment_failure = None
    if is_last:
        batch.paid_at = context.now
    data = {"entry_id": str(entry.id), "amount_cents": entry.amount_cents, "voucher": form.voucher}
    return StepData(data=data, is_last=is_last)


def tell_paid(context: Context, step: Step) -> None:
    """Whoever was paid."""
    deliver(context.session, messages.paid(context.row, entry_of(context)), now=step.at)


def was_received(context: Context) -> bool:
    """Said before. Raises NotFound for somebody else's."""
    if entry_of(context).person_id != context.actor_id:
        raise NotFound
    payment = _payment_of(context)
    return payment is not None and payment.received_at is not None


def check_receipt(context: Context) -> AppError | None:
    """After it was paid."""
    return Conflict("还没有发放，收到后再确认。", code="not_paid") if _payment_of(context) is None else None


def receive(context: Context) -> StepData:
    """The person says that the money came."""
    statement = select(AwardPayment).where(AwardPayment.entry_id == context.form.entry_id)
    context.session.scalars(statement).one().received_at = context.now
    return StepData(data={"entry_id": str(context.form.entry_id)})
