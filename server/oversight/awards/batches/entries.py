"""What the moves of a batch have in common: its lock, whose it is, which entry is meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.kit.workflow import MoveContext
from server.oversight.awards.models import AwardBatch, AwardEntry, AwardScheme, EntryStatus
from server.review.submissions.anonymity.parts import Part
from server.unions.actor import SCOPE_COLUMNS, Actor
from server.unions.roles import REVIEWERS
from server.unions.tree.models import Union

Context = MoveContext[AwardBatch]


@dataclass(frozen=True, slots=True)
class OnEntry:
    """The form of a move that concerns one entry, with what was filled in."""

    entry_id: UUID
    form: Any = None


def owns(actor: Actor, union_id: UUID) -> bool:
    """Whether the actor reviews at that union itself."""
    return any(role_at.union_id == union_id and role_at.role in REVIEWERS for role_at in actor.roles)


def lock_batch(session: Session, batch_id: UUID, _actor: Actor | None) -> AwardBatch:
    """The batch, held until the transaction ends. Raises NotFound."""
    statement = select(AwardBatch).where(AwardBatch.id == batch_id).with_for_update()
    batch = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if batch is None:
        raise NotFound
    return batch


def nominating_union(session: Session, batch: AwardBatch, actor: Actor) -> UUID | None:
    """The union in whose name the actor nominates: one of theirs in the subtree of the batch's union."""
    owner = session.get_one(Union, batch.union_id)
    column = SCOPE_COLUMNS[owner.level]
    for role_at in actor.reviewing:
        if getattr(session.get_one(Union, role_at.union_id), column) == owner.id:
            return role_at.union_id
    return None


def batch_of(session: Session, entry_id: UUID) -> UUID:
    """The batch that an entry is in. Raises NotFound."""
    batch_id = session.scalar(select(AwardEntry.batch_id).where(AwardEntry.id == entry_id))
    if batch_id is None:
        raise NotFound
    return batch_id


def entry_of(context: Context) -> AwardEntry:
    """The entry that a move concerns, as it is under the batch's lock. Raises NotFound."""
    entry = context.session.get(AwardEntry, context.form.entry_id)
    if entry is None or entry.batch_id != context.row.id:
        raise NotFound
    return entry


def scheme_of(context: Context) -> AwardScheme:
    """The scheme of the batch."""
    return context.session.get_one(AwardScheme, context.row.scheme_id)


def list_listed(session: Session, batch: AwardBatch) -> Sequence[AwardEntry]:
    """Who is on the list, by rank."""
    statement = select(AwardEntry).where(AwardEntry.batch_id == batch.id, AwardEntry.status == EntryStatus.LISTED)
    return session.scalars(statement.order_by(AwardEntry.rank, AwardEntry.id)).all()


def part_of(entry: AwardEntry) -> Part | None:
    """The part in a hazard that an entry rewards; None for what concerns no hazard."""
    if entry.submission_id is None or entry.person_id is None:
        return None
    return Part(entry.submission_id, entry.person_id)


def parts_of(entries: Iterable[AwardEntry]) -> set[Part]:
    """The parts in hazards that entries reward."""
    return {part for part in map(part_of, entries) if part is not None}
