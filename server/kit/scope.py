"""Subtrees: the ancestor columns of a row, what somebody sees by their roles, and what unions are called.

A row that belongs somewhere in the tree carries its ancestors as columns, each with an index of its own: a scope is one
comparison. Somebody with roles at several unions gets one statement per subtree, never an OR, which would make both
databases read and sort the whole scope (see listing.py).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, Table, TextClause, Uuid, false, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.core.errors import NotFound
from server.core.prepared import PreparedIn
from server.core.slice import RowsOf
from server.core.ttl_cache import TtlCache
from server.core.web.forms import asked_union_words
from server.unions.actor import SCOPE_COLUMNS, Actor, Placed
from server.unions.people.models import Person
from server.unions.roles import Level
from server.unions.tree.lookup.picking import search_unions
from server.unions.tree.models import Union
from server.unions.tree.queries import area_text
from server.unions.tree.rules import ANCESTOR_COLUMNS, OWN_COLUMN

LEVELS = ("city", "district", "town", "enterprise")
WIDE = ("city", "district")
"""Levels whose subtree holds so much that one campaign of it has an index of its own."""
WIDE_COLUMNS = frozenset(f"{level}_id" for level in WIDE)
MAX_CHOICES = 300


# --- the columns ------------------------------------------------------------------------------------------------------


class AncestorColumns:
    """The branch of the tree that a row lies on. Mix it into a model; see `index_each_level`. When a union moves, rows
    below it follow (`server.kit.following`)."""

    stays_put: ClassVar[str] = ""
    """Why the rows of a model do not follow."""

    @classmethod
    def when_moved(cls, union: Union) -> dict[str, Any]:
        """What else changes of rows that follow a union that moved: values, or expressions over what stood there."""
        return {}

    city_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    district_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))
    town_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))
    enterprise_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))


def index_each_level(
    name: str, *columns: str, where: TextClause | None = None, levels: Sequence[str] = LEVELS
) -> list[Index]:
    """One index per level; `{level}` stands for it in the index's name and in its columns."""
    return [
        Index(
            name.format(level=level),
            *(column.format(level=level) for column in columns),
            sqlite_where=where,
            postgresql_where=where,
        )
        for level in levels
    ]


def at_their_enterprise(model: type[AncestorColumns]) -> RowsOf:
    """Rows that lie at a person's own enterprise, for `PersonalRows`: their words may name them."""

    def rows(person_id: UUID) -> ColumnElement[bool]:
        own = select(Person.enterprise_id).where(Person.id == person_id).scalar_subquery()
        return model.enterprise_id == own

    return rows


def ancestors_of(placed: Placed) -> dict[str, UUID | None]:
    """The ancestor columns of a row, to be given to another."""
    return {column: getattr(placed, column) for column in ANCESTOR_COLUMNS}


def ancestors_above(union: Union) -> dict[str, UUID | None]:
    """The present ancestors of a union that moved, itself left out; empty for the city, and for teams: rows do not know
    of them."""
    if union.level not in OWN_COLUMN:
        return {}
    higher = ANCESTOR_COLUMNS[: ANCESTOR_COLUMNS.index(OWN_COLUMN[union.level])]
    return {column: getattr(union, column) for column in higher}


def lies_below(model: Any, union: Union) -> ColumnElement[bool]:
    """Whether a row, or a union, lies in the subtree of a union. Not for teams."""
    below: ColumnElement[bool] = getattr(model, OWN_COLUMN[union.level]) == union.id
    return below


def lies_below_any(model: Any, unions: Collection[tuple[UUID, Level]]) -> ColumnElement[bool]:
    """The same of several unions. For sums alone: lists ask for one part per subtree."""
    by_level: dict[Level, list[UUID]] = {}
    for union_id, level in unions:
        by_level.setdefault(level, []).append(union_id)
    return or_(false(), *(getattr(model, OWN_COLUMN[level]).in_(ids) for level, ids in by_level.items()))


