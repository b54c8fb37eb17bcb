"""Reads beside the list itself: what is before and after a submission, where it stands, and the home page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from server.core.slice import TODO_CAP
from server.kit.keyset import COUNT_CAP, Part, count_text, parts_of
from server.kit.listing import Request, conditions_of, rows_statement
from server.kit.rows import count_rows
from server.kit.scope import Scope
from server.review.queue.listing import QUEUE, SOURCE, TABLE, QueueRow, scopes_in
from server.review.queue.schemas import OVERDUE, Due, QueueFilter
from server.review.submissions.models import Status
from server.unions.actor import Actor

URGENT = 6  # rows shown there

Asked = Request[QueueFilter]


def find_neighbours(asked: Asked, submission_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The submissions before and after this one in the list with these filters, wherever it stands itself by now."""
    row = _place_of(asked.session, submission_id)
    if row is None:
        return None, None
    scopes, conditions = scopes_in(asked), conditions_of(QUEUE, asked)
    key = QUEUE.order_of(asked.filters).key_of(row)
    found = [
        asked.session.execute(
            rows_statement(QUEUE, asked, scopes, conditions, limit=1, key=key, back=back)
        ).one_or_none()
        for back in (True, False)
    ]
    before, after = (each.id if each is not None else None for each in found)
    return before, after


def find_position(asked: Asked, submission_id: UUID) -> str | None:
    """Where a submission stands in the list, like 3 / 48; None where it is not in it, or behind the COUNT_CAP first."""
    row = _place_of(asked.session, submission_id)
    if row is None:
        return None
    statement = position_statement(asked, scopes_in(asked), conditions_of(QUEUE, asked), row)
    before, from_here, is_listed = asked.session.execute(statement).one()
    if not is_listed or before >= COUNT_CAP:
        return None
    return f"{before + 1} / {count_text(min(before + from_here, COUNT_CAP))}"


def position_statement(asked: Asked, scopes: Sequence[Scope], conditions: Part, row: Any) -> Select[Any]:
    """One row: how many come before `row` in the list, how many from it on, whether it is listed itself; each counted
    up to COUNT_CAP.
    """
    key, tab = QUEUE.order_of(asked.filters).key_of(row), QUEUE.tab_of(asked.filters)

    def count(*, back: bool) -> ColumnElement[int]:
        found = rows_statement(QUEUE, asked, scopes, conditions, limit=COUNT_CAP, key=key, back=back)
        return select(func.count()).select_from(found.subquery()).scalar_subquery()

    here = SOURCE.with_only_columns(TABLE.c.id).where(TABLE.c.id == row.id, *tab.where(asked.now), *conditions)
    within = [(TABLE.c[scope.column] == scope.union_id,) for scope in scopes]
    listed = or_(*(here.where(*part).exists() for part in parts_of(within, tab.pieces)))
    return select(count(back=True), count(back=False) + 1, select(listed).scalar_subquery())


def _place_of(session: Session, submission_id: UUID) -> Any:
    """What the list is sorted by; None for what never was in it."""
    return session.execute(
        select(TABLE.c.id, TABLE.c.due_at).where(TABLE.c.id == submission_id, TABLE.c.due_at.is_not(None))
    ).one_or_none()


# --- the home page ----------------------------------------------------------------------------------------------------


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
