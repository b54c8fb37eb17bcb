"""Spreadsheets for other people to open: what is text stays text, whatever it begins with."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO
from typing import Any, BinaryIO, Generic, TypeVar

from server.core.clock import in_shanghai
from server.core.text import drop_invisible

R = TypeVar("R")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
A4 = 9  # as the format numbers papers
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CellKind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    WHOLE = "whole"
    MONEY = "money"  # cents in, yuan out
    PERCENT = "percent"  # a share of 1
    DAY = "day"
    MOMENT = "moment"  # aware in, Shanghai's clock out


_FORMATS = {
    CellKind.TEXT: "@",
    CellKind.WHOLE: "0",
    CellKind.MONEY: "#,##0.00",
    CellKind.PERCENT: "0%",
    CellKind.DAY: "yyyy-mm-dd",
    CellKind.MOMENT: "yyyy-mm-dd hh:mm",
}
_WIDTHS = {
    CellKind.TEXT: 16,
    CellKind.WHOLE: 10,
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


def write_sheet(title: str, columns: Sequence[SheetColumn[R]], rows: Iterable[R]) -> BytesIO:
    """A workbook of one sheet, its bytes from their beginning."""
    content = BytesIO()
    save_sheet(content, title, columns, rows)
    content.seek(0)
    return content


def save_sheet(target: BinaryIO, title: str, columns: Sequence[SheetColumn[R]], rows: Iterable[R]) -> None:
    """Write a workbook of one sheet into `target`.

    Rows are written as they come; the heads are bold, stay in sight, filter, and stand on every printed page.
    """
    # Loaded where it is used: openpyxl and what it draws in weigh 28 MB in every web process.
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title[:31])
    letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr = 0, _fit_to_width()
    for letter, column in zip(letters, columns, strict=True):
        sheet.column_dimensions[letter].width = column.width or max(_WIDTHS[column.kind], _digits(column.head) + 4)
    sheet.append([_head(sheet, column.head) for column in columns])
    last = 1
    for row in rows:
        sheet.append([_cell(sheet, column.kind, column.value(row)) for column in columns])
        last += 1
    sheet.auto_filter.ref = f"A1:{letters[-1]}{last}"
    if last > 1 and any(column.is_summed for column in columns):
        sheet.append(_sums(sheet, columns, letters, last))
    book.save(target)


def _fit_to_width() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


def _digits(text: str) -> int:
    """How wide a text is: characters of Chinese are two digits wide."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _head(sheet: Any, text: str) -> Any:
    from openpyxl.styles import Font

    cell = _text_cell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, kind: CellKind, value: object) -> Any:
    """A cell of its kind; an empty one for None and for no text."""
    from openpyxl.cell import WriteOnlyCell

    if value is None or value == "":
        return None
    if kind is CellKind.TEXT:
        return _text_cell(sheet, str(value))
    cell = WriteOnlyCell(sheet, _plain(kind, value))
    cell.number_format = _FORMATS[kind]
    return cell


def _plain(kind: CellKind, value: object) -> Any:
    if kind is CellKind.MONEY and isinstance(value, int):
        return value / 100
    if isinstance(value, datetime):
        local = in_shanghai(value).replace(tzinfo=None)
        return local.date() if kind is CellKind.DAY else local
    return value if isinstance(value, int | float | date) else str(value)


def _text_cell(sheet: Any, text: str) -> Any:
    """A text cell, never a formula or an error."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, _LOOKS_ESCAPED.sub("_x005F_", drop_invisible(text)))
    cell.data_type, cell.number_format = "s", "@"
    return cell


def _sums(sheet: Any, columns: Sequence[SheetColumn[R]], letters: Sequence[str], last: int) -> list[Any]:
    """The row of totals: formulas of our own, over what the filter leaves."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells: list[Any] = []
    for letter, column in zip(letters, columns, strict=True):
        cell = WriteOnlyCell(sheet, f"=SUBTOTAL(109,{letter}2:{letter}{last})" if column.is_summed else None)
        cell.font, cell.number_format = Font(bold=True), _FORMATS[column.kind]
        cells.append(cell)
    if not columns[0].is_summed:
        cells[0] = _head(sheet, "合计")
    return cells


def append_row(sheet: Any, values: Iterable[object]) -> None:
    """Add a row to a sheet of a workbook that is only written. Texts become text cells, never formulas or errors."""
    sheet.append([_text_cell(sheet, value) if isinstance(value, str) and value else value for value in values])


def without_apostrophe(text: str) -> str:
    """What a cell meant in sheets of earlier versions, which put an apostrophe before what begins like a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text
