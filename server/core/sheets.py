"""Spreadsheets for other people to open: what is text stays text, whatever it begins with."""

import re
from collections.abc import Iterable
from typing import Any

from server.core.text import drop_invisible

_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def append_row(sheet: Any, values: Iterable[object]) -> None:
    """Add a row to a sheet of a workbook that is only written. Texts become text cells, never formulas or errors."""
    # Loaded where it is used: openpyxl and what it draws in weigh 28 MB in every web process.
    from openpyxl.cell import WriteOnlyCell

    cells: list[Any] = []
    for value in values:
        if isinstance(value, str) and value:
            cell = WriteOnlyCell(sheet, _LOOKS_ESCAPED.sub("_x005F_", drop_invisible(value)))
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        else:
            cells.append(value)
    sheet.append(cells)


def without_apostrophe(text: str) -> str:
    """What a cell meant in sheets of earlier versions, which put an apostrophe before what begins like a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text
