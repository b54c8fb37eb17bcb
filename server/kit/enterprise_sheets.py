"""Sheets that bring facts about enterprises, a row each. A slice declares one; here are its pages and how it is taken.

Each row is checked by itself: one that is right is kept, any other keeps nothing and is told what is wrong with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from flask import Blueprint, Response, render_template
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import clock
from server.core.errors import AppError, Invalid
from server.core.kept_files.files import let_in, posted_file
from server.core.text import fold_width
from server.core.web.messages import explain
from server.core.web.schemas import In
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.workbooks import send_workbook
from server.unions.actor import Actor, current_actor, in_scope
from server.unions.imports.sheets.template import lay_out
from server.unions.imports.sheets.workbook import MAX_BYTES, Column, RawRow, read_rows
from server.unions.roles import Level, Role
from server.unions.tree.models import Union

R = TypeVar("R", bound=In)
ENTERPRISE = Column(
    "enterprise", "企业编号或名称", "Q0001", "和组织里的一样", required=True, also=("企业编号", "企业名称", "单位")
)
MOST_SHOWN = 200  # of the rows that are wrong


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of a row; `problem` is empty where it was taken."""

    number: int
    name: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseSheet(Generic[R]):
    """A sheet as a slice declares it.

    `path` of its page, with the template below it; `back`: address and words of where one came from. `taken`: what is
    said of so many rows. `columns`: those beside the enterprise's, with the fields of `row`. `holders`: whose subtrees
    its enterprises lie in. `take` keeps a row, or raises AppError.
    """

    title: str
    lead: str
    path: str
    back: tuple[str, str]
    taken: str
    columns: Sequence[Column]
    row: type[R]
    holders: frozenset[Role]
    take: Callable[[Session, UUID, R, Actor, datetime], object]

    @property
    def all_columns(self) -> Sequence[Column]:
        return (ENTERPRISE, *self.columns)


# --- pages ------------------------------------------------------------------------------------------------------------


def admit_sheets(bp: Blueprint, view: str) -> None:
    """Sheets may be bigger than forms: let them in at the view of that name."""

    def admit(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        if (endpoint or "").rpartition(".")[2] == view:
            let_in(MAX_BYTES)

    bp.url_value_preprocessor(admit)


def show_sheet(sheet: EnterpriseSheet[Any], reports: Sequence[RowReport] | None = None, message: str = "") -> str:
    """Where the sheet is sent, and what became of the one that was."""
    wrong = [report for report in reports or () if report.problem]
    return render_template(
        "console/enterprise_sheet.html", sheet=sheet, message=message, is_taken=reports is not None,
        taken=len(reports or ()) - len(wrong), wrong=wrong, most=MOST_SHOWN,
    )  # fmt: skip


def send_template(sheet: EnterpriseSheet[Any]) -> Response:
    """The sheet to fill in, with one row as an example."""
    return send_workbook(f"{sheet.title}模板", *lay_out(sheet.title, sheet.all_columns))


def take_sheet(sheet: EnterpriseSheet[Any]) -> str | tuple[str, int]:
    """Take the rows of the posted file that are right, and say what is wrong with the others."""
    actor = current_actor()
    try:
        file = posted_file(sheet.path.strip("/").replace("/", "-"), actor.person_id, MAX_BYTES)
        if file is None:
            raise Invalid("请选择表格文件。")
        rows = read_rows(file.content, sheet.all_columns)
    except AppError as error:
        return show_sheet(sheet, message=error.message), error.status
    return show_sheet(sheet, _take_rows(session(), sheet, rows, actor, clock.now()))


# --- rows -------------------------------------------------------------------------------------------------------------


def _take_rows(
    session: Session, sheet: EnterpriseSheet[Any], rows: Sequence[RawRow], actor: Actor, now: datetime
) -> list[RowReport]:
    enterprises = _find_enterprises(session, {_named(row) for row in rows} - {""}, sheet.holders, actor)
    return [
        RowReport(row.number, _named(row), _take_row(session, sheet, row, enterprises.get(_named(row), ()), actor, now))
        for row in rows
    ]


def _named(row: RawRow) -> str:
    return fold_width(row.cells.get(ENTERPRISE.field, "")).strip()


def _find_enterprises(
    session: Session, words: set[str], holders: frozenset[Role], actor: Actor
) -> Mapping[str, Sequence[UUID]]:
    """By number and by name: a name may be that of several."""
    found: dict[str, list[UUID]] = {}
    for column in (cast(Any, Union.code), cast(Any, Union.name)):
        statement = select(Union.id, column).where(
            column.in_(words), Union.level == Level.ENTERPRISE, in_scope(actor, Union, holders)
        )
        for union_id, word in session.execute(statement):
            found.setdefault(word, []).append(union_id)
    return found


def _take_row(
    session: Session, sheet: EnterpriseSheet[Any], row: RawRow, named: Sequence[UUID], actor: Actor, now: datetime
) -> str:
    """What is wrong with a row; empty if it was taken."""
    if row.errors:
        return "；".join(row.errors.values())
    if len(named) != 1:
        return "有几家同名企业，请填编号" if named else "没有找到这家企业，或者不归您管"
    typed = {column.field: text for column in sheet.columns if (text := row.cells.get(column.field, ""))}
    try:
        content = sheet.row.model_validate(typed)
        with session.begin_nested():
            sheet.take(session, named[0], content, actor, now)
    except ValidationError as error:
        headings = {column.field: column.heading for column in sheet.columns}
        wrong = {str(item["loc"][0]) if item["loc"] else "": explain(item) for item in error.errors()}
        return "；".join(f"{headings.get(field, field) or '这一行'}：{words}" for field, words in wrong.items())
    except AppError as error:
        return "；".join((error.fields or {}).values()) or error.message
    return ""
