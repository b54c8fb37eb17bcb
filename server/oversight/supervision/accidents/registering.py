"""Writes of the register: one accident, many from a sheet, one that was entered by mistake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.core.sheets import CellKind, Sheet, SheetColumn
from server.core.web.messages import explain
from server.kit.scope import ancestors_of
from server.oversight.supervision.models import Accident
from server.oversight.supervision.permissions import MAY_LEAD
from server.oversight.supervision.schemas import AccidentIn, AccidentRow
from server.unions.actor import Actor, in_scope
from server.unions.imports.sheets.workbook import Column, RawRow
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope

COLUMNS = (
    Column("code", "企业编号或名称", "Q0001", "和组织里的一样", required=True, also=("企业编号", "企业名称", "单位")),
    Column("happened_on", "日期", "2025-06-01", "事故发生的那一天", required=True),
    Column("words", "什么事故", "机械伤害，一般事故", "类别和等级，不写姓名", required=True, also=("事故类别",)),
    Column("source", "来源", "区应急管理局 2025 年第 3 号通报", "从哪里知道的", required=True),
)


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of a row; `problem` is empty where it was taken."""

    number: int
    name: str
    problem: str = ""


def enter_accident(session: Session, form: AccidentIn, *, actor: Actor, now: datetime) -> Accident:
    """Keep one. Raises NotFound, Forbidden outside of what the actor leads, Invalid, Conflict for one known already."""
    enterprise = get_union_in_scope(session, form.enterprise, actor)
    if enterprise.level is not Level.ENTERPRISE:
        raise Invalid(fields={"enterprise": "请选择一家企业"})
    if not actor.holds_over(enterprise, MAY_LEAD):
        raise Forbidden("这家企业不在您的管理范围内。")
    if form.happened_on > day_of(now):
        raise Invalid(fields={"happened_on": "不能晚于今天"})
    same = select(Accident.id).where(
        Accident.enterprise_id == enterprise.id, Accident.happened_on == form.happened_on,
        Accident.words == form.words, Accident.withdrawn_at.is_(None),
    )  # fmt: skip
    if session.scalar(same) is not None:
        raise Conflict("这起事故已经登记过了。", code="known_already")
    row = Accident(
        id=ids.new_id(), happened_on=form.happened_on, words=form.words, source=form.source,
        entered_by_id=actor.person_id, created_at=now, **ancestors_of(enterprise),
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(
        session, "supervision.accident_entered", subject_type="union", subject_id=enterprise.id,
        actor_id=actor.person_id, at=now, detail={"happened_on": form.happened_on.isoformat()},
    )  # fmt: skip
    return row


def withdraw_accident(session: Session, accident_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """It was entered by mistake. Frames that are frozen keep what they were frozen with. Raises NotFound, Conflict."""
    row = session.scalar(
        select(Accident).where(Accident.id == accident_id, in_scope(actor, Accident, MAY_LEAD)).with_for_update()
    )
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        raise Conflict("这一条已经撤掉了。", code="withdrawn_already")
    row.withdrawn_at, row.withdrawn_by_id, row.withdrawn_reason = now, actor.person_id, reason
    session.flush()
    record(
        session, "supervision.accident_withdrawn", subject_type="union", subject_id=cast(UUID, row.enterprise_id),
        actor_id=actor.person_id, at=now, detail={"happened_on": row.happened_on.isoformat()},
    )  # fmt: skip


def take_accidents(
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
            column.in_(words), Union.level == Level.ENTERPRISE, in_scope(actor, Union, MAY_LEAD)
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
        read = AccidentRow.model_validate({key: text for key, text in row.cells.items() if text != ""})
    except ValidationError as error:
        headings = {column.field: column.heading for column in COLUMNS}
        wrong = {str(item["loc"][0]): explain(item) for item in error.errors() if item["loc"]}
        return RowReport(row.number, name, "；".join(f"{headings.get(key, key)}：{why}" for key, why in wrong.items()))
    found = unions.get(read.code, [])
    if len(found) != 1:
        return RowReport(row.number, name, "有几家同名企业，请填编号" if found else "没有找到这家企业，或者不归您管")
    form = AccidentIn(enterprise=found[0], **read.model_dump(exclude={"code"}))
    try:
        with session.begin_nested():
            enter_accident(session, form, actor=actor, now=now)
    except AppError as error:
        return RowReport(row.number, name, "；".join((error.fields or {}).values()) or error.message)
    return RowReport(row.number, name)


def template_sheet() -> Sheet[Any]:
    """The sheet to fill in, with one row as an example."""

    def cell(field: str) -> Any:
        return lambda row: row[field]

    columns = [SheetColumn(f"{each.heading}*", cell(each.field), CellKind.TEXT, width=24) for each in COLUMNS]
    return Sheet("事故登记", columns, [{each.field: each.sample for each in COLUMNS}])
