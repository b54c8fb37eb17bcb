"""How a batch is locked, moved and logged: every write goes through here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, NotFound
from server.core.events import Event, publish
from server.oversight.awards.models import (
    AwardBatch,
    AwardBudget,
    AwardEntry,
    AwardJuror,
    AwardPayment,
    AwardScheme,
    AwardStep,
    BatchMove,
    BatchStatus,
    EntryStatus,
)
from server.oversight.awards.transitions import EDGES, Edge, Party
from server.review.submissions.parts import Part
from server.unions.actor import SCOPE_COLUMNS, Actor
from server.unions.roles import REVIEWERS
from server.unions.tree.models import Union

HOLDING = (BatchStatus.PUBLISHED, BatchStatus.FINAL, BatchStatus.PAID)


def owns(actor: Actor, union_id: UUID) -> bool:
    """Whether the actor reviews at that union itself."""
    return any(held.union_id == union_id and held.role in REVIEWERS for held in actor.roles)


def lock_batch(session: Session, batch_id: UUID) -> AwardBatch:
    """The batch, held until the transaction ends. Raises NotFound."""
    statement = select(AwardBatch).where(AwardBatch.id == batch_id).with_for_update()
    batch = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if batch is None:
        raise NotFound
    return batch


def check_move(session: Session, batch: AwardBatch, move: BatchMove, actor: Actor | None) -> Edge:
    """The edge of a move that the whitelist allows now. Raises Forbidden, Conflict. No actor: the system."""
    edge = EDGES.get((batch.status, move))
    if actor is not None and not _is_party(session, batch, move, actor):
        raise Forbidden
    if edge is None:
        raise Conflict("这一批现在的状态不能这样做，请刷新后再看。", code="not_now")
    return edge


def _is_party(session: Session, batch: AwardBatch, move: BatchMove, actor: Actor) -> bool:
    party = next((edge.party for (_, known), edge in EDGES.items() if known is move), Party.SYSTEM)
    match party:
        case Party.OWNER:
            return owns(actor, batch.union_id)
        case Party.JUROR:
            return session.get(AwardJuror, (batch.id, actor.person_id)) is not None
        case Party.NOMINATOR:
            return nominating_union(session, batch, actor) is not None
        case Party.WORKER:
            return actor.is_worker
        case Party.SYSTEM:
            return False


def nominating_union(session: Session, batch: AwardBatch, actor: Actor) -> UUID | None:
    """The union in whose name the actor nominates: one of theirs in the subtree of the batch's union."""
    owner = session.get_one(Union, batch.union_id)
    column = SCOPE_COLUMNS[owner.level]
    for held in actor.reviewing:
        if getattr(session.get_one(Union, held.union_id), column) == owner.id:
            return held.union_id
    return None


def append_step(
    session: Session,
    batch: AwardBatch,
    move: BatchMove,
    to: BatchStatus,
    *,
    actor_id: UUID | None,
    now: datetime,
    text: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write the step and its audit row, and set the batch's state. `data` holds plain JSON, no names."""
    before, batch.status = batch.status, to
    session.add(
        AwardStep(
            id=ids.new_id(),
            batch_id=batch.id,
            move=move,
            from_status=None if move is BatchMove.CREATE else before,
            to_status=to,
            actor_id=actor_id,
            at=now,
            text=text,
            data=data or {},
        )
    )
    session.flush()
    detail = {"from": before, "to": to, **(data or {})}
    record(
        session, f"award.{move}", subject_type="award_batch", subject_id=batch.id, actor_id=actor_id, at=now,
        detail=detail,
    )  # fmt: skip


def part_of(entry: AwardEntry) -> Part | None:
    """The part in a hazard that an entry rewards; None for what concerns no hazard."""
    if entry.submission_id is None or entry.person_id is None:
        return None
    return Part(entry.submission_id, entry.person_id)


def parts_of(entries: Iterable[AwardEntry]) -> set[Part]:
    """The parts in hazards that entries reward."""
    return {part for part in map(part_of, entries) if part is not None}


def tell(session: Session, name: str, batch: AwardBatch, entry: AwardEntry, now: datetime, **more: Any) -> None:
    """Publish an event about an entry; `person_id` is None for units."""
    data = {
        "entry_id": entry.id,
        "batch_id": batch.id,
        "batch_name": batch.name,
        "person_id": entry.person_id,
        "submission_id": entry.submission_id,
        "amount_cents": entry.amount_cents,
        "objections_until": batch.objections_until.isoformat() if batch.objections_until else None,
        **more,
    }
    publish(session, Event(name, entry.id, now, None, data))


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


def check_budget(session: Session, budget: AwardBudget, total: int) -> None:
    """Raises Conflict if `total` cents are more than the budget holds."""
    if total > budget.amount_cents:
        short = (total - budget.amount_cents) / 100
        raise Conflict(f"预算“{budget.name}”不够，还差 {short:.2f} 元。", code="over_budget")
