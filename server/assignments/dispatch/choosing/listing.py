"""The unions that a draft would go to, before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.assignments.dispatch.choosing.statements import conditions_for, rule_of
from server.assignments.dispatch.models import AssignmentStatus
from server.assignments.dispatch.queries import get_assignment
from server.core.errors import NotFound
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, search_control, select_control
from server.kit.keyset import Order
from server.kit.listing import Listing, Request
from server.kit.scope import area_above, union_names
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.queries import folded_words
from server.unions.tree.rules import LEVEL_NAMES

TABLE = cast(Table, Union.__table__)


class PreviewFilter(ListFilter):
    """Of which draft, and what to show of it."""

    assignment: UUID | None = None
    level: Level | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    id: UUID
    name: str
    level_name: str
    area: str
    is_copy: bool


def _narrow(asked: Request[PreviewFilter]) -> list[ColumnElement[bool]]:
    """Raises NotFound for what is no draft of the actor's."""
    filters = asked.filters
    if filters.assignment is None:
        raise NotFound
    draft = get_assignment(asked.session, filters.assignment, asked.actor)
    if draft.status is not AssignmentStatus.DRAFT:
        raise NotFound
    conditions = conditions_for(asked.session, draft)
    if filters.level is not None:
        conditions.append(TABLE.c.level == filters.level)
    return conditions + [TABLE.c.name_key.contains(word, autoescape=True) for word in folded_words(filters.q)]


def _controls(asked: Request[PreviewFilter]) -> list[Control]:
    levels = {level.value: LEVEL_NAMES[level] for level in (Level.DISTRICT, Level.TOWN, Level.ENTERPRISE)}
    return [
        select_control(asked.filters, "level", "层级", levels),
        search_control(asked.filters, "q", "单位名称"),
    ]


def _describe(asked: Request[PreviewFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {value for row in rows for value in (row.district_id, row.town_id)})
    draft = get_assignment(asked.session, cast(UUID, asked.filters.assignment), asked.actor)
    copies = set(rule_of(draft).copies)
    return [
        Row(row.id, row.name, LEVEL_NAMES[row.level], area_above(names, row), row.id in copies) for row in rows
    ]  # fmt: skip


PREVIEW: Listing[PreviewFilter, Row] = Listing(
    name="assignment_preview",
    title="核对单位",
    path="/console/assignments/preview",
    filters=PreviewFilter,
    table=TABLE,
    source=select(TABLE),
    order=Order((TABLE.c.id,), (UUID,)),
    order_texts=("按登记的先后", "后登记的在前"),
    scopes=None,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    place_names=("assignment",),
    lacks={"days": "unions are no events", "union": "the draft itself says within which union it goes"},
)
