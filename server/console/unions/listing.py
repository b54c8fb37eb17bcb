"""The list of unions: the tree a level at a time, or what a search, a level or a flag finds anywhere below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, func, or_, select
from sqlalchemy.orm import Session

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, flag_control, search_control, select_control
from server.kit.keyset import Order
from server.kit.listing import Listing, Request, Scopes
from server.kit.scope import Scope, scopes_of
from server.kit.use import Use, tabs_of_use
from server.unions.actor import Actor, in_scope
from server.unions.roles import CONSOLE, Level
from server.unions.tree.lookup.flags import FLAG_TEXTS, Flag, flagged
from server.unions.tree.lookup.tags import LONGEST, SEPARATOR, list_tags, offer_tags, tagged
from server.unions.tree.models import Affiliation, Ownership, Size, Union
from server.unions.tree.queries import find_area_texts, folded_words, get_union_in_scope, list_tops
from server.unions.tree.rules import LEVEL_NAMES, OWN_COLUMN
from server.unions.tree.texts import AFFILIATION_NAMES, OWNERSHIP_NAMES, SIZE_NAMES

TABLE = cast(Table, Union.__table__)
# The official order (Union.official_order) in columns that a key can hold: what has no number comes last.
_AREA, _CODE = (func.coalesce(TABLE.c[name], "~").label(f"{name}_order") for name in ("adcode", "code"))


class UnionFilter(ListFilter):
    """What to show below `under`, where the actor's own union stands if it is left out. Flags narrow, never widen."""

    state: Use = Use.ACTIVE
    under: UUID | None = None
    level: Level | None = None
    high_risk: bool = False
    chemical: bool = False
    private_small: bool = False
    tag: Annotated[Line, StringConstraints(max_length=LONGEST)] = ""
    q: Annotated[Line, StringConstraints(max_length=100)] = ""

    @property
    def is_deep(self) -> bool:
        """Whether it looks at everything below the place, not only at what hangs directly below it."""
        return bool(self.q or self.level or self.high_risk or self.chemical or self.private_small or self.tag)


@dataclass(frozen=True, slots=True)
class Row:
    """A union: where it stands, and how many unions hang directly below it."""

    id: UUID
    name: str
    short_name: str
    code: str
    level: Level
    affiliation: Affiliation | None
    area: str
    industry: str
    ownership: Ownership | None
    size: Size | None
    is_high_risk: bool
    is_chemical: bool
    tags: list[str]
    headcount: int | None
    address: str
    children: int

    @property
    def level_text(self) -> str:
        return AFFILIATION_NAMES[self.affiliation] if self.affiliation else LEVEL_NAMES[self.level]

    @property
    def size_text(self) -> str:
        return SIZE_NAMES[self.size] if self.size else ""

    @property
    def ownership_text(self) -> str:
        return OWNERSHIP_NAMES[self.ownership] if self.ownership else ""


def find_place(session: Session, actor: Actor, under_id: UUID | None) -> Union | None:
    """The union whose subtree is looked at: the one asked for, else the highest of the actor's own. Raises NotFound for
    one outside of their scope."""
    if under_id is not None:
        return get_union_in_scope(session, under_id, actor)
    tops = list_tops(session, actor)
    return tops[0] if tops else None


def _scopes(asked: Request[UnionFilter]) -> Scopes:
    if asked.filters.is_deep and asked.filters.under is None:  # in all of one's own subtrees
        return scopes_of(asked.session, asked.actor, CONSOLE)
    place = find_place(asked.session, asked.actor, asked.filters.under)
    if place is None:
        return []
    column = OWN_COLUMN.get(place.level) if asked.filters.is_deep else None
    return [Scope(column or "parent_id", place.id)]


