"""Tables from an .xlsx: rows under the headings that we know, as text by field."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from server.core.errors import Invalid
from server.core.text import fold
from server.core.xlsx.parts import MAX_BYTES as MAX_BYTES
from server.core.xlsx.reading import Seen, SheetRow, read_outside

MAX_ROWS = 5000
MAX_CELL = 500  # characters, unless the caller says otherwise
MAX_TITLES = 5  # rows above the headings
PROBLEMS = "问题"
"""The column of complaints in a sheet that we gave back. It is no data: mended, the sheet is sent again as it is."""
NUMBERS = "序号"
"""The column of a ledger that numbers its rows. No data either, unless a layout asks for it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: our field, its heading and others (`also`), a sample, and what may stand in it. `is_day`:
    days and nothing else, so that what Excel took for a date is one."""

    field: str
    heading: str
    sample: str
    note: str
    required: bool = False
    also: tuple[str, ...] = ()
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as read: its number in the sheet, text by field, and what could not be read, by field."""

    number: int
    cells: dict[str, str]
    errors: dict[str, str]


def read_rows(data: bytes, *layouts: Sequence[Column], max_cell: int = MAX_CELL) -> list[RawRow]:
    """The rows of the first visible sheet under the headings of the layout that fits best; titles may stand above.

    Raises TooLarge, Invalid in words for whoever made it.
    """
    rows = read_outside(data, MAX_ROWS + 1)
    if len(rows) < 2:
        raise Invalid("表格里没有数据，请从第二行开始填写。", code="empty_sheet")
    start, chosen = max(
        ((start, layout) for start in range(min(len(rows), MAX_TITLES + 1)) for layout in layouts),
        key=lambda found: sum(map(bool, _fields(rows[found[0]].cells, found[1]).values())),
    )
    headings = rows[start].cells
    if fault := _find_fault(headings, chosen):
        raise Invalid(f"第一行{fault}。请使用下载的模板。", code="bad_headings")
    fields = _fields(headings, chosen)
    days = {column.field for column in chosen if column.is_day}
    return [_read_row(row, fields, days, max_cell) for row in rows[start + 1 :]]


def _heading(text: str) -> str:
    """A heading as it is told apart: blanks, width and the mark of what is required make no difference."""
    return fold(text).strip("*").removesuffix("(必填)").strip("*")


def _fields(headings: Mapping[int, Seen], columns: Sequence[Column]) -> dict[int, str]:
    by_heading = {_heading(text): column.field for column in columns for text in (column.heading, *column.also)}
    told = {place: _heading(cell.text) for place, cell in headings.items()}
    no_data = {"", PROBLEMS, NUMBERS} - by_heading.keys()
    return {place: by_heading.get(text, "") for place, text in told.items() if text not in no_data}


def _find_fault(headings: Mapping[int, Seen], columns: Sequence[Column]) -> str | None:
    fields = _fields(headings, columns)
    if unknown := [headings[place].text for place, field in fields.items() if not field]:
        return f"有不认识的列名：{'、'.join(unknown[:5])[:100]}"
    if missing := [column.heading for column in columns if column.required and column.field not in fields.values()]:
        return f"缺少这些列：{'、'.join(missing)}"
    return "有重复的列名" if len(set(fields.values())) != len(fields) else None


def _read_row(row: SheetRow, fields: Mapping[int, str], days: Collection[str], max_cell: int) -> RawRow:
    found = {field: row.cells[place] for place, field in fields.items() if place in row.cells}
    found |= {field: Seen(cell.day) for field, cell in found.items() if cell.day and field in days}
    errors = {field: cell.fault for field, cell in found.items() if cell.fault}
    errors |= {field: f"最多 {max_cell} 个字" for field, cell in found.items() if len(cell.text) > max_cell}
    return RawRow(row.number, {field: cell.text for field, cell in found.items() if field not in errors}, errors)
