"""What can be done with several submissions of a list at once: the moves, their words; and what became of a batch."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.kit.listing import Request
from server.kit.pages import ListPage
from server.kit.scope import Choice
from server.kit.selections import first_of_list
from server.review.decisions.moves.bulk import BULK_MOVES
from server.review.decisions.queries import list_templates
from server.review.decisions.schemas import form_of
from server.review.decisions.texts import form_of_move
from server.review.decisions.workflow import REVIEWER_MOVES, label_of
from server.review.queue.listing import QUEUE, TABLE, QueueRow, item_href
from server.review.queue.models import TriageBatch, TriageItem
from server.review.queue.schemas import QueueFilter
from server.review.queue.triage.schemas import MOST, BatchView, BulkMove, Chosen, LeftView, Triage
from server.review.submissions.kinds.registry import all_kinds
from server.review.submissions.models import Move, Status, Submission
from server.unions.actor import Actor, in_scope
from server.unions.campaigns.queries import current_campaign
from server.unions.roles import CONSOLE, Level

UNDO_WINDOW = timedelta(minutes=1)
GONE = "（已不在您的范围内）"


def list_triage(session: Session, actor: Actor, page: ListPage[QueueFilter, QueueRow]) -> Triage | None:
    """None where there is nothing to decide: no row that waits, or a viewer who does not decide."""
    waiting = [row for row in page.rows if row.status is Status.QUEUED]
    if not actor.reviewing or not waiting:
        return None
    kinds = {row.kind for row in waiting} if page.filters.kind is None else {page.filters.kind}
    chosen = [each for each in all_kinds() if each.kind in kinds]
    seats = {role_at.union_id for role_at in actor.reviewing}
    templates = list_templates(session, seats, page.filters.category or "", above=True)
    moves = tuple(
        BulkMove(move, label := label_of(move, having[0]), form_of_move(move, label), tuple(templates.get(move, ())))
        for move in REVIEWER_MOVES
        if move in BULK_MOVES
        and _is_possible(move, actor)
        and (having := [each.kind for each in chosen if form_of(move, each.kind) is not None])
    )
    grades = _grades(session) if any(each.is_graded for each in chosen) else []
    below = tuple(
        each
        for control in page.controls
        if control.name == "union"
        for each in control.choices
        if each.depth or not each.value
    )
    return Triage(MOST, moves, tuple(grades), below)


def choose_all(asked: Request[QueueFilter]) -> Chosen:
    """Everything that the filters show and that waits, as batches take it: the first MOST of them."""
    waiting = first_of_list(QUEUE, asked, TABLE.c.status == Status.QUEUED, limit=MOST + 1)
    return Chosen(items=[each.spell() for each in waiting[:MOST]], more=len(waiting) > MOST)


def _is_possible(move: Move, actor: Actor) -> bool:
    levels = {role_at.level for role_at in actor.reviewing}
    if move is Move.PASS_UP:
        return levels != {Level.CITY}
    if move is Move.PASS_DOWN:
        return levels != {Level.ENTERPRISE}
    return True


def _grades(session: Session) -> list[Choice]:
    try:
        campaign = current_campaign(session)
    except NotFound:
        return []
    return [
        Choice(str(grade), name, False, hint=campaign.criteria[grade], days=campaign.rectify_days[grade])
        for grade, name in campaign.grades.items()
    ]


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
        text=f"已撤销 {done} 条" if is_undone else f"{label_of(batch.move).done} {done} 条",
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
