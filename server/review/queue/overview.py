"""What waits for a reviewer: a few counts that lead into the queue, and the most urgent items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.kit.scope import Scope, scopes_of
from server.review.queue.pages import page_statement
from server.review.queue.permissions import MAY
from server.review.queue.queries import list_queue, queue_href
from server.review.queue.schemas import Due, QueueFilter
from server.review.queue.views import QueueRow
from server.review.submissions.models import Status
from server.unions.actor import Actor

MOST = 100  # where counting stops; the queue itself has the rest
URGENT = 6  # rows shown


@dataclass(frozen=True, slots=True)
class Tile:
    """A count and the filtered queue behind it. `tone` is `late`, `soon` or `calm`; calm when there is nothing."""

    label: str
    count: str
    href: str
    tone: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The home page of a reviewer."""

    tiles: Sequence[Tile]
    urgent: Sequence[QueueRow]


TILES: tuple[tuple[str, QueueFilter, str], ...] = (
    ("已逾期", QueueFilter(due=Due.OVERDUE), "late"),
    ("今天到期", QueueFilter(due=Due.TODAY), "soon"),
    ("由本级处理", QueueFilter(routed=True), "calm"),
    ("我在处理的", QueueFilter(mine=True), "calm"),
    ("等职工补充", QueueFilter(status=Status.RETURNED), "calm"),
)


def get_overview(session: Session, actor: Actor, now: datetime) -> Overview:
    """Counts up to MOST and the first items by deadline: a fixed number of queries, each along an index."""
    scopes = scopes_of(session, actor, MAY)
    tiles = [_tile(session, scopes, actor, now, *tile) for tile in TILES]
    return Overview(tiles, list_queue(session, actor, QueueFilter(), now).rows[:URGENT])


def _tile(
    session: Session, scopes: Sequence[Scope], actor: Actor, now: datetime, label: str, filters: QueueFilter, tone: str
) -> Tile:
    found = len(session.execute(page_statement(session, scopes, filters, actor, now, limit=MOST)).all())
    count = f"{MOST - 1}+" if found >= MOST else str(found)
    return Tile(label, count, queue_href(filters.to_query()), tone if found else "calm")
