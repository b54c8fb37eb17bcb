"""Writes of awards that are no moves: budgets, schemes with their batches; and what a hazard's reopening does."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, NotFound
from server.kit.workflow import SYSTEM, StepData, begin, find_refusal, perform_held
from server.oversight.awards.batches.candidates import is_struck
from server.oversight.awards.batches.entries import OnEntry, batch_of, entry_of, lock_batch, owns
from server.oversight.awards.models import (
    AwardBatch,
    AwardBudget,
    AwardEntry,
    AwardScheme,
    BatchMove,
    BatchStatus,
    EntryStatus,
)
from server.oversight.awards.payments.results import take_results
from server.oversight.awards.payments.roster import list_payments
from server.oversight.awards.queries import describe_batch, list_own_schemes
from server.oversight.awards.schemas import BudgetIn, ReasonIn, ResultsIn, SchemeIn
from server.oversight.awards.workflow import BATCHES
from server.unions.actor import Actor
from server.unions.campaigns.ports import Copying
from server.unions.campaigns.queries import current_campaign
from server.unions.imports.plans.reports import Report
from server.unions.imports.sheets.workbook import RawRow


def create_budget(session: Session, form: BudgetIn, *, actor: Actor, now: datetime) -> AwardBudget:
    """A new budget of a union that the actor reviews at. Raises Forbidden."""
    if not owns(actor, form.union_id):
        raise Forbidden
    budget = AwardBudget(
        id=ids.new_id(),
        union_id=form.union_id,
        name=form.name,
        amount_cents=form.amount_cents,
        created_by_id=actor.person_id,
        created_at=now,
    )
    session.add(budget)
    session.flush()
    record(
        session, "award.create_budget", subject_type="award_budget", subject_id=budget.id, actor_id=actor.person_id,
        at=now, detail={"amount_cents": budget.amount_cents},
    )  # fmt: skip
    return budget


def copy_schemes(session: Session, copying: Copying) -> None:
    """The schemes of the actor's own unions for another campaign, paid from the chosen budget, for its days. Raises
    NotFound, Forbidden for a budget that is none of the actor's."""
    target = copying.target
    for scheme in list_own_schemes(session, copying.source.id, copying.actor):
        same = {name: getattr(scheme, name) for name in SchemeIn.model_fields}
        anew = {"budget_id": copying.chosen, "starts_on": target.starts_on, "ends_on": target.ends_on}
        form = SchemeIn.model_validate(same | anew)
        create_scheme(session, form, campaign_id=target.id, actor=copying.actor, now=copying.now)


def create_scheme(
    session: Session, form: SchemeIn, *, campaign_id: UUID | None = None, actor: Actor, now: datetime
) -> AwardScheme:
    """A scheme with all its batches, the quota spread over them; of the current campaign unless another is named.
    Raises NotFound, Forbidden."""
    budget = session.get(AwardBudget, form.budget_id)
    if budget is None:
        raise NotFound
    if not owns(actor, budget.union_id):
        raise Forbidden
    values = form.model_dump()
    scheme = AwardScheme(
        id=ids.new_id(),
        union_id=budget.union_id,
        campaign_id=campaign_id or current_campaign(session).id,
        created_by_id=actor.person_id,
        created_at=now,
        **values,
    )
    session.add(scheme)
    session.flush()
    record(
        session, "award.create_scheme", subject_type="award_scheme", subject_id=scheme.id, actor_id=actor.person_id,
        at=now, detail=form.model_dump(mode="json"),
    )  # fmt: skip
    share, odd = divmod(form.quota, form.batches)
    for number in range(1, form.batches + 1):
        batch = AwardBatch(
            id=ids.new_id(),
            scheme_id=scheme.id,
            union_id=scheme.union_id,
            number=number,
            name=f"{scheme.name} 第 {number} 批",
            quota=share + (number <= odd),
            status=BatchStatus.DRAFT,
            created_at=now,
        )
        begin(BATCHES, session, batch, actor=actor, now=now, said=StepData())
    return scheme


def readmit(session: Session, entry_id: UUID, *, actor: Actor, now: datetime) -> AwardBatch:
    """Take back that a candidate was struck, and compute anew. Raises NotFound, Forbidden, Conflict."""
    batch = lock_batch(session, batch_of(session, entry_id), actor)
    context = BATCHES.context(session, batch, actor=actor, now=now, form=OnEntry(entry_id))
    refusal = find_refusal(BATCHES, BATCHES.find(BatchMove.COMPUTE), context)
    if refusal is not None:
        raise refusal
    entry = entry_of(context)
    if not is_struck(entry):
        raise Conflict("这一位没有被排除。", code="not_struck")
    entry.status, entry.reason = EntryStatus.RESERVE, ""
    session.flush()
    perform_held(BATCHES, context, BatchMove.COMPUTE)
    return batch


def take_payment_results(
    session: Session, batch_id: UUID, rows: Sequence[RawRow], form: ResultsIn, *, actor: Actor, now: datetime
) -> Report:
    """Record what the bank did with the payment list. Raises NotFound, Forbidden, Conflict."""
    batch = lock_batch(session, batch_id, actor)
    lines = list_payments(session, describe_batch(session, batch_id, actor, now))
    return take_results(session, BATCHES.context(session, batch, actor=actor, now=now), lines, rows, form)


def refuse_foreign_payments(batch: AwardBatch, actor: Actor) -> None:
    """Who pays takes the list. Raises Forbidden."""
    if not owns(actor, batch.union_id):
        raise Forbidden


def note_payment_list(session: Session, batch: AwardBatch, count: int, *, actor: Actor, now: datetime) -> None:
    """Put on record that somebody took the list with names and phone numbers. Raises Forbidden."""
    refuse_foreign_payments(batch, actor)
    record(
        session, "award.payment_list", subject_type="award_batch", subject_id=batch.id, actor_id=actor.person_id,
        at=now, detail={"count": count},
    )  # fmt: skip
    session.flush()


def drop_hazard(session: Session, submission_id: UUID, *, now: datetime) -> None:
    """A hazard is open again: whoever is on a list that is not final yet falls off it."""
    found = session.execute(
        select(AwardEntry.id, AwardEntry.batch_id)
        .join(AwardBatch, AwardBatch.id == AwardEntry.batch_id)
        .where(
            AwardEntry.submission_id == submission_id,
            AwardEntry.status == EntryStatus.LISTED,
            AwardBatch.status == BatchStatus.PUBLISHED,
        )
        .limit(1)
    ).one_or_none()
    if found is None:
        return
    batch = lock_batch(session, found.batch_id, None)
    entry = session.get(AwardEntry, found.id, populate_existing=True)
    if batch.status is BatchStatus.PUBLISHED and entry is not None and entry.status is EntryStatus.LISTED:
        removal = OnEntry(entry.id, ReasonIn(reason="这条隐患重新打开，销号已撤销"))
        context = BATCHES.context(session, batch, actor=None, now=now, form=removal)
        perform_held(BATCHES, context, BatchMove.REMOVE, party=SYSTEM.name)