def is_left_behind(model: Any, union: Union) -> ColumnElement[bool]:
    """Whether a row below a union that moved does not carry its present ancestors yet. Not for teams and the city."""
    stale = or_(*(getattr(model, column).is_distinct_from(value) for column, value in ancestors_above(union).items()))
    return lies_below(model, union) & stale


# --- what somebody sees -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scope:
    """One subtree: the column of the row that holds the union's id."""

    column: str
    union_id: UUID


def scopes_of(session: Session, actor: Actor, roles: Collection[str], union_id: UUID | None = None) -> list[Scope]:
    """The subtrees that `roles`, those of the permission that is asked for, let the actor see: the one of the union
    chosen, else all of them, the widest alone where they lie in each other. Raises NotFound for a union outside."""
    own = {
        role_at.union_id: Scope(SCOPE_COLUMNS[role_at.level], role_at.union_id)
        for role_at in actor.roles
        if role_at.role in roles
    }
    if union_id is None:
        return _widest(session, own)
    if union_id in own:
        return [own[union_id]]
    chosen = session.get(Union, union_id)
    if chosen is None or chosen.level is Level.TEAM:
        raise NotFound
    if not any(getattr(chosen, scope.column) == scope.union_id for scope in own.values()):
        raise NotFound
    return [Scope(SCOPE_COLUMNS[chosen.level], union_id)]


def own_scopes(actor: Actor, column: str) -> list[Scope]:
    """What the actor's own unions have to do, found by the column that names them. Each union once, however many roles
    somebody has there."""
    return [Scope(column, union_id) for union_id in {role_at.union_id for role_at in actor.roles}]


def below_chosen(
    session: Session, table: Table, actor: Actor, roles: Collection[str], union_id: UUID | None
) -> list[ColumnElement[bool]]:
    """Rows below the union that a filter chose, for lists whose scopes are something else. Raises NotFound for one
    outside."""
    if union_id is None:
        return []
    [chosen] = scopes_of(session, actor, roles, union_id)
    return [table.c[chosen.column] == chosen.union_id]


def unions_below(session: Session, actor: Actor, roles: Collection[str], union_id: UUID) -> Select[UUID]:
    """The union that a filter chose and all below it. Raises NotFound for one outside."""
    return select(Union.id).where(*below_chosen(session, _UNIONS, actor, roles, union_id))


def _widest(session: Session, own: Mapping[UUID, Scope]) -> list[Scope]:
    """Nothing is to be shown twice because somebody reviews for a town and for an enterprise of it."""
    if len(own) < 2:
        return list(own.values())
    unions = session.scalars(select(Union).where(Union.id.in_(own)).order_by(Union.id)).all()
    return [
        own[union.id]
        for union in unions
        if not any(
            getattr(union, scope.column) == scope.union_id for scope in own.values() if scope.union_id != union.id
        )
    ]


# --- what unions are called -------------------------------------------------------------------------------------------


class UnionName(NamedTuple):
    """The full name, and what people say: the short one if there is one."""

    name: str
    said: str


Names = Mapping[UUID, UnionName]
_UNIONS = cast(Table, Union.__table__)
_NAMES = PreparedIn(lambda ids: select(_UNIONS.c.id, _UNIONS.c.name, _UNIONS.c.short_name).where(_UNIONS.c.id.in_(ids)))


def union_names(session: Session, union_ids: Collection[UUID | None]) -> dict[UUID, UnionName]:
    """The names of these unions, by id. One statement, none if there is nothing to name."""
    wanted = {each for each in union_ids if each is not None}
    if not wanted:
        return {}
    rows = _NAMES.execute(session.connection(), list(wanted))
    return {union_id: UnionName(name, short_name or name) for union_id, name, short_name in rows}


def name_of(names: Names, union_id: UUID | None) -> str | None:
    """The full name of a union in `names`."""
    return names[union_id].name if union_id is not None and union_id in names else None


