"""Reads of what is overdue: a page by key, counts per union below, a walk for the export. No reporter is ever read.

Each subtree is answered from the index of its level over the running rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, exists, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from server.core.slice import TODO_CAP
from server.core.web import cursors
from server.kit.scope import Names, Scope, area_of, said_of, scopes_of, union_names
from server.review.deadlines.calendar import days_left
from server.review.escalation.filters import KIND_TEXTS, DispatchFilter, Flag
from server.review.escalation.models import Escalation, Overdue, OverdueKind
from server.review.escalation.permissions import MAY_READ
from server.review.submissions.campaign_facts import campaign_facts
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS
from server.unions.tree.models import Ownership, Size, Union
from server.unions.tree.rules import ANCESTOR_COLUMNS

PAGE_SIZE = 50
CHUNK = 500
_T = cast(Table, Overdue.__table__)
Key = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """One overdue item as pages and sheets show it."""

    kind: OverdueKind
    kind_text: str
    href: str
    excerpt: str
    place: str
    category_name: str
    grade: int | None
    grade_name: str | None
    unit: str
    area: str
    responsible: str
    due_at: datetime
    days: int
    step: int
    climbed_to: str


@dataclass(frozen=True, slots=True)
class Below:
    """How much is overdue at a union right below (None: at the union itself)."""

    union_id: UUID | None
    name: str
    submissions: int
    rectifications: int

    @property
    def total(self) -> int:
        return self.submissions + self.rectifications


@dataclass(frozen=True, slots=True)
class DispatchPage:
    """The list with its counts."""

    rows: list[OverdueRow]
    below: list[Below]
    total: int
    next_cursor: str | None


def _conditions(actor: Actor, filters: DispatchFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_T.c.ended_at.is_(None)]
    if filters.kind is not None:
        conditions.append(_T.c.kind == filters.kind)
    if filters.grade is not None:
        conditions.append(_T.c.grade == filters.grade)
    if filters.here:
        conditions.append(_T.c.climbed_to_id.in_([held.union_id for held in actor.roles]))
    if filters.flag is not None:
        flagged = select(Union.id).where(Union.id == _T.c.enterprise_id, _flagged(filters.flag))
        conditions.append(flagged.exists())
    return conditions


def _flagged(flag: Flag) -> ColumnElement[bool]:
    if flag is Flag.HIGH_RISK:
        return Union.is_high_risk.is_(True)
    if flag is Flag.CHEMICAL:
        return Union.is_chemical.is_(True)
    return and_(Union.ownership == Ownership.PRIVATE, Union.size != Size.LARGE)


def page_statement(
    scopes: Sequence[Scope], narrowed: Sequence[ColumnElement[bool]], *, limit: int, key: Key | None
) -> Select[Any]:
    """Up to `limit` rows after `key`, the longest overdue first: one limited part per subtree, never an OR."""
    order = (_T.c.due_at, _T.c.id)
    parts = []
    for scope in scopes:
        part = select(_T).where(_T.c[scope.column] == scope.union_id, *narrowed)
        if key is not None:
            part = part.where(tuple_(*order) > tuple_(literal(key[0], _T.c.due_at.type), literal(key[1], _T.c.id.type)))
        parts.append(part.order_by(*order).limit(limit))
    if len(parts) == 1:
        return parts[0]
    merged = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return select(merged).order_by(merged.c.due_at, merged.c.id).limit(limit)


def list_overdue(session: Session, actor: Actor, filters: DispatchFilter, now: datetime) -> DispatchPage:
    """A page. Raises NotFound for a union outside of the actor's scope, Invalid for a foreign cursor."""
    scopes = scopes_of(session, actor, MAY_READ, filters.union)
    narrowed = _conditions(actor, filters)
    key = cast(Key, cursors.decode(filters.after, datetime, UUID)) if filters.after else None
    found = session.execute(page_statement(scopes, narrowed, limit=PAGE_SIZE + 1, key=key)).all()
    rows = found[:PAGE_SIZE]
    below = _count_below(session, scopes, narrowed)
    more = len(found) > PAGE_SIZE
    return DispatchPage(
        rows=describe(session, rows, now),
        below=below,
        total=sum(each.total for each in below),
        next_cursor=cursors.encode(rows[-1].due_at, rows[-1].id) if more else None,
    )


