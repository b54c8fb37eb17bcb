"""Batches: one decision on many submissions, and taking it back within a minute."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import Conflict, Invalid, NotFound
from server.core.web.errors import invalid_from
from server.review.decisions.moves.bulk import BULK_MOVES, decide_together, lock_in_order, make_one
from server.review.queue.models import TriageBatch, TriageItem
from server.review.queue.triage.queries import UNDO_WINDOW
from server.review.queue.triage.schemas import MOST, BatchIn
from server.review.submissions.models import Move, Submission
from server.review.submissions.schemas import VersionedIn
from server.unions.actor import Actor


def parse_batch(move: str, items: Sequence[str]) -> tuple[Move, dict[UUID, int]]:
    """The move and the submissions with their versions. Raises Invalid."""
    try:
        form = BatchIn.model_validate({"move": move, "items": list(items)})
        chosen = {UUID(each.partition(":")[0]): int(each.partition(":")[2]) for each in form.items}
    except ValidationError as error:
        invalid = invalid_from(error)
        invalid.message = f"请先选择，一次最多 {MOST} 条。"
        raise invalid from error
    except ValueError as error:
        raise Invalid("选择的内容有误，请刷新后再试。", fields={"items": "编号无效"}) from error
    if form.move not in BULK_MOVES:
        raise Invalid("不能这样批量处理。", fields={"move": "不能批量"})
    return form.move, chosen


def run_batch(
    session: Session,
    batch_id: UUID,
    move: Move,
    chosen: Mapping[UUID, int],
    values: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Decide on (more of) a batch; what it holds already is not decided twice. Returns how many went through.

    Pages send long batches piece by piece. Raises NotFound for somebody else's batch, Conflict for one with another
    move or undone, Invalid for a form that is wrong or more than MOST submissions: then nothing is done.
    """
    batch = _open(session, batch_id, move, actor, now)
    known = set(session.scalars(select(TriageItem.submission_id).where(TriageItem.batch_id == batch_id)))
    fresh = {submission_id: version for submission_id, version in chosen.items() if submission_id not in known}
    if len(known) + len(fresh) > MOST:
        raise Invalid(f"一次最多 {MOST} 条。", fields={"items": f"最多 {MOST} 条"})
    outcomes = decide_together(session, fresh, move, values, batch_id=batch_id, actor=actor, now=now)
    known_ids = set(session.scalars(select(Submission.id).where(Submission.id.in_(fresh))))
    session.add_all(
        TriageItem(batch_id=batch_id, submission_id=each.submission_id, version=each.version, refusal=each.refusal)
        for each in outcomes
        if each.submission_id in known_ids
    )
    batch.made_at = now
    session.flush()
    return sum(each.version is not None for each in outcomes)


def undo_batch(session: Session, batch_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Take back all of a batch that nobody touched since. Returns how many; the others are left, with the reason.

    Raises NotFound for somebody else's batch, Conflict when it was undone before or the minute is over.
    """
    batch = _get_own(session, batch_id, actor)
    if batch.undone_at is not None:
        raise Conflict("已经撤销过了。", code="already_undone")
    if now - batch.made_at > UNDO_WINDOW:
        raise Conflict("已过了一分钟，不能一起撤销。可以逐条打开，重新审核。", code="undo_expired")
    items = session.scalars(
        select(TriageItem)
        .where(TriageItem.batch_id == batch_id, TriageItem.version.is_not(None))
        .order_by(TriageItem.submission_id)
    ).all()
    lock_in_order(session, [item.submission_id for item in items])
    for item in items:
        form = VersionedIn(version=item.version or 1)
        undone = make_one(session, item.submission_id, Move.REOPEN, form, batch_id=batch_id, actor=actor, now=now)
        item.undo_refusal = undone.refusal
    batch.undone_at = now
    session.flush()
    return sum(item.undo_refusal is None for item in items)


def _open(session: Session, batch_id: UUID, move: Move, actor: Actor, now: datetime) -> TriageBatch:
    known = session.get(TriageBatch, batch_id, with_for_update=True)
    if known is None:
        batch = TriageBatch(id=batch_id, actor_id=actor.person_id, move=move, made_at=now, undone_at=None)
        session.add(batch)
        session.flush()
        return batch
    if known.actor_id != actor.person_id:
        raise NotFound
    if known.move is not move or known.undone_at is not None:
        raise Conflict("这一批已经处理过，请刷新页面。", code="batch_closed")
    return known


def _get_own(session: Session, batch_id: UUID, actor: Actor) -> TriageBatch:
    batch = session.get(TriageBatch, batch_id, with_for_update=True)
    if batch is None or batch.actor_id != actor.person_id:
        raise NotFound
    return batch
