"""The sheets to fill in."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.core.sheets import Sheet, SheetColumn, write_book
from server.unions.imports.models import ImportKind
from server.unions.imports.sheets.shapes import COLUMNS
from server.unions.imports.sheets.workbook import Column

TITLES = {ImportKind.UNIONS: "工会", ImportKind.PEOPLE: "人员"}
NOTES: tuple[SheetColumn[Column], ...] = (
    SheetColumn("列", lambda column: column.heading, width=20),
    SheetColumn("是否必填", lambda column: "必填" if column.required else "选填"),
    SheetColumn("怎么填", lambda column: column.note, width=70),
)


def make_template(kind: ImportKind) -> bytes:
    """The .xlsx of a kind."""
    return write_book(*lay_out(TITLES[kind], COLUMNS[kind])).getvalue()


def lay_out(title: str, columns: Sequence[Column]) -> tuple[Sheet[Any], Sheet[Any]]:
    """Headings (required ones starred) with one sample row, and a second sheet that explains the columns."""
    sample = {column.field: column.sample for column in columns}
    form = Sheet(title, [_to_fill_in(column) for column in columns], [sample])
    return form, Sheet("填写说明", NOTES, columns)


def _to_fill_in(column: Column) -> SheetColumn[Mapping[str, str]]:
    return SheetColumn(column.heading + ("*" if column.required else ""), lambda sample: sample[column.field], width=20)
