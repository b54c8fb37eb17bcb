"""Reads of the tree."""

from collections.abc import Collection, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Table,
    bindparam,
    case,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from server.core.db import read_ahead
from server.core.errors import NotFound
from server.core.prepared import Prepared
from server.core.text import fold
from server.core.web import cursors
from server.unions.actor import Actor, in_scope
from server.unions.roles import CONSOLE, Level
from server.unions.tree.lookup.places import Area, match_place
from server.unions.tree.lookup.traits import list_answers, traits
from server.unions.tree.models import Affiliation, Union
from server.unions.tree.rules import OWN_COLUMN, is_small, may_answer_traits
from server.unions.tree.schemas import (
    AreasOut,
    DistrictOut,
    EnterpriseOut,
    EnterprisePage,
    TownOut,
    TraitOut,
    TraitsOut,
)

MAX_WORDS = 5
ENTERPRISE: ColumnElement[Any] = literal_column("'enterprise'")  # spelt out, so that the partial index fits


def get_union(session: Session, union_id: UUID) -> Union:
    """The union with that id. Raises NotFound."""
    union = session.get(Union, union_id)
    if union is None:
        raise NotFound("没有找到这个工会。", code="union_not_found")
    return union


_NAME = Prepared(
    select(cast(Table, Union.__table__).c.name).where(cast(Table, Union.__table__).c.id == bindparam("union_id"))
)


def get_union_name(session: Session, union_id: UUID) -> str:
    """Its full name alone: every report that arrives tells who answers. Raises NotFound."""
    rows = read_ahead(session, _NAME, {"union_id": union_id})
    if not rows:
        raise NotFound("没有找到这个工会。", code="union_not_found")
    return cast(str, rows[0][0])


def get_union_in_scope(session: Session, union_id: UUID, actor: Actor) -> Union:
    """The union with that id if it lies within the actor's subtrees. Raises NotFound otherwise."""
    union = session.scalar(select(Union).where(Union.id == union_id, in_scope(actor, Union, CONSOLE)))
    if union is None:
        raise NotFound("没有找到这个工会，或者不在您的管理范围内。", code="union_not_found")
    return union


def describe_traits(session: Session, union_id: UUID, actor: Actor) -> TraitsOut:
    """What is known of an enterprise's traits. Raises NotFound outside of the actor's subtrees."""
    union = get_union_in_scope(session, union_id, actor)
    if not may_answer_traits(actor, union):
        raise NotFound("没有找到这家企业，或者不在您的管理范围内。", code="union_not_found")
    known = list_answers(session, union_id)
    items = [
        TraitOut(
            code=trait.code, name=trait.name, question=trait.question,
            holds=known[code].holds if code in known else None,
            answered_at=known[code].answered_at if code in known else None,
        )
        for code, trait in traits().items()
    ]  # fmt: skip
    complete = all(item.holds is not None for item in items)
    return TraitsOut(union_id=union_id, union_name=union.name, items=items, complete=complete)


def find_enterprise(session: Session, union_id: UUID) -> Union | None:
    """The active enterprise with that id."""
    union = session.get(Union, union_id)
    return union if union is not None and union.level is Level.ENTERPRISE and union.is_active else None


def get_enterprise(session: Session, union_id: UUID) -> Union:
    """The active enterprise with that id. Raises NotFound."""
    union = find_enterprise(session, union_id)
    if union is None:
        raise NotFound("没有找到这家企业，请重新选择。", code="enterprise_not_found")
    return union


def find_union_by_invite_code(session: Session, invite_code: str) -> Union | None:
    """The active enterprise that gave out this invite code."""
    return session.scalar(
        select(Union).where(
            Union.invite_code == invite_code, Union.level == Level.ENTERPRISE, Union.is_active.is_(True)
        )
    )


def find_city(session: Session) -> Union | None:
    """The root of the tree: the city federation that was created first."""
    return session.scalar(select(Union).where(Union.level == Level.CITY).order_by(Union.id).limit(1))


def get_city(session: Session) -> Union:
    """The root of the tree. Raises NotFound before any tree is loaded."""
    city = find_city(session)
    if city is None:
        raise NotFound("还没有导入工会组织。", code="no_unions")
    return city


# --- areas as people say them -------------------------------------------------------------------------------------


def area_text(district: str | None, town: str | None) -> str:
    """市南区 · 八大湖街道, as far as known."""
    return " · ".join(part for part in (district, town) if part)


def said_name(table: Any) -> ColumnElement[str]:
    """How people call a union: by its short name if it has one."""
    return case((table.short_name != "", table.short_name), else_=table.name)


_SAID_NAMES = select(Union.id, said_name(Union).label("said")).where(Union.id.in_(bindparam("ids", expanding=True)))


def find_area_texts(session: Session, unions: Sequence[Union]) -> dict[UUID, str]:
    """Where each of the unions stands, as people say it, by the union's id."""
    said = _said_names(session, {above for union in unions for above in (union.district_id, union.town_id)})
    return {union.id: area_text(said.get(union.district_id), said.get(union.town_id)) for union in unions}


def _said_names(session: Session, wanted: set[UUID | None]) -> dict[UUID | None, str]:
    known = [union_id for union_id in wanted if union_id is not None]
    return {row.id: row.said for row in session.execute(_SAID_NAMES, {"ids": known})}