def said_of(names: Names, union_id: UUID | None) -> str | None:
    """What people call a union in `names`."""
    return names[union_id].said if union_id is not None and union_id in names else None


def area_of(names: Names, row: Any) -> str:
    """市南区 · 八大湖街道, of a row with the ancestor columns."""
    return area_text(said_of(names, row.district_id), said_of(names, row.town_id))


def area_above(names: Names, union: Any) -> str:
    """The same of a union, or a row of one with its level: it is not said to lie in itself."""
    is_below_district, is_below_town = union.level in (Level.TOWN, Level.ENTERPRISE), union.level is Level.ENTERPRISE
    district = said_of(names, union.district_id) if is_below_district else None
    return area_text(district, said_of(names, union.town_id) if is_below_town else None)


# --- unions to choose from --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a select box. `depth` indents unions below unions; `hint` explains, as a grade's criteria do; `days`
    are the working days that a grade leaves to put it right."""

    value: str
    text: str
    is_chosen: bool
    depth: int = 0
    hint: str = ""
    days: int | None = None


MORE_CHOICES = Choice("", "还有更多，请按名称查找", False)
_BELOW: TtlCache[tuple[UUID, ...], list[tuple[UUID, str]]] = TtlCache()  # the tree hardly ever changes


def union_choices(session: Session, actor: Actor, roles: Collection[str], chosen_id: UUID | None) -> list[Choice]:
    """Unions to narrow a list to: those of the actor's roles, the way down to the one chosen, and those right below.

    As many of these as a select can show: that there are more is said, and they are found by typing (`union_picker`);
    without JavaScript, by a field of the filter row, after which those that were found stand here too.
    """
    own = {role_at.union_id: role_at.union_name for role_at in actor.roles if role_at.role in roles}
    path = _path(session, chosen_id, own) if chosen_id else []
    parents = [chosen_id] if chosen_id else list(own)
    below = _BELOW.get(session, tuple(sorted(parents)), lambda: _unions_below(session, parents))
    choices = [Choice(str(union_id), name, union_id == chosen_id) for union_id, name in own.items()]
    choices += [Choice(str(row.id), row.name, row.id == chosen_id, depth) for depth, row in enumerate(path, 1)]
    choices += [Choice(str(union_id), name, False, len(path) + 1) for union_id, name in below[:MAX_CHOICES]]
    choices += [MORE_CHOICES] * (len(below) > MAX_CHOICES)
    return _found_by_name(session, actor.carrying(roles), {each.value for each in choices}) + choices


def _found_by_name(session: Session, actor: Actor, known: Collection[str]) -> list[Choice]:
    if not (words := asked_union_words()):
        return []
    found = search_unions(session, actor, words)
    if not found.items:
        return [replace(MORE_CHOICES, text=f"没有找到“{words}”")]
    texts = {str(each.id): f"{each.name}（{each.area}）" if each.area else each.name for each in found.items}
    choices = [Choice(value, text, False, 1) for value, text in texts.items() if value not in known]
    return choices + [MORE_CHOICES] * found.more


def _unions_below(session: Session, parents: Sequence[UUID]) -> list[tuple[UUID, str]]:
    rows = session.execute(
        select(Union.id, Union.name)
        .where(Union.parent_id.in_(parents), Union.is_active.is_(True), Union.level != Level.TEAM)
        .order_by(*Union.official_order())
        .limit(MAX_CHOICES + 1)
    )
    return [(row.id, row.name) for row in rows]


def _path(session: Session, chosen_id: UUID, own: Collection[UUID]) -> Sequence[Union]:
    """From right below one of `own` down to the one chosen."""
    chosen = session.get(Union, chosen_id)
    if chosen is None:
        return []
    above = [union_id for union_id in ancestors_of(chosen).values() if union_id]
    found = {union.id: union for union in session.scalars(select(Union).where(Union.id.in_(above)))}
    path = [found[each] for each in above if each in found]
    start = next((index for index, union in enumerate(path) if union.id in own), -1)
    return path[start + 1 :]
