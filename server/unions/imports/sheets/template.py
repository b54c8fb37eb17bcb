"""The sheets to fill in."""

from collections.abc import Mapping

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
    """An .xlsx with headings (required ones starred), one sample row, and a second sheet that explains the columns."""
    columns = COLUMNS[kind]
    sample = {column.field: column.sample for column in columns}
    form = Sheet(TITLES[kind], [_to_fill_in(column) for column in columns], [sample])
    return write_book(form, Sheet("填写说明", NOTES, columns)).getvalue()


def _to_fill_in(column: Column) -> SheetColumn[Mapping[str, str]]:
    return SheetColumn(column.heading + ("*" if column.required else ""), lambda sample: sample[column.field])