def _narrow(asked: Request[UnionFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions: list[ColumnElement[bool]] = [
        or_(
            TABLE.c.name_key.contains(word, autoescape=True),
            func.lower(TABLE.c.short_name).contains(word, autoescape=True),
            TABLE.c.code_key == word,
        )
        for word in folded_words(filters.q)
    ]
    if filters.level is not None:
        conditions.append(TABLE.c.level == filters.level)
    if filters.tag:
        conditions.append(tagged([filters.tag]))
    return conditions + [flagged(flag) for flag in Flag if getattr(filters, flag)]


def _controls(asked: Request[UnionFilter]) -> list[Control]:
    filters = asked.filters
    levels = {level: text for level, text in LEVEL_NAMES.items() if level is not Level.CITY}
    tags = offer_tags(asked.session, [in_scope(asked.actor, Union, CONSOLE)], [filters.tag] if filters.tag else ())
    return [
        select_control(filters, "level", "级别", levels),
        *(flag_control(filters, flag, text) for flag, text in FLAG_TEXTS.items()),
        *([select_control(filters, "tag", "标签", {tag: tag for tag in tags})] if tags else []),
        search_control(filters, "q", "名称或编号"),
    ]


def _describe(asked: Request[UnionFilter], rows: Sequence[Any]) -> list[Row]:
    children = _count_children(asked.session, [row.id for row in rows])
    areas = find_area_texts(asked.session, rows) if asked.filters.is_deep else {}
    return [_row(row, areas.get(row.id, ""), children.get(row.id, 0)) for row in rows]


def _count_children(session: Session, parents: Sequence[UUID]) -> Mapping[UUID, int]:
    counts = select(TABLE.c.parent_id, func.count()).where(TABLE.c.parent_id.in_(parents)).group_by(TABLE.c.parent_id)
    return {parent: count for parent, count in session.execute(counts) if parent is not None}


def _row(row: Any, area: str, children: int) -> Row:
    return Row(
        id=row.id,
        name=row.name,
        short_name=row.short_name,
        code=row.code or "",
        level=row.level,
        affiliation=row.affiliation,
        area=area,
        industry=row.industry or "",
        ownership=row.ownership,
        size=row.size,
        is_high_risk=row.is_high_risk,
        is_chemical=row.is_chemical,
        tags=list_tags(row.tags),
        headcount=row.headcount,
        address=row.address or "",
        children=children,
    )


SHEET: tuple[SheetColumn[Row], ...] = (
    SheetColumn("名称", lambda row: row.name, width=34),
    SheetColumn("简称", lambda row: row.short_name),
    SheetColumn("编号", lambda row: row.code),
    SheetColumn("级别", lambda row: row.level_text),
    SheetColumn("区域", lambda row: row.area, width=24),
    SheetColumn("行业", lambda row: row.industry),
    SheetColumn("所有制", lambda row: row.ownership_text, width=12),
    SheetColumn("规模", lambda row: row.size_text, width=8),
    SheetColumn("高危行业", lambda row: "是" if row.is_high_risk else "", width=10),
    SheetColumn("化工", lambda row: "是" if row.is_chemical else "", width=8),
    SheetColumn("标签", lambda row: SEPARATOR.join(row.tags), width=20),
    SheetColumn("职工人数", lambda row: row.headcount, CellKind.WHOLE, is_summed=True),
    SheetColumn("下级工会", lambda row: row.children, CellKind.WHOLE),
    SheetColumn("地址", lambda row: row.address, width=36),
)

UNION_LIST: Listing[UnionFilter, Row] = Listing(
    name="unions",
    title="工会",
    ledger="工会组织名册",
    path="/console/unions",
    filters=UnionFilter,
    table=TABLE,
    source=select(TABLE, _AREA, _CODE),
    order=Order((_AREA, _CODE, TABLE.c.name, TABLE.c.id), (str, str, str, UUID)),
    order_texts=("按区划和编号", "按区划和编号，倒序"),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    sheet=SHEET,
    tabs=tabs_of_use(TABLE.c.is_active),
    tab_name="state",
    place_names=("under",),
    lacks={"union": "one walks down the tree itself", "days": "what unions are does not happen on days"},
)
