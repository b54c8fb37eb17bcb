"""Spreadsheets for other people to open: what is text stays text, whatever it begins with."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from typing import Any, BinaryIO, Generic, TypeVar

from server.core.clock import in_shanghai
from server.core.text import drop_invisible

R = TypeVar("R")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
A4 = 9  # as the format numbers papers
_NORMAL, _LARGE = 11, 16  # points
_PAGE = 170  # digits beside each other on a landscape page, small but readable
_LONG = 20  # digits from which on a column is for words, which may stand on several lines
_MARGIN = 0.4  # inches
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CellKind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"  # with as many decimals as it has
    MONEY = "money"  # cents in, yuan out
    PERCENT = "percent"  # a share of 1
    DAY = "day"
    MOMENT = "moment"  # aware in, Shanghai's clock out


_FORMATS = {
    CellKind.TEXT: "@",
    CellKind.WHOLE: "0",
    CellKind.NUMBER: "General",
    CellKind.MONEY: "#,##0.00",
    CellKind.PERCENT: "0%",
    CellKind.DAY: "yyyy-mm-dd",
    CellKind.MOMENT: "yyyy-mm-dd hh:mm",
}
_WIDTHS = {
    CellKind.TEXT: 16,
    CellKind.WHOLE: 10,
    CellKind.NUMBER: 12,
    CellKind.MONEY: 14,
    CellKind.PERCENT: 10,
    CellKind.DAY: 12,
    CellKind.MOMENT: 17,
}


@dataclass(frozen=True, slots=True)
class SheetColumn(Generic[R]):
    """A column: its head, what stands in it for a row, and how wide it is in digits (a Chinese character is two).
    `is_summed`: with a total under the last row."""

    head: str
    value: Callable[[R], object]
    kind: CellKind = CellKind.TEXT
    width: int | None = None
    is_summed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet(Generic[R]):
    """A sheet of a workbook. `heading`: lines above the heads, the first one large; `is_numbered`: with 序号 before the
    first column."""

    title: str
    columns: Sequence[SheetColumn[R]]
    rows: Iterable[R]
    heading: Sequence[str] = ()
    is_numbered: bool = False


def write_book(*sheets: Sheet[Any]) -> BytesIO:
    """A workbook's bytes, from their beginning."""
    content = BytesIO()
    save_book(content, *sheets)
    content.seek(0)
    return content


def save_book(target: BinaryIO, *sheets: Sheet[Any]) -> int:
    """Write a workbook into `target`; gives how many rows there were.

    Rows are written as they come; the heads are bold, stay in sight, filter, and stand on every printed page.
    """
    # Loaded where it is used: openpyxl and what it draws in weigh 28 MB in every web process.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    written = sum(_write_sheet(book, sheet) for sheet in sheets)
    book.save(target)
    return written


def _write_sheet(book: Any, wanted: Sheet[R]) -> int:
    from openpyxl.utils import get_column_letter

    sheet, columns = book.create_sheet(wanted.title[:31]), (*_numbering(wanted), *wanted.columns)
    letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
    styled = {kind: _styled(sheet, kind) for kind in CellKind}
    heads = len(wanted.heading) + 1
    _lay_out(sheet, columns, letters, heads)
    for number, line in enumerate(wanted.heading):
        sheet.append([_head(sheet, line, _LARGE if number == 0 else _NORMAL)])
    sheet.append([_head(sheet, column.head) for column in columns])
    last = heads
    for values in _values(wanted):
        last += 1
        sheet.append([_cell(sheet, column.kind, value, styled) for column, value in zip(columns, values, strict=True)])
    sheet.auto_filter.ref = f"A{heads}:{letters[-1]}{last}"
    if last > heads and any(column.is_summed for column in columns):
        sheet.append(_sums(sheet, columns, letters, heads + 1, last))
    return last - heads


def _numbering(wanted: Sheet[Any]) -> list[SheetColumn[Any]]:
    """The column of running numbers, which `_values` fills."""
    return [SheetColumn("序号", lambda _: None, CellKind.WHOLE, width=6)] if wanted.is_numbered else []


