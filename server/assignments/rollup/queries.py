"""Reads of what is added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.assignments.dispatch.queries import Overseen, get_overseen
from server.assignments.forms.queries import find_frozen
from server.assignments.forms.schemas import (
    CheckField,
    Column,
    DecimalField,
    Field,
    IntegerField,
    MoneyField,
    TableField,
    possible_answers,
)
from server.assignments.forms.texts import RESULT_NAMES
from server.assignments.rollup.counting.adding_up import MEASURES
from server.assignments.rollup.counting.totals import MAY_COUNT_TWICE, counts_people
from server.assignments.rollup.models import Rollup, RollupCount, RollupField
from server.core.errors import NotFound
from server.unions.actor import SCOPE_COLUMNS, Actor
from server.unions.roles import Level
from server.unions.tree.models import Union

NOTHING: Mapping[str, int] = dict.fromkeys(MEASURES, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """How far those below one union are."""

    union_id: UUID
    name: str
    is_open: bool  # there are unions below it to look at
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Bar:
    """One of several answers: how many gave it."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FieldLine:
    """What the answers to one field come to. `facts`: sum, mean and the like, in words and with the unit."""

    key: str
    label: str
    n: int
    facts: Sequence[tuple[str, str]] = ()
    bars: Sequence[Bar] = ()
    columns: Sequence["FieldLine"] = ()


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """A part of the form."""

    title: str
    lines: Sequence[FieldLine]


@dataclass(frozen=True, slots=True)
class RollupView:
    """An assignment as far as it is added up, below one union. `counted_at` None: not yet. `is_whole`: the actor may
    read all of it, not just what lies below their own union."""

    assignment: Assignment
    is_whole: bool
    union: Union
    above: Sequence[Union]  # up to the sender, or the actor's own union, the highest first
    counted_at: datetime | None
    counts: Mapping[str, int]
    lines: Sequence[Line]
    groups: Sequence[FieldGroup]


def get_rollup(session: Session, assignment_id: UUID, union_id: UUID | None, cut: str, actor: Actor) -> RollupView:
    """Raises NotFound for an assignment that the actor may not read, for one that asks for no reply (who has read what
    is counted for nobody), and for a union that does not lie below its sender, or below the actor's own where that lies
    between the sender and those who are asked."""
    seen = get_overseen(session, assignment_id, actor)
    assignment = seen.assignment
    tops = _tops(session, seen)
    union = tops[0] if union_id is None else session.get(Union, union_id)
    if union is None or union.level in (Level.ENTERPRISE, Level.TEAM) or not assignment.wants_reply:
        raise NotFound
    top = next((each for each in tops if getattr(union, SCOPE_COLUMNS[each.level]) == each.id), None)
    if top is None:
        raise NotFound
    root_id = assignment.root_id
    rollup = session.get(Rollup, root_id)
    return RollupView(
        assignment=assignment, is_whole=not seen.between, union=union, above=_above(session, union, top),
        counted_at=rollup.counted_at if rollup is not None else None,
        counts=_counts(session, root_id, union.id, cut), lines=_lines(session, root_id, union, cut),
        groups=_groups(session, assignment, union.id),
    )  # fmt: skip


def _tops(session: Session, seen: Overseen) -> list[Union]:
    """Below which the actor reads: the sender, or each of their own unions between."""
    ids = [each.union_id for each in seen.between] or [seen.assignment.sender_id]
    return [session.get_one(Union, each) for each in ids]


def _above(session: Session, union: Union, top: Union) -> list[Union]:
    line: list[Union] = []
    current = union
    while current.id != top.id and current.parent_id is not None:
        current = session.get_one(Union, current.parent_id)
        line.insert(0, current)
    return line


def _counts(session: Session, root_id: UUID, union_id: UUID, cut: str) -> Mapping[str, int]:
    row = session.get(RollupCount, (root_id, union_id, cut))
    return NOTHING if row is None else {name: getattr(row, name) for name in MEASURES}


def _lines(session: Session, root_id: UUID, union: Union, cut: str) -> list[Line]:
    """Those directly below, in the official order. Below a town there are enterprises: their list has them."""
    rows = session.execute(
        select(Union.id, Union.name, Union.level, *(getattr(RollupCount, name) for name in MEASURES))
        .join(RollupCount, RollupCount.union_id == Union.id)
        .where(Union.parent_id == union.id, RollupCount.root_id == root_id, RollupCount.cut == cut)
        .order_by(*Union.official_order(), Union.id)
    )
    return [
        Line(row.id, row.name, row.level is not Level.TOWN, {name: getattr(row, name) for name in MEASURES})
        for row in rows
    ]


def _groups(session: Session, assignment: Assignment, union_id: UUID) -> list[FieldGroup]:
    form = find_frozen(session, assignment.form_version_id)
    if form is None:
        return []
    rows = session.execute(
        select(RollupField.key, RollupField.totals).where(
            RollupField.root_id == assignment.root_id, RollupField.union_id == union_id
        )
    )
    totals: dict[str, Mapping[str, Any]] = {row.key: row.totals for row in rows}
    return [
        FieldGroup(section.title, [_field_line(asked, asked.key, totals) for asked in section.fields])
        for section in form.sections
    ]


def _field_line(asked: Field | Column, key: str, totals: Mapping[str, Mapping[str, Any]]) -> FieldLine:
    found = totals.get(key, {})
    columns: list[FieldLine] = []
    if isinstance(asked, TableField):
        columns = [_field_line(column, f"{key}.{column.key}", totals) for column in asked.columns]
    return FieldLine(key, asked.label, found.get("n", 0), _facts(asked, found), _bars(asked, found), columns)


def _facts(asked: Field | Column, found: Mapping[str, Any]) -> list[tuple[str, str]]:
    if isinstance(asked, TableField):
        return [("行数", str(found["rows"]))] if "rows" in found else []
    if not isinstance(asked, IntegerField | DecimalField | MoneyField) or "sum" not in found:
        return []
    unit = "元" if isinstance(asked, MoneyField) else asked.unit
    places = asked.places if isinstance(asked, DecimalField) else 2
    mean = (Decimal(found["sum"]) / found["n"]).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    twice = f"（{MAY_COUNT_TWICE}）" if counts_people(asked) else ""
    said = (
        ("平均", str(mean)), ("中位数", found["median"]), ("最小", found["least"]),
        ("最大", found["most"]),
    )  # fmt: skip
    total = ("合计", f"{found['sum']} {unit}".strip() + twice)
    return [total, *((name, f"{value} {unit}".strip()) for name, value in said)]


def _bars(asked: Field | Column, found: Mapping[str, Any]) -> list[Bar]:
    """Each possible answer, those that nobody gave too."""
    counts: Mapping[str, int] = found.get("choices", {})
    labels = RESULT_NAMES if isinstance(asked, CheckField) else possible_answers(asked)
    return [Bar(key, label, counts.get(key, 0)) for key, label in labels.items()]
