"""Reads of the tree for the console's browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from server.core.web import cursors
from server.unions.actor import Actor, in_scope
from server.unions.roles import CONSOLE, Level
from server.unions.tree.models import Ownership, Size, Union
from server.unions.tree.queries import find_area_texts, folded_words
from server.unions.tree.rules import OWN_COLUMN, PARENT_LEVELS
from server.unions.tree.schemas import UnionFilter

PAGE = 50
NON_PUBLIC = (Ownership.PRIVATE, Ownership.FOREIGN, Ownership.MIXED)
NOT_LARGE = (Size.MEDIUM, Size.SMALL, Size.MICRO)


@dataclass(frozen=True, slots=True)
class UnionRow:
    """A union in a list: where it stands and how many unions hang directly below it."""

    union: Union
    area: str
    children: int


@dataclass(frozen=True, slots=True)
class UnionRows:
    """A page of the browser."""

    items: list[UnionRow]
    next: str | None


def list_unions(session: Session, actor: Actor, wanted: UnionFilter, under: Union | None) -> UnionRows:
    """Unions in the actor's scope by name: the children of `under`, or with a search, level or flag all below it."""
    conditions = [in_scope(actor, Union, CONSOLE), *_conditions(wanted)]
    deep = bool(wanted.q or wanted.level or wanted.high_risk or wanted.chemical or wanted.private_small)
    if under is not None:
        conditions.append(_below(under) if deep else Union.parent_id == under.id)
    if wanted.after:
        conditions.append(tuple_(Union.name, Union.id) > tuple_(*cursors.decode(wanted.after, str, UUID)))
    found = session.scalars(select(Union).where(*conditions).order_by(Union.name, Union.id).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    children = _count_children(session, [union.id for union in shown])
    areas = find_area_texts(session, shown) if deep else {}
    rows = [UnionRow(union, areas.get(union.id, ""), children.get(union.id, 0)) for union in shown]
    last = shown[-1] if len(found) > PAGE else None
    return UnionRows(rows, cursors.encode(last.name, last.id) if last else None)


def _conditions(wanted: UnionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Union.is_active.is_(not wanted.inactive)]
    conditions += [
        or_(Union.name_key.contains(word, autoescape=True), Union.code_key == word) for word in folded_words(wanted.q)
    ]
    if wanted.level is not None:
        conditions.append(Union.level == wanted.level)
    if wanted.high_risk:
        conditions.append(Union.is_high_risk.is_(True))
    if wanted.chemical:
        conditions.append(Union.is_chemical.is_(True))
    if wanted.private_small:
        conditions += [Union.ownership.in_(NON_PUBLIC), Union.size.in_(NOT_LARGE)]
    return conditions


def _below(union: Union) -> ColumnElement[bool]:
    if union.level not in OWN_COLUMN:
        return Union.parent_id == union.id
    column: ColumnElement[UUID | None] = getattr(Union, OWN_COLUMN[union.level])
    return (column == union.id) & (Union.id != union.id)


def _count_children(session: Session, parents: Sequence[UUID]) -> dict[UUID, int]:
    counts = select(Union.parent_id, func.count()).where(Union.parent_id.in_(parents)).group_by(Union.parent_id)
    return {parent: count for parent, count in session.execute(counts) if parent is not None}


def list_tops(session: Session, actor: Actor) -> list[Union]:
    """The unions at which the actor holds roles, the highest first; where their browser starts."""
    held = {role.union_id for role in actor.roles}
    found = session.scalars(select(Union).where(Union.id.in_(held))).all()
    return sorted(found, key=lambda union: (list(Level).index(union.level), union.name))


def list_ancestors(session: Session, union: Union, actor: Actor) -> list[Union]:
    """The way from the top of the actor's scope down to the parent of `union`."""
    wanted = [getattr(union, column) for column in OWN_COLUMN.values()]
    above = [union_id for union_id in wanted if union_id is not None and union_id != union.id]
    found = session.scalars(select(Union).where(Union.id.in_(above), in_scope(actor, Union, CONSOLE))).all()
    return sorted(found, key=lambda one: list(Level).index(one.level))


def list_possible_parents(session: Session, union: Union, actor: Actor) -> list[Union]:
    """Where a town or an enterprise may be moved to, in the actor's scope."""
    return list(
        session.scalars(
            select(Union)
            .where(
                Union.level.in_(PARENT_LEVELS[union.level]), Union.is_active.is_(True), in_scope(actor, Union, CONSOLE)
            )
            .order_by(Union.district_id, Union.level, Union.code, Union.name)
            .limit(1000)
        )
    )