def _values(wanted: Sheet[R]) -> Iterator[list[object]]:
    for number, row in enumerate(wanted.rows, 1):
        values = [column.value(row) for column in wanted.columns]
        yield [number, *values] if wanted.is_numbered else values


def _lay_out(sheet: Any, columns: Sequence[SheetColumn[R]], letters: Sequence[str], heads: int) -> None:
    """How it is looked at, printed and filled in: a column keeps its format below the last row as well, so that Excel
    leaves long numbers that are typed there alone."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = f"A{heads + 1}"
    sheet.print_title_rows = f"{heads}:{heads}"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr = 0, PageSetupProperties(fitToPage=True)
    sheet.print_options.gridLines = sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = _MARGIN
    for letter, column, width in zip(letters, columns, _widths(columns), strict=True):
        dimension = sheet.column_dimensions[letter]
        dimension.width, dimension.number_format = width, _FORMATS[column.kind]


def _widths(columns: Sequence[SheetColumn[R]]) -> list[float]:
    """How wide each column is. Where all of them together would be printed too small to read, the long ones give way,
    down to half: their words go on in the next line."""
    wanted = [column.width or max(_WIDTHS[column.kind], _digits(column.head) + 4) for column in columns]
    long = sum(width for width in wanted if width >= _LONG)
    if not long or sum(wanted) <= _PAGE:
        return list(wanted)
    share = max((_PAGE - sum(wanted) + long) / long, 0.5)
    return [width if width < _LONG else max(round(width * share), _LONG * 0.7) for width in wanted]


def _digits(text: str) -> int:
    """How wide a text is: characters of Chinese are two digits wide."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _head(sheet: Any, text: str, size: int = _NORMAL) -> Any:
    from openpyxl.styles import Font

    cell = _text_cell(sheet, text)
    cell.font = Font(bold=True, size=size)
    return cell


def _styled(sheet: Any, kind: CellKind) -> Any:
    """An empty cell as those of its kind look: words go on in the next line, so that nothing of them is cut off, on the
    screen or on paper. Styling each cell by itself takes half as long again as writing it."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    cell = WriteOnlyCell(sheet)
    cell.number_format = _FORMATS[kind]
    cell.alignment = Alignment(vertical="center", wrap_text=kind is CellKind.TEXT)
    return cell


def _cell(sheet: Any, kind: CellKind, value: object, styled: Mapping[CellKind, Any]) -> Any:
    """A cell of its kind; an empty one for None and for no text."""
    from openpyxl.cell import WriteOnlyCell

    if value is None or value == "":
        return None
    if kind is CellKind.TEXT or not isinstance(value, int | float | Decimal | date):
        kind, cell = CellKind.TEXT, _text_cell(sheet, str(value))
    else:
        cell = WriteOnlyCell(sheet, _plain(kind, value))
    cell._style = styled[kind]._style
    return cell


def _plain(kind: CellKind, value: int | float | Decimal | date) -> Any:
    if kind is CellKind.MONEY and isinstance(value, int):
        return value / 100
    if isinstance(value, datetime):
        local = in_shanghai(value).replace(tzinfo=None)
        return local.date() if kind is CellKind.DAY else local
    return value


def _text_cell(sheet: Any, text: str) -> Any:
    """A text cell, never a formula or an error."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, _LOOKS_ESCAPED.sub("_x005F_", drop_invisible(text)))
    cell.data_type, cell.number_format = "s", "@"
    return cell


def _sums(sheet: Any, columns: Sequence[SheetColumn[R]], letters: Sequence[str], first: int, last: int) -> list[Any]:
    """The row of totals: formulas of our own, over what the filter leaves."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells: list[Any] = []
    for letter, column in zip(letters, columns, strict=True):
        cell = WriteOnlyCell(sheet, f"=SUBTOTAL(109,{letter}{first}:{letter}{last})" if column.is_summed else None)
        cell.font, cell.number_format = Font(bold=True), _FORMATS[column.kind]
        cells.append(cell)
    if not columns[0].is_summed:
        cells[0] = _head(sheet, "合计")
    return cells


def without_apostrophe(text: str) -> str:
    """What a cell meant in sheets of earlier versions, which put an apostrophe before what begins like a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text
