"""Spreadsheets for other people to open: what is text stays text, whatever it begins with."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
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
_NO_NAME = re.compile(r"[\[\]:*?/\\]")
_NAME, _CELL = 31, 32767  # characters that the format has room for
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
    from xlsxwriter import Workbook  # loaded where it is used: few requests write a workbook

    from server.core.sheet_rows import RowSheet

    book = Workbook(target, {"constant_memory": True})
    looks = _Looks(book)
    written = 0
    for sheet in sheets:
        written += _write_sheet(book.add_worksheet(_free_name(book, sheet.title), RowSheet), looks, sheet)
    book.close()
    return written


class _Looks:
    """How cells look, each made once: words go on in the next line, so that nothing of them is cut off, on the screen
    or on paper."""

    def __init__(self, book: Any) -> None:
        self.columns = {kind: book.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
        self.cells = {
            kind: book.add_format({"num_format": form, "valign": "vcenter", "text_wrap": kind is CellKind.TEXT})
            for kind, form in _FORMATS.items()
        }
        self.sums = {kind: book.add_format({"num_format": form, "bold": True}) for kind, form in _FORMATS.items()}
        text = _FORMATS[CellKind.TEXT]
        self.head = book.add_format({"num_format": text, "bold": True, "font_size": _NORMAL})
        self.title = book.add_format({"num_format": text, "bold": True, "font_size": _LARGE})


def _free_name(book: Any, title: str) -> str:
    """A name for a sheet as the format has them: no signs of addresses, 31 characters, no two alike."""
    wanted = _NO_NAME.sub(" ", drop_invisible(title)).strip("' ")[:_NAME] or "表"
    taken = {sheet.name.lower() for sheet in book.worksheets()}
    number, name = 1, wanted
    while name.lower() in taken:
        number += 1
        name = f"{wanted[: _NAME - len(str(number))]}{number}"
    return name


def _write_sheet(sheet: Any, looks: _Looks, wanted: Sheet[R]) -> int:
    columns = (*_numbering(wanted), *wanted.columns)
    heads = len(wanted.heading)  # rows are counted from 0
    _lay_out(sheet, columns, looks, heads)
    for number, line in enumerate(wanted.heading):
        _write_text(sheet, number, 0, line, looks.title if number == 0 else looks.head)
    for at, column in enumerate(columns):
        _write_text(sheet, heads, at, column.head, looks.head)
    last, sums = heads, [Decimal() for _ in columns]
    write = _row_writer(sheet, columns, looks, sums)
    for values in _values(wanted):
        last += 1
        write(last, values)
    sheet.autofilter(heads, 0, last, len(columns) - 1)
    if last > heads and any(column.is_summed for column in columns):
        _write_sums(sheet, columns, looks, (heads + 1, last), sums)
    return last - heads


def _numbering(wanted: Sheet[Any]) -> list[SheetColumn[Any]]:
    """The column of running numbers, which `_values` fills."""
    return [SheetColumn("序号", lambda _: None, CellKind.WHOLE, width=6)] if wanted.is_numbered else []


def _values(wanted: Sheet[R]) -> Iterator[list[object]]:
    for number, row in enumerate(wanted.rows, 1):
        values = [column.value(row) for column in wanted.columns]
        yield [number, *values] if wanted.is_numbered else values


def _lay_out(sheet: Any, columns: Sequence[SheetColumn[R]], looks: _Looks, heads: int) -> None:
    """How it is looked at, printed and filled in: a column keeps its format below the last row as well, so that Excel
    leaves long numbers that are typed there alone."""
    sheet.freeze_panes(heads + 1, 0)
    sheet.repeat_rows(heads)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(0)  # none is hidden, on paper either
    sheet.center_horizontally()
    sheet.set_margins(left=_MARGIN, right=_MARGIN)
    for at, (column, width) in enumerate(zip(columns, _widths(columns), strict=True)):
        sheet.set_column(at, at, width, looks.columns[column.kind])


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


def _row_writer(
    sheet: Any, columns: Sequence[SheetColumn[Any]], looks: _Looks, sums: list[Decimal]
) -> Callable[[int, Sequence[object]], None]:
    """What writes a row: a cell of its kind for each value, none for None and for no text. Adds to `sums`."""
    from server.core.sheet_rows import Cells

    plain = looks.cells[CellKind.TEXT]
    cells = [Cells(at, looks.cells[column.kind], plain) for at, column in enumerate(columns)]
    ways = list(enumerate(zip(columns, cells, strict=True)))

    def write(row: int, values: Sequence[object]) -> None:
        written: list[str] = []
        for at, (column, cell) in ways:
            value = values[at]
            if value is None or value == "":
                continue
            if column.kind is CellKind.TEXT or not isinstance(value, int | float | Decimal | date):
                written.append(cell.text(row, str(value)))
                continue
            number = _plain(column.kind, value)
            if isinstance(number, date):
                number = sheet.moment(number)
            elif column.is_summed:
                sums[at] += Decimal(str(number))
            written.append(cell.number(row, number))
        sheet.add_row(row, "".join(written))

    return write


def _plain(kind: CellKind, value: int | float | Decimal | date) -> int | float | Decimal | date:
    if kind is CellKind.MONEY and isinstance(value, int):
        return value / 100
    if isinstance(value, datetime):
        local = in_shanghai(value).replace(tzinfo=None)
        return local.date() if kind is CellKind.DAY else local
    return value


def _write_text(sheet: Any, row: int, at: int, text: str, look: Any) -> None:
    """A text cell, never a formula or an error; as much of it as a cell holds. XlsxWriter would take for markup of its
    own what stands between <r> and </r>."""
    shown = drop_invisible(text)[: _CELL - 1]
    sheet.write_string(row, at, f"{shown} " if shown.startswith("<r>") and shown.endswith("</r>") else shown, look)


def _write_sums(
    sheet: Any, columns: Sequence[SheetColumn[R]], looks: _Looks, rows: tuple[int, int], sums: Sequence[Decimal]
) -> None:
    """The row of totals: formulas of our own, over what the filter leaves. Beside each its result, for programs that
    show a workbook and compute nothing (WeChat's viewer, phones)."""
    from xlsxwriter.utility import xl_col_to_name

    first, last = rows
    for at, column in enumerate(columns):
        if column.is_summed:
            letter, total = xl_col_to_name(at), sums[at]
            formula = f"=SUBTOTAL(109,{letter}{first + 1}:{letter}{last + 1})"
            result = int(total) if total == total.to_integral_value() else float(total)
            sheet.write_formula(last + 1, at, formula, looks.sums[column.kind], result)
    if not columns[0].is_summed:
        _write_text(sheet, last + 1, 0, "合计", looks.head)


def without_apostrophe(text: str) -> str:
    """What a cell meant in sheets of earlier versions, which put an apostrophe before what begins like a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text
