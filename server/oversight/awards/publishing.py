"""Published lists of winners are seen by everybody, who may complain once they cannot object any more."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import clock
from server.core.audit.actions import record
from server.core.errors import Conflict, NotFound
from server.kit.published import Published, above_enterprises
from server.oversight.awards.batches.entries import lock_batch
from server.oversight.awards.models import AwardBatch, AwardEntry, EntryStatus
from server.oversight.awards.payments.budgets import HOLDING
from server.oversight.awards.publication.notices import is_open
from server.unions.actor import Actor


def _answering_union(session: Session, batch_id: UUID, _actor: Actor) -> UUID:
    """Raises Conflict `notice_open` while one can object: that is answered in public, and may take somebody off."""
    batch = session.get(AwardBatch, batch_id)
    if batch is None or batch.status not in HOLDING or batch.names_hidden_at is not None:
        raise NotFound
    if is_open(batch, clock.now()):
        raise Conflict("名单还在公示，请在名单下面提意见，工会会公开答复。", code="notice_open")
    return above_enterprises(session, batch.union_id)


def _names(session: Session, batch_ids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = session.execute(select(AwardBatch.id, AwardBatch.name).where(AwardBatch.id.in_(batch_ids)))
    return {row.id: row.name for row in rows}


def _owners(session: Session, batch_id: UUID) -> Collection[UUID]:
    """Who is on it."""
    listed = select(AwardEntry.person_id).where(
        AwardEntry.batch_id == batch_id, AwardEntry.status == EntryStatus.LISTED, AwardEntry.person_id.is_not(None)
    )
    return {each for each in session.scalars(listed) if each is not None}


def _take_down(session: Session, batch_id: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """The names: what was awarded for what stays to be read, and nobody loses an award by it."""
    batch = lock_batch(session, batch_id, actor)
    if batch.names_hidden_at is not None:
        return
    batch.names_hidden_at = now
    session.flush()
    record(
        session, "award.hide_names", subject_type="award_batch", subject_id=batch.id, actor_id=actor.person_id,
        at=now, detail={"reason": reason},
    )  # fmt: skip


PUBLISHED = Published(
    subject="award_batch",
    label="获奖名单",
    shown_at=("/api/v1/awards/notices/{batch_id}",),
    path="/console/awards",
    answering_union=_answering_union,
    names=_names,
    owners=_owners,
    take_down=_take_down,
)