def walk_overdue(session: Session, actor: Actor, filters: DispatchFilter, now: datetime) -> Iterator[OverdueRow]:
    """Every row of the filter, read in pieces."""
    scopes, narrowed = scopes_of(session, actor, MAY_READ, filters.union), _conditions(actor, filters)
    key: Key | None = None
    while rows := session.execute(page_statement(scopes, narrowed, limit=CHUNK, key=key)).all():
        yield from describe(session, rows, now)
        key = (rows[-1].due_at, rows[-1].id)
        if len(rows) < CHUNK:
            return


def count_overdue(session: Session, actor: Actor, filters: DispatchFilter) -> int:
    """How many rows the filter holds."""
    scopes = scopes_of(session, actor, MAY_READ, filters.union)
    return sum(each.total for each in _count_below(session, scopes, _conditions(actor, filters)))


def _count_below(session: Session, scopes: Sequence[Scope], narrowed: Sequence[ColumnElement[bool]]) -> list[Below]:
    """Counts per union right below each subtree's top: the first ancestor under it that the row has."""
    parts = []
    for scope in scopes:
        lower = [_T.c[name] for name in ANCESTOR_COLUMNS[ANCESTOR_COLUMNS.index(scope.column) + 1 :]]
        child = func.coalesce(*lower) if len(lower) > 1 else lower[0] if lower else literal(None, _T.c.city_id.type)
        parts.append(
            select(child.label("child"), _T.c.kind, literal(scope.union_id, _T.c.id.type).label("top"))
            .where(_T.c[scope.column] == scope.union_id, *narrowed)
            .subquery()
        )
    if not parts:
        return []
    rows = union_all(*(select(part) for part in parts)).subquery()
    counted = session.execute(
        select(rows.c.child, rows.c.top, rows.c.kind, func.count()).group_by(rows.c.child, rows.c.top, rows.c.kind)
    ).all()
    return _collect(session, counted)


def _collect(session: Session, counted: Sequence[Any]) -> list[Below]:
    totals: dict[tuple[UUID | None, UUID], dict[OverdueKind, int]] = {}
    for child, top, kind, count in counted:
        totals.setdefault((child, top), {})[OverdueKind(kind)] = count
    names = union_names(session, {each for pair in totals for each in pair})
    below = [
        Below(
            child,
            names[child].said if child else f"{names[top].said}本级",
            each.get(OverdueKind.SUBMISSION, 0),
            each.get(OverdueKind.RECTIFICATION, 0),
        )
        for (child, top), each in totals.items()
    ]
    return sorted(below, key=lambda each: (-each.total, each.name))


def describe(session: Session, rows: Sequence[Any], now: datetime) -> list[OverdueRow]:
    """Rows with names, one statement for all of them."""
    columns = (*ANCESTOR_COLUMNS, "responsible_id", "climbed_to_id")
    names = union_names(session, {getattr(row, column) for row in rows for column in columns})
    return [_describe_one(session, row, names, now) for row in rows]


def _describe_one(session: Session, row: Any, names: Names, now: datetime) -> OverdueRow:
    campaign = campaign_facts(session, row.campaign_id)
    kind = OverdueKind(row.kind)
    base = "/console/submissions" if kind is OverdueKind.SUBMISSION else "/console/rectifications"
    return OverdueRow(
        kind=kind,
        kind_text=KIND_TEXTS[kind],
        href=f"{base}/{row.item_id}",
        excerpt=row.excerpt,
        place=row.place,
        category_name=campaign.category_name(row.category),
        grade=row.grade,
        grade_name=campaign.grades.get(row.grade) if row.grade else None,
        unit=said_of(names, row.enterprise_id) or "",
        area=area_of(names, row),
        responsible=names[row.responsible_id].said,
        due_at=row.due_at,
        days=days_left(row.due_at, now),
        step=row.step,
        climbed_to=said_of(names, row.climbed_to_id) or "",
    )


def count_climbed(session: Session, actor: Actor, _now: datetime) -> int:
    """How many overdue items have climbed to the actor's own unions or past them, along the index of their subtree."""
    own = [held.union_id for held in actor.reviewing]
    reached = exists().where(Escalation.overdue_id == Overdue.id, Escalation.union_id.in_(own))
    climbed = select(Overdue.id).where(in_scope(actor, Overdue, REVIEWERS), Overdue.ended_at.is_(None), reached)
    return session.scalar(select(func.count()).select_from(climbed.limit(TODO_CAP).subquery())) or 0
