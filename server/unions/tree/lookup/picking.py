"""Choosing a union by a part of its name, down to the enterprise: out of thousands, never out of a flat list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, case, func, or_, select
from sqlalchemy.orm import Session

from server.unions.actor import Actor, in_scope
from server.unions.roles import CONSOLE, Level
from server.unions.tree.models import Union
from server.unions.tree.queries import area_text, folded_words
from server.unions.tree.schemas import PickedUnion, PickedUnions

SHOWN = 20
PICKABLE = frozenset(Level) - {Level.TEAM}
_UNIONS = cast(Table, Union.__table__)
_DISTRICTS, _TOWNS = _UNIONS.alias("district"), _UNIONS.alias("town")
_HEIGHT = case({level.value: height for height, level in enumerate(Level)}, value=_UNIONS.c.level)
_NAMES = (_UNIONS.c.name_key, func.lower(_UNIONS.c.short_name))


@dataclass(frozen=True, slots=True)
class UnionField:
    """What a form offers of the unions that may be chosen: the one chosen, those found by `q`, and whether there are
    more. `levels` narrows what is found by typing, as in the address of the search."""

    levels: str
    chosen: str
    q: str
    items: Sequence[PickedUnion]
    more: bool


def search_unions(session: Session, actor: Actor, q: str, levels: Collection[Level] = PICKABLE) -> PickedUnions:
    """Active unions of the actor's subtrees whose name or short name holds every word of `q`: those that begin with it
    first, then the higher ones, then the shorter names. One statement; nothing without a word."""
    words = folded_words(q)
    return _found(session, actor, words, levels) if words else PickedUnions(items=[], more=False)


def offer_unions(
    session: Session, actor: Actor, levels: Collection[Level], chosen: UUID | str | None, q: str | None = None
) -> UnionField:
    """The field of a form. Without words the first unions are offered, so that a small subtree needs no search. What
    was `chosen`, maybe by somebody who typed nonsense, stays if it is a union of the actor's subtrees."""
    found = _found(session, actor, folded_words(q or ""), levels)
    kept = _chosen(session, actor, chosen)
    items = [*kept, *(item for item in found.items if item not in kept)]
    names = ",".join(level.value for level in Level if level in levels)
    return UnionField(names, str(kept[0].id) if kept else "", q or "", items, found.more)


def _found(session: Session, actor: Actor, words: Sequence[str], levels: Collection[Level]) -> PickedUnions:
    begins = or_(*(name.startswith(words[0], autoescape=True) for name in _NAMES)) if words else None
    first = [case((begins, 0), else_=1)] if begins is not None else []
    statement = (
        _unions(actor)
        .where(_UNIONS.c.is_active.is_(True), _UNIONS.c.level.in_(levels), *_hold(words))
        .order_by(*first, _HEIGHT, func.length(_UNIONS.c.name), _UNIONS.c.name, _UNIONS.c.id)
    )
    items = _read(session, statement.limit(SHOWN + 1))
    return PickedUnions(items=items[:SHOWN], more=len(items) > SHOWN)


def _chosen(session: Session, actor: Actor, chosen: UUID | str | None) -> list[PickedUnion]:
    try:
        union_id = UUID(str(chosen))
    except ValueError:
        return []
    return _read(session, _unions(actor).where(_UNIONS.c.id == union_id))


def _unions(actor: Actor) -> Select[tuple[UUID, str, Level, str | None, str | None]]:
    return (
        select(
            _UNIONS.c.id, _UNIONS.c.name, _UNIONS.c.level,
            func.coalesce(func.nullif(_DISTRICTS.c.short_name, ""), _DISTRICTS.c.name).label("district"),
            func.coalesce(func.nullif(_TOWNS.c.short_name, ""), _TOWNS.c.name).label("town"),
        )
        .select_from(_UNIONS)
        .outerjoin(_DISTRICTS, _DISTRICTS.c.id == _UNIONS.c.district_id)
        .outerjoin(_TOWNS, _TOWNS.c.id == _UNIONS.c.town_id)
        .where(in_scope(actor, Union, CONSOLE))
    )  # fmt: skip


def _hold(words: Sequence[str]) -> list[ColumnElement[bool]]:
    return [or_(*(name.contains(word, autoescape=True) for name in _NAMES)) for word in words]


def _read(session: Session, statement: Select[tuple[UUID, str, Level, str | None, str | None]]) -> list[PickedUnion]:
    rows = session.execute(statement)
    return [PickedUnion(id=row.id, name=row.name, area=_area(row.level, row.district, row.town)) for row in rows]


def _area(level: Level, district: str | None, town: str | None) -> str:
    """What stands above a union: it is not said to lie in itself."""
    return area_text(
        district if level in (Level.TOWN, Level.ENTERPRISE) else None, town if level is Level.ENTERPRISE else None
    )