def find_area_text(session: Session, union: Union) -> str:
    """Where a union stands, as people say it."""
    return find_area_texts(session, [union])[union.id]


def list_areas(session: Session) -> AreasOut:
    """Districts in the strict sense (not the directly managed ones) with their towns, in the order of their codes."""
    districts = session.execute(
        select(Union.id, said_name(Union).label("said"))
        .where(Union.level == Level.DISTRICT, Union.affiliation == Affiliation.DISTRICT, Union.is_active.is_(True))
        .order_by(Union.adcode, Union.name)
    ).all()
    towns: dict[UUID, list[TownOut]] = {row.id: [] for row in districts}
    for row in session.execute(
        select(Union.id, Union.district_id, said_name(Union).label("said"))
        .where(Union.level == Level.TOWN, Union.is_active.is_(True))
        .order_by(Union.code, Union.name)
    ):
        if row.district_id in towns:
            towns[row.district_id].append(TownOut(id=row.id, name=row.said))
    return AreasOut(items=[DistrictOut(id=row.id, name=row.said, towns=towns[row.id]) for row in districts])


def find_area(session: Session, area_id: UUID) -> Union | None:
    """The active district or town with that id."""
    union = session.get(Union, area_id)
    if union is None or not union.is_active or union.level not in (Level.DISTRICT, Level.TOWN):
        return None
    return union


def find_place_union(session: Session, *, area_id: UUID | None = None, place: str = "") -> Union:
    """The union that answers for a place: the area named by id, else the town or district named in the text.

    Failing both, the city. Raises NotFound if there is no tree at all.
    """
    if area_id is not None and (area := find_area(session, area_id)) is not None:
        return area
    if place:
        rows = session.execute(
            select(Union.id, Union.level, Union.district_id, said_name(Union).label("said")).where(
                Union.is_active.is_(True), Union.level.in_((Level.DISTRICT, Level.TOWN))
            )
        )
        areas = [Area(row.id, row.said, row.district_id if row.level is Level.TOWN else None) for row in rows]
        matched = match_place(place, areas)
        if matched is not None:
            return get_union(session, matched)
    return get_city(session)


# --- enterprises for workers to choose from --------------------------------------------------------------------------


def folded_words(q: str) -> list[str]:
    """The words to look for, as searches compare them."""
    return [word for part in q.split()[:MAX_WORDS] if (word := fold(part))]


def is_named(column: ColumnElement[Any], q: str) -> list[ColumnElement[bool]]:
    """Whether the name of the union in the column holds every word of `q`, as searches compare them."""
    words = folded_words(q)
    return [column.in_(select(Union.id).where(*_name_holds(words)))] if words else []


def _name_holds(words: Sequence[str]) -> list[ColumnElement[bool]]:
    return [Union.name_key.contains(word, autoescape=True) for word in words]


_ENTERPRISES = select(Union.id, Union.district_id, Union.town_id, Union.headcount, Union.size)


def _describe(session: Session, enterprises: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = session.execute(_ENTERPRISES.where(Union.id.in_(enterprises))).all()
    said = _said_names(session, {above for row in rows for above in (row.district_id, row.town_id)})
    return {
        row.id: {
            "area": area_text(said.get(row.district_id), said.get(row.town_id)),
            "is_small": is_small(row.headcount, row.size),
        }
        for row in rows
    }


def search_enterprises(session: Session, q: str, after: str | None, limit: int) -> EnterprisePage:
    """Active enterprises whose name holds every word of `q`: those that begin with it first, then the shorter names.

    Paged by the whole sort key; raises Invalid for a foreign cursor.
    """
    words = folded_words(q)
    key: list[ColumnElement[Any]] = [Union.name.expression, Union.id.expression]  # an index holds all that is asked
    kinds: list[type] = [str, UUID]
    if words:
        begins = case((Union.name_key.startswith(words[0], autoescape=True), 0), else_=1)
        key = [begins, func.length(Union.name), *key]
        kinds = [int, int, *kinds]
    found = (
        select(Union.id, Union.name, *key[:-2])
        .where(Union.level == ENTERPRISE, Union.is_active.is_(True), *_name_holds(words))
        .order_by(*key)
        .limit(limit + 1)
    )
    if after:
        found = found.where(tuple_(*key) > tuple_(*cursors.decode(after, *kinds)))
    rows = session.execute(found).all()
    described = _describe(session, [row.id for row in rows[:limit]])
    items = [EnterpriseOut(id=row.id, name=row.name, **described[row.id]) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return EnterprisePage(items=items, next=cursors.encode(*last[2:], last.name, last.id) if last else None)


def line_of(union_ids: Collection[UUID] | Sequence[BindParameter[UUID]]) -> CompoundSelect[Any]:
    """The ids of these unions and of all above them: whose ready replies and forms their reviewers may use."""
    levels = (Union.city_id, Union.district_id, Union.town_id, Union.enterprise_id)
    return union_all(*(select(level).where(Union.id.in_(union_ids), level.is_not(None)) for level in levels))


# --- for the console's browser ----------------------------------------------------------------------------------------


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
