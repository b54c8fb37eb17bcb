"""Batches: one decision on many submissions, what became of each, and taking it back within a minute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import Conflict, Invalid, NotFound
from server.core.web.errors import invalid_from
from server.core.web.schemas import In
from server.review.decisions.bulk import BULK_MOVES, decide_together, lock_in_order, make_one
from server.review.decisions.move_labels import MOVE_LABELS
from server.review.queue.models import TriageBatch, TriageItem
from server.review.queue.queries import item_href
from server.review.submissions.models import Move, Submission
from server.review.submissions.schemas import VersionedIn
from server.unions.actor import Actor, in_scope
from server.unions.roles import CONSOLE

MOST = 200  # submissions of one batch
UNDO_WINDOW = timedelta(minutes=1)
Chosen = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}:[0-9]{1,9}$")]
GONE = "（已不在您的范围内）"


class BatchIn(In):
    """`items` are `id:version`, as the list showed them."""

    move: Move
    items: Annotated[list[Chosen], Field(min_length=1, max_length=MOST)]


@dataclass(frozen=True, slots=True)
class LeftView:
    """A submission of a batch that was refused, or left when the batch was undone, and why."""

    href: str
    excerpt: str
    why: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """What became of a batch. `undo_seconds`: how long it can still be undone, 0 if not."""

    id: UUID
    text: str
    done: int
    left: Sequence[LeftView]
    undo_seconds: int


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


def find_batch(session: Session, batch_id: UUID, actor: Actor, query: str, now: datetime) -> BatchView | None:
    """What became of one's own batch, None for anybody else's. `query` are the filters that its links carry."""
    batch = session.get(TriageBatch, batch_id)
    if batch is None or batch.actor_id != actor.person_id:
        return None
    rows = session.execute(
        select(TriageItem.submission_id, TriageItem.version, TriageItem.refusal, TriageItem.undo_refusal)
        .where(TriageItem.batch_id == batch_id)
        .order_by(TriageItem.submission_id)
    ).all()
    is_undone = batch.undone_at is not None
    left = {row.submission_id: row.undo_refusal if is_undone else row.refusal for row in rows}
    left = {submission_id: why for submission_id, why in left.items() if why}
    made = sum(row.version is not None for row in rows)
    done = made - len(left) if is_undone else made
    return BatchView(
        id=batch.id,
        text=f"已撤销 {done} 条" if is_undone else f"{MOVE_LABELS[batch.move].done} {done} 条",
        done=done,
        left=_left(session, left, actor, query),
        undo_seconds=0 if is_undone or not done else max(0, int((batch.made_at + UNDO_WINDOW - now).total_seconds())),
    )


def _left(session: Session, left: Mapping[UUID, str | None], actor: Actor, query: str) -> list[LeftView]:
    """Excerpts of those that the actor may still see."""
    visible = in_scope(actor, Submission, CONSOLE)
    rows = session.execute(select(Submission.id, Submission.excerpt).where(Submission.id.in_(left), visible))
    excerpts = {row.id: row.excerpt for row in rows}
    return [
        LeftView(item_href(each, query) if each in excerpts else "", excerpts.get(each, GONE), why or "")
        for each, why in left.items()
    ]


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
