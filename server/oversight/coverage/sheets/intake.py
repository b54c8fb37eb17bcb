"""Denominators from a sheet: each row is checked by itself, and told what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.core.errors import AppError
from server.core.sheets import CellKind, Sheet, SheetColumn
from server.core.web.messages import explain
from server.oversight.coverage.actions import enter_denominator
from server.oversight.coverage.models import DenominatorSource
from server.oversight.coverage.permissions import MAY_ENTER
from server.oversight.coverage.schemas import DenominatorIn, DenominatorRow
from server.unions.actor import Actor, in_scope
from server.unions.imports.sheets.workbook import Column, RawRow
from server.unions.roles import Level
from server.unions.tree.models import Union

COLUMNS = (
    Column("code", "企业编号或名称", "Q0001", "和组织里的一样", required=True, also=("企业编号", "企业名称", "单位")),
    Column("as_of", "日期", "2026-11-01", "职工数是哪一天的", required=True),
    Column("own", "本单位职工", "120", "整数", required=True, also=("职工数",)),
    Column("dispatched", "劳务派遣", "10", "整数，没有填 0"),
    Column("contractors", "长期承包商人员", "0", "整数，没有填 0"),
    Column("officers_required", "应有安全负责人", "1", "整数，至少 1"),
    Column("teams", "班组数", "6", "整数"),
    Column("evidence", "依据", "社保缴费人数", "从哪里来的"),
    Column("signed_by", "签认人", "企业工会主席", "谁确认的", required=True),
)


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of a row; `problem` is empty where it was taken."""

    number: int
    name: str
    problem: str = ""


def take_denominators(
    session: Session, rows: Sequence[RawRow], *, actor: Actor, now: datetime
) -> list[RowReport]:  # fmt: skip
    """Take every row that is right; the others are told why not, and keep nothing."""
    unions = _find_unions(session, rows, actor)
    return [_take(session, row, unions, actor, now) for row in rows]


def _find_unions(session: Session, rows: Sequence[RawRow], actor: Actor) -> Mapping[str, list[UUID]]:
    """Enterprises of the actor's subtrees by number and by name: a name may be that of several."""
    words = {row.cells.get("code", "") for row in rows} - {""}
    found: dict[str, list[UUID]] = {}
    for column in (cast(Any, Union.code), cast(Any, Union.name)):
        statement = select(Union.id, column).where(
            column.in_(words), Union.level == Level.ENTERPRISE, in_scope(actor, Union, MAY_ENTER)
        )
        for union_id, word in session.execute(statement):
            found.setdefault(word, []).append(union_id)
    return found


def _take(
    session: Session, row: RawRow, unions: Mapping[str, list[UUID]], actor: Actor, now: datetime
) -> RowReport:  # fmt: skip
    name = row.cells.get("code", "")
    if row.errors:
        return RowReport(row.number, name, "；".join(row.errors.values()))
    try:
        read = DenominatorRow.model_validate({key: text for key, text in row.cells.items() if text != ""})
    except ValidationError as error:
        return RowReport(row.number, name, _explain(error))
    found = unions.get(read.code, [])
    if len(found) != 1:
        return RowReport(row.number, name, "有几家同名企业，请填编号" if found else "没有找到这家企业，或者不归您管")
    content = DenominatorIn.model_validate(read.model_dump(exclude={"code"}))
    try:
        with session.begin_nested():
            enter_denominator(session, found[0], content, actor=actor, now=now, source=DenominatorSource.SHEET)
    except AppError as error:
        return RowReport(row.number, name, "；".join(error.fields.values()) or error.message)
    return RowReport(row.number, name)


def _explain(error: ValidationError) -> str:
    headings = {column.field: column.heading for column in COLUMNS}
    wrong = {str(item["loc"][0]): explain(item) for item in error.errors() if item["loc"]}
    return "；".join(f"{headings.get(name, name)}：{words}" for name, words in wrong.items())


def template_sheet(now: datetime) -> Sheet[Any]:
    """The sheet to fill in, with one row as an example."""
    day = in_shanghai(now).date().isoformat()
    sample = {column.field: day if column.field == "as_of" else column.sample for column in COLUMNS}

    def cell(field: str) -> Any:
        return lambda row: row[field]

    columns = [SheetColumn(f"{each.heading}{'*' if each.required else ''}", cell(each.field), CellKind.TEXT, width=18)
               for each in COLUMNS]  # fmt: skip
    return Sheet("应训基数", columns, [sample])
