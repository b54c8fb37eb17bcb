"""Reads beside the list itself: the home page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.slice import TODO_CAP
from server.kit.keyset import count_text
from server.kit.listing import Request, conditions_of, rows_statement
from server.kit.rows import count_rows
from server.review.queue.listing import QUEUE, TABLE, QueueRow, scopes_in
from server.review.queue.schemas import OVERDUE, Due, QueueFilter
from server.review.submissions.models import Status
from server.unions.actor import Actor

URGENT = 6  # rows shown there

Asked = Request[QueueFilter]


@dataclass(frozen=True, slots=True)
class Tile:
    """A count and the filtered queue behind it. `tone` is `late`, `soon` or `calm`; calm when there is nothing."""

    label: str
    count: str
    href: str
    tone: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The home page of a reviewer: a few counts that lead into the queue, and the most urgent items."""

    tiles: Sequence[Tile]
    urgent: Sequence[QueueRow]
    elsewhere: str  # how many wait in other campaigns than the one looked at; empty for none


OWN = QueueFilter(routed=True)
TILES: tuple[tuple[str, QueueFilter, str], ...] = (
    ("等本级审核", OWN, "calm"),
    ("其中已逾期", QueueFilter(status=OVERDUE, routed=True), "late"),
    ("其中今天到期", QueueFilter(due=Due.TODAY, routed=True), "soon"),
    ("我在处理的", QueueFilter(mine=True), "calm"),
    ("等职工补充", QueueFilter(status=Status.RETURNED, routed=True), "calm"),
)


def get_overview(session: Session, actor: Actor, now: datetime, campaign_id: UUID | None = None) -> Overview:
    """What is up to the actor's own unions: counts up to TODO_CAP and the first items by deadline, of one campaign or
    of all, a fixed number of queries, each along an index. A deadline in another campaign is counted apart."""
    chosen = {"campaign": campaign_id}
    tiles = [
        _tile(Request(session, actor, filters.model_copy(update=chosen), now), label, tone)
        for label, filters, tone in TILES
    ]
    waiting = Request(session, actor, OWN.model_copy(update=chosen), now)
    urgent = session.execute(
        rows_statement(QUEUE, waiting, scopes_in(waiting), conditions_of(QUEUE, waiting), limit=URGENT)
    ).all()
    elsewhere = _count_elsewhere(waiting, campaign_id) if campaign_id is not None else 0
    return Overview(tiles, QUEUE.describe(waiting, urgent), count_text(elsewhere, TODO_CAP) if elsewhere else "")


def _count_elsewhere(asked: Asked, campaign_id: UUID) -> int:
    others = (TABLE.c.campaign_id != campaign_id,)
    found = rows_statement(QUEUE, asked, scopes_in(asked), others, limit=TODO_CAP)
    return asked.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _tile(asked: Asked, label: str, tone: str) -> Tile:
    found = count_rows(QUEUE, asked, TODO_CAP)
    return Tile(label, count_text(found, TODO_CAP), QUEUE.href(asked.filters.to_query()), tone if found else "calm")
