"""What can be done with several submissions of a list at once: the moves, their words and ready replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import NotFound
from server.kit.scope import Choice
from server.review.decisions.bulk import BULK_MOVES
from server.review.decisions.move_labels import MOVE_LABELS, label_of
from server.review.decisions.schemas import form_of
from server.review.queue.schemas import QueueFilter
from server.review.queue.triage import MOST
from server.review.queue.views import QueueRow
from server.review.submissions.campaign_facts import current_campaign
from server.review.submissions.kinds import MoveLabel, all_kinds
from server.review.submissions.models import Move, Status
from server.unions.actor import Actor
from server.unions.roles import Level


@dataclass(frozen=True, slots=True)
class Triage:
    """The bar below the list. `batch_id` makes a request safe to repeat; `most` is how many may be decided at once."""

    batch_id: UUID
    most: int
    moves: Sequence[tuple[Move, MoveLabel]]
    grades: Sequence[Choice]


def list_triage(session: Session, actor: Actor, filters: QueueFilter, rows: Sequence[QueueRow]) -> Triage | None:
    """None where there is nothing to decide: no row that waits, or a viewer who does not decide."""
    waiting = [row for row in rows if row.status is Status.QUEUED]
    if not actor.reviewing or not waiting:
        return None
    kinds = {row.kind for row in waiting} if filters.kind is None else {filters.kind}
    chosen = [each for each in all_kinds() if each.kind in kinds]
    moves = [
        (move, label_of(move, having[0]))
        for move in MOVE_LABELS
        if move in BULK_MOVES
        and _is_possible(move, actor)
        and (having := [each.kind for each in chosen if form_of(move, each.kind) is not None])
    ]
    return Triage(ids.new_id(), MOST, moves, _grades(session) if any(each.is_graded for each in chosen) else [])


def _is_possible(move: Move, actor: Actor) -> bool:
    levels = {held.level for held in actor.reviewing}
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
