"""Rows of a sheet, each written at once: XlsxWriter makes an object of every cell and looks at it four times, which was
more than half of what a long sheet cost. What is written is what XlsxWriter writes itself."""

from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import _preserve_whitespace, _utf16_truncate, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from server.core.text import drop_invisible

MOST = 32767  # units of UTF-16 in a cell
_OFTEN = 64  # characters of what may stand in many cells: a name, a status


class RowSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A sheet of a workbook with `constant_memory` that also takes a row as a whole, below all that was written."""

    def add_row(self, row: int, cells: str) -> None:
        """A row, counted from 0, no wider than its heads."""
        if self._check_dimensions(row, 0) < 0:
            raise ValueError(f"row {row} is beyond the sheet, or above what was written")
        if row > self.previous_row:
            self._write_single_row(row)  # what was written cell by cell
        self.fh.write(f'<row r="{row + 1}">{cells}</row>')

    def moment(self, value: date) -> float:
        """A day or a moment as the number that a cell holds."""
        return float(self._convert_date_time(value))


class Cells:
    """The XML of the cells of one column: `look` is how its numbers look, `plain` how its words do."""

    def __init__(self, at: int, look: Any, plain: Any) -> None:
        letters = xl_col_to_name(at)
        self._number = f'<c r="{letters}%d" s="{look._get_xf_index()}"><v>%s</v></c>'
        self._text = f'<c r="{letters}%d" s="{plain._get_xf_index()}" t="inlineStr"><is>%s</is></c>'

    def number(self, row: int, value: Any) -> str:
        """A number; moments and days are numbers of days."""
        if not isfinite(value):
            raise ValueError("no number that a sheet could show")
        return self._number % (row + 1, f"{value:.16G}")

    def text(self, row: int, text: str) -> str:
        """Words, as many of them as a cell holds."""
        return self._text % (row + 1, _often(text) if len(text) <= _OFTEN else _element(text))


def _element(words: str) -> str:
    text = drop_invisible(words)
    if len(text) > MOST // 2:
        text = _utf16_truncate(text, MOST)
    if "_x" in text:  # which a program that opens it could take for the code of a character
        text = Worksheet._escape_control_characters(text)
    kept = ' xml:space="preserve"' if _preserve_whitespace(text) else ""
    return f"<t{kept}>{escape(text)}</t>"


_often = lru_cache(maxsize=10_000)(_element)
