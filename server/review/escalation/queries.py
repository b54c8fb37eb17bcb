"""Counts of what is overdue, per union below, each subtree from the index of its level."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session

from server.core.ttl_cache import TtlCache
from server.kit.listing import Request, narrow
from server.kit.scope import Scope, scopes_of, union_names
from server.review.escalation.listing import DISPATCH, TABLE, DispatchFilter
from server.review.escalation.models import OverdueKind
from server.review.escalation.permissions import MAY_READ
from server.review.search.queries import matching, meant_by
from server.review.submissions.texts import numbers_meant
from server.unions.actor import RoleAt
from server.unions.tree.rules import ANCESTOR_COLUMNS


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


MANY = 5_000
_RECENT: TtlCache[tuple[frozenset[RoleAt], str], list[Below]] = TtlCache()


def recent_below(asked: Request[DispatchFilter]) -> list[Below]:
    """The same as of half a minute ago at most, where it is so much that adding it up is slow and one more or less is
    not seen."""
    key = (frozenset(asked.actor.roles), asked.filters.to_query())
    below = _RECENT.find(asked.session, key)
    if below is None:
        below = count_below(asked)
        if sum(each.total for each in below) > MANY:
            _RECENT.keep(asked.session, key, below)
    return below


def count_below(asked: Request[DispatchFilter]) -> list[Below]:
    """Counts per union right below each subtree's top: the first ancestor under it that the row has."""
    narrowed, parts = narrow(DISPATCH, asked), []
    for scope in scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union):
        lower = [TABLE.c[name] for name in ANCESTOR_COLUMNS[ANCESTOR_COLUMNS.index(scope.column) + 1 :]]
        child = func.coalesce(*lower) if len(lower) > 1 else lower[0] if lower else literal(None, TABLE.c.city_id.type)
        parts.append(
            select(child.label("child"), TABLE.c.kind, literal(scope.union_id, TABLE.c.id.type).label("top"))
            .where(
                TABLE.c[scope.column] == scope.union_id, TABLE.c.ended_at.is_(None), *narrowed, *_of_words(asked, scope)
            )
            .subquery()
        )
    if not parts:
        return []
    rows = union_all(*(select(part) for part in parts)).subquery()
    counted = asked.session.execute(
        select(rows.c.child, rows.c.top, rows.c.kind, func.count()).group_by(rows.c.child, rows.c.top, rows.c.kind)
    ).all()
    return _collect(asked.session, counted)


def _of_words(asked: Request[DispatchFilter], scope: Scope) -> list[ColumnElement[bool]]:
    """Of a city among all that has the words, as more of it is late than may have them; below it each row that is late
    is asked, as the list does: a word may stand in every tenth report of the city."""
    is_whole = scope.column == "city_id"
    found = matching(asked.session, asked.filters.q) if is_whole and not numbers_meant(asked.filters.q) else None
    if found is None:
        return meant_by(asked.session, asked.actor, TABLE.c.submission_id, asked.filters.q)
    return [TABLE.c.submission_id.in_(found)]


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
