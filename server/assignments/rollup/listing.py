"""Every answer to one assignment, down to the row: field by field on the page, in the layout of the form as a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.assignments.dispatch.models import Recipient
from server.assignments.dispatch.recipients.listing import of_units, overseen
from server.assignments.dispatch.texts import STATUS_NAMES
from server.assignments.forms.queries import find_frozen
from server.assignments.forms.schemas import Definition, Field, FigureField
from server.assignments.forms.showing.answer_cells import cell_of, head_of, kind_of_cells
from server.assignments.forms.showing.answer_words import say_answer
from server.assignments.responses.models import ResponseVersion
from server.assignments.responses.queries import answers_of, is_late
from server.assignments.rollup.counting.adding_up import STANDING
from server.core.sheets import CellKind, SheetColumn
from server.core.text import quoted
from server.core.web.schemas import Code, Line
from server.kit.filters import Control, ListFilter, search_control, select_control, union_control
from server.kit.keyset import Order
from server.kit.listing import Listing, Request
from server.kit.scope import area_above, name_of, union_choices, union_names
from server.unions.actor import SCOPE_COLUMNS
from server.unions.roles import CONSOLE
from server.unions.tree.models import Union

TABLE = cast(Table, Recipient.__table__)


class AnswerFilter(ListFilter):
    """Of which assignment; the answers to which field, what is said beside the form unless one is chosen."""

    assignment: UUID | None = None
    field: Annotated[Code, StringConstraints(max_length=40)] | None = None
    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The answer of one union. `words`: to the chosen field, or beside the form; `behind`: the list of what a figure
    counts."""

    id: UUID
    href: str
    union_name: str
    area: str
    status_text: str
    submitted_at: datetime | None
    is_late: bool
    words: str
    behind: str
    version: ResponseVersion | None


def _form_of(asked: Request[AnswerFilter]) -> Definition | None:
    """What was asked, read once."""
    if "form" not in asked.memo:
        asked.memo["form"] = find_frozen(asked.session, overseen(asked).assignment.form_version_id)
    return cast(Definition | None, asked.memo["form"])


def _narrow(asked: Request[AnswerFilter]) -> list[ColumnElement[bool]]:
    """Those below the sender, by whichever passing-on they were asked; what was returned is no answer now."""
    assignment = overseen(asked).assignment
    sender = asked.session.get_one(Union, assignment.sender_id)
    return [
        TABLE.c.root_id == assignment.root_id,
        TABLE.c[SCOPE_COLUMNS[sender.level]] == sender.id,
        TABLE.c.status.in_(STANDING),
        *overseen(asked).narrow(),
        *of_units(asked),
    ]


def _controls(asked: Request[AnswerFilter]) -> list[Control]:
    filters = asked.filters
    form = _form_of(asked)
    fields = {each.key: each.label for each in form.fields()} if form is not None else {}
    return [
        select_control(filters, "field", "只看哪一项", fields),
        union_control(union_choices(asked.session, asked.actor, CONSOLE, filters.union)),
        search_control(filters, "q", "单位名称"),
    ]


def _describe(asked: Request[AnswerFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {each for row in rows for each in (row.union_id, row.district_id, row.town_id)})
    answers = answers_of(asked.session, [row.id for row in rows])
    form = _form_of(asked)
    chosen = next((each for each in form.fields() if each.key == asked.filters.field), None) if form else None
    return [
        Row(
            id=row.id, href=f"/console/tasks/{row.id}/check", union_name=name_of(names, row.union_id) or "",
            area=area_above(names, row), status_text=STATUS_NAMES[row.status], submitted_at=row.submitted_at,
            is_late=is_late(row, overseen(asked).assignment.due_at), words=_words(chosen, answers.get(row.id)),
            behind=_behind(chosen, answers.get(row.id)), version=answers.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def _words(chosen: Field | None, version: ResponseVersion | None) -> str:
    if version is None:
        return ""
    return say_answer(chosen, version.answers.get(chosen.key)) if chosen is not None else version.text


def _behind(chosen: Field | None, version: ResponseVersion | None) -> str:
    if not isinstance(chosen, FigureField) or version is None:
        return ""
    return (version.answers.get(chosen.key) or {}).get("href") or ""


UNIT: tuple[SheetColumn[Row], ...] = (
    SheetColumn("单位", lambda row: row.union_name, width=32),
    SheetColumn("所在", lambda row: row.area, width=24),
    SheetColumn("状态", lambda row: row.status_text, width=12),
    SheetColumn("提交时间", lambda row: row.submitted_at, CellKind.MOMENT),
    SheetColumn("逾期", lambda row: "是" if row.is_late else "", width=8),
)


def _columns(asked: Request[AnswerFilter]) -> list[SheetColumn[Row]]:
    """One column for each field, in the order of the form; a part that was skipped says why in its first one."""
    form = _form_of(asked)
    columns = list(UNIT)
    for section in form.sections if form is not None else ():
        for number, each in enumerate(section.fields):
            columns.append(_column(each, section.key if number == 0 else None))
    return [*columns, SheetColumn("说明", lambda row: row.version.text if row.version is not None else "", width=30)]


def _column(asked: Field, section_key: str | None) -> SheetColumn[Row]:
    def value(row: Row) -> object:
        if row.version is None:
            return ""
        skipped = row.version.skipped.get(section_key) if section_key is not None else None
        return f"不涉及：{skipped}" if skipped else cell_of(asked, row.version.answers.get(asked.key))

    return SheetColumn(head_of(asked), value, kind_of_cells(asked), width=24)


ANSWERS: Listing[AnswerFilter, Row] = Listing(
    name="assignment_answers",
    title="各单位填报",
    ledger_of=lambda asked: f"{quoted(overseen(asked).assignment.title)}各单位填报汇总表",
    path="/console/assignments/answers",
    filters=AnswerFilter,
    table=TABLE,
    source=select(TABLE),
    order=Order((TABLE.c.id,), (UUID,)),
    order_texts=("按下发的顺序", "后下发的在前"),
    scopes=None,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    place_names=("assignment",),
    lacks={"days": "answers are looked at one by one, or all of them"},
    sheet=UNIT,
    sheet_of=_columns,
)
