"""Sheets of an .xlsx as their maker sees them: text by row and column, or advice in place of it."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

import structlog

from server.core.errors import Invalid, TooLarge
from server.core.sandbox import ChildFailed, LimitExceeded, run_limited
from server.core.text import clean_prose
from server.core.xlsx.markup import Attributes, read_markup
from server.core.xlsx.parts import TOO_MUCH, Parts, not_a_sheet, relations_of, resolve
from server.core.xlsx.shown import ADVICE, BUILT_IN, DATE, OTHER, NotShown, show_number

T = TypeVar("T")
log = structlog.get_logger(__name__)

MAX_MEMORY = 400 * 1024 * 1024  # bytes
MAX_SECONDS, MAX_WAIT = 20, 45  # of the processor, and by the clock
MAX_SMALL = 2 * 1024 * 1024  # bytes of the parts that say where the others are
MAX_STYLES = 8 * 1024 * 1024
MAX_TEXTS = 30 * 1024 * 1024
MAX_SHEET = 60 * 1024 * 1024
MAX_CELL = 4000  # characters kept of a text
MAX_KEPT = 20_000_000  # characters of all texts together
MAX_COLUMN = 16_384

_USUAL = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_POSITION = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell: its text, or in Chinese why it cannot be told. Columns count from 1. `day`: what a cell that Excel took
    for a date holds (2026-06-01), for columns that hold days and nothing else."""

    text: str
    fault: str = ""
    day: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it: its number in the sheet and its cells by column."""

    number: int
    cells: Mapping[int, Seen]


@dataclass(slots=True)
class _Target:
    kind: str
    name: str


def read_outside(data: bytes, most_rows: int) -> list[SheetRow]:
    """`read_first_sheet` in a child process with limits, for files from outside. Raises NoRoom besides."""
    return _limited(read_first_sheet, data, most_rows)


def read_sheets_outside(data: bytes, most_rows: int, names: Sequence[str]) -> dict[str, list[SheetRow]]:
    """`read_sheets` in a child process with limits, for files from outside. Raises NoRoom besides."""
    return _limited(read_sheets, data, most_rows, names)


def _limited(read: Callable[..., T], data: bytes, *asked: Any) -> T:
    try:
        return run_limited(
            read, data, *asked, memory_bytes=MAX_MEMORY, cpu_seconds=MAX_SECONDS, wall_seconds=MAX_WAIT
        )  # fmt: skip
    except LimitExceeded as error:
        log.warning("sheet_over_limit", limit=error.limit, size=len(data))
        raise TooLarge(TOO_MUCH) from error
    except ChildFailed as error:
        log.warning("sheet_not_read", reason=str(error), size=len(data))
        raise not_a_sheet() from error


def read_first_sheet(data: bytes, most_rows: int) -> list[SheetRow]:
    """The rows of the first visible sheet. Raises TooLarge, Invalid in words for whoever made it."""
    parts = Parts(data)
    visible = [name for name, _, is_visible in _list_sheets(parts) if is_visible]
    if not visible:
        raise not_a_sheet("文件里没有看得见的工作表，请取消隐藏后再上传。")
    return _read_rows(parts, visible[:1], most_rows)[0]


def read_sheets(data: bytes, most_rows: int, names: Sequence[str]) -> dict[str, list[SheetRow]]:
    """The rows of the sheets that are called so, in any case; those that are not there are left out. Raises as
    `read_first_sheet`."""
    parts = Parts(data)
    found = {title.strip().lower(): name for name, title, _ in reversed(_list_sheets(parts))}
    wanted = [name for name in names if name in found]
    return dict(zip(wanted, _read_rows(parts, [found[name] for name in wanted], most_rows), strict=True))


def _read_rows(parts: Parts, sheets: Sequence[str], most_rows: int) -> list[list[SheetRow]]:
    targets = _read_relations(parts, _find_book(parts))
    others = _USUAL | {target.kind: target.name for target in targets.values()}
    texts = _Texts.read(parts, others["sharedStrings"]) if others["sharedStrings"] in parts else []
    formats = _Formats.read(parts, others["styles"]) if others["styles"] in parts else ["General"]
    found, first_day = [], _find_first_day(parts)
    for sheet in sheets:
        reader = _SheetReader(texts, formats, first_day, most_rows)
        read_markup(parts.read(sheet, MAX_SHEET), begin=reader.begin, end=reader.end, text=reader.text)
        found.append(reader.finish())
    return found


def _find_book(parts: Parts) -> str:
    main = [target.name for target in _read_relations(parts, "").values() if target.kind == "officeDocument"]
    return main[0] if main else "xl/workbook.xml"


def _find_first_day(parts: Parts) -> date:
    """What days of this book are counted from."""
    found = date(1899, 12, 30)  # with the 29th of February 1900 that Excel believes in

    def begin(name: str, attributes: Attributes) -> None:
        nonlocal found
        if name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            found = date(1904, 1, 1)

    read_markup(parts.read(_find_book(parts), MAX_SMALL), begin=begin)
    return found


def _read_relations(parts: Parts, part: str) -> dict[str, _Target]:
    found: dict[str, _Target] = {}

    def begin(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = _Target(kind, resolve(part, attributes.get("Target", "")))

    if relations_of(part) in parts:
        read_markup(parts.read(relations_of(part), MAX_SMALL), begin=begin)
    return found


def _list_sheets(parts: Parts) -> list[tuple[str, str, bool]]:
    """(part, what it is called, whether it is visible) of every worksheet, in their order."""
    book = _find_book(parts)
    targets, found = _read_relations(parts, book), list[tuple[str, str, bool]]()

    def begin(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            target = targets.get(attributes.get("id", ""))
            if target is not None and target.kind == "worksheet":
                is_visible = attributes.get("state", "visible") == "visible"
                found.append((target.name, attributes.get("name", ""), is_visible))

    read_markup(parts.read(book, MAX_SMALL), begin=begin)
    return found


class _Words:
    """The text of one cell, gathered from its runs; what is said about pronunciation is not part of it."""

    def __init__(self) -> None:
        self.is_open = self.is_hint = False
        self.text = ""

    def begin(self, name: str) -> None:
        self.is_open = name == "t"
        self.is_hint = self.is_hint or name == "rPh"

    def end(self, name: str) -> None:
        self.is_open = False
        self.is_hint = self.is_hint and name != "rPh"

    def add(self, text: str) -> None:
        if self.is_open and not self.is_hint and len(self.text) <= MAX_CELL:
            self.text += text[: MAX_CELL + 1]

    def take(self) -> str:
        text, self.text = self.text, ""
        return clean_prose(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))


class _Texts:
    """The texts that cells share."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.words = _Words()
        self.left = MAX_KEPT

    @classmethod
    def read(cls, parts: Parts, name: str) -> list[str]:
        reader = cls()
        read_markup(parts.read(name, MAX_TEXTS), begin=reader.begin, end=reader.end, text=reader.words.add)
        return reader.found

    def begin(self, name: str, _attributes: Attributes) -> None:
        self.words.begin(name)

    def end(self, name: str) -> None:
        self.words.end(name)
        if name == "si":
            text = self.words.take()
            self.left -= len(text)
            if self.left < 0:
                raise TooLarge(TOO_MUCH)
            self.found.append(text)


class _Formats:
    """The number format of every style that cells refer to."""

    def __init__(self) -> None:
        self.custom: dict[str, str] = {}
        self.found: list[str] = []
        self.is_within = False

    @classmethod
    def read(cls, parts: Parts, name: str) -> list[str]:
        reader = cls()
        read_markup(parts.read(name, MAX_STYLES), begin=reader.begin, end=reader.end)
        return reader.found or ["General"]

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self.custom[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:255]
        elif name == "cellXfs":
            self.is_within = True
        elif name == "xf" and self.is_within:
            number = attributes.get("numFmtId", "0")
            built_in = BUILT_IN.get(int(number), "") if number.isascii() and number.isdigit() else ""
            self.found.append(self.custom.get(number, built_in))

    def end(self, name: str) -> None:
        self.is_within = self.is_within and name != "cellXfs"


@dataclass(slots=True)
class _Cell:
    column: int = 0
    kind: str = "n"
    style: int = 0
    value: str = ""
    has_formula: bool = False


@dataclass(slots=True)
class _Hidden:
    """Rows and columns that nobody sees."""

    columns: list[range] = field(default_factory=list)
    is_row: bool = False


class _SheetReader:
    """Handlers for the markup of a sheet."""

    def __init__(self, texts: list[str], formats: list[str], first_day: date, most_rows: int) -> None:
        self.texts, self.formats, self.first_day, self.most_rows = texts, formats, first_day, most_rows
        self.rows: list[SheetRow] = []
        self.number, self.column = 0, 0
        self.cells: dict[int, Seen] = {}
        self.cell = _Cell()
        self.words = _Words()
        self.is_value = False
        self.hidden = _Hidden()
        self.merged: list[range] = []  # rows of cells that are one
        self.left = MAX_KEPT

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._begin_row(attributes)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            self.hidden.columns.append(range(_whole(attributes.get("min")), _whole(attributes.get("max")) + 1))
        elif name == "mergeCell":
            self._note_merged(attributes.get("ref", ""))
        elif name == "f":
            self.cell.has_formula = True
        self.is_value = name == "v"
        self.words.begin(name)

    def end(self, name: str) -> None:
        self.is_value = False
        self.words.end(name)
        if name == "c":
            self._end_cell()
        elif name == "row" and self.cells:
            if len(self.rows) >= self.most_rows:
                raise Invalid(f"一次最多导入 {self.most_rows - 1} 行，请分成几个文件。", code="too_many_rows")
            self.rows.append(SheetRow(self.number, self.cells))

    def text(self, text: str) -> None:
        if self.is_value and len(self.cell.value) <= MAX_CELL:
            self.cell.value += text[: MAX_CELL + 1]
        else:
            self.words.add(text)

    def finish(self) -> list[SheetRow]:
        """The rows. Raises Invalid where cells of several rows are one: those below show what they do not hold."""
        filled = sorted(row.number for row in self.rows)
        for rows in self.merged:
            first = bisect_left(filled, rows.start)
            if first < len(filled) and filled[first] < rows.stop:
                raise Invalid(f"第 {rows.start} 行有合并的单元格，请取消合并、每行填全再上传。", code="merged_cells")
        return self.rows

    def _begin_row(self, attributes: Attributes) -> None:
        self.number = _whole(attributes.get("r")) or self.number + 1
        self.column, self.cells = 0, {}
        self.hidden.is_row = attributes.get("hidden") in ("1", "true")

    def _begin_cell(self, attributes: Attributes) -> None:
        position = _POSITION.fullmatch(attributes.get("r", ""))
        self.column = _column_number(position[1]) if position else self.column + 1
        self.cell = _Cell(self.column, attributes.get("t", "n"), _whole(attributes.get("s")))

    def _end_cell(self) -> None:
        seen = self._see(self.cell)
        if not (seen.text or seen.fault) or self.cell.column > MAX_COLUMN:
            return
        if self.hidden.is_row:
            raise Invalid(f"第 {self.number} 行是隐藏的，请取消隐藏（或筛选），或者删掉后再上传。", code="hidden_cells")
        if self.rows and any(self.cell.column in columns for columns in self.hidden.columns):
            raise Invalid("有隐藏的列，请取消隐藏，或者删掉后再上传。", code="hidden_cells")
        self.left -= len(seen.text)
        if self.left < 0:
            raise TooLarge(TOO_MUCH)
        self.cells[self.cell.column] = seen

    def _see(self, cell: _Cell) -> Seen:
        words = self.words.take()
        if cell.has_formula:
            return Seen("", "不能用公式，请粘贴为数值")
        if cell.kind == "inlineStr":
            return Seen(words)
        value = cell.value.strip()
        if not value:
            return Seen("")
        if cell.kind == "s":
            return Seen(self.texts[int(value)]) if value.isdecimal() and int(value) < len(self.texts) else Seen("")
        if cell.kind in _SEEN_BY_KIND:
            return _SEEN_BY_KIND[cell.kind](cell.value)
        return self._see_number(value, cell.style)

    def _see_number(self, value: str, style: int) -> Seen:
        format_code = self.formats[style] if style < len(self.formats) else ""
        try:
            return Seen(clean_prose(show_number(value, format_code))) if format_code else Seen("", OTHER)
        except NotShown as refusal:
            return Seen("", str(refusal), self._day_of(value) if str(refusal) == DATE else "")

    def _day_of(self, value: str) -> str:
        """Of a whole day between 1901 and 2099."""
        count = float(value)
        is_day = count.is_integer() and 400 <= count <= 73_000
        return (self.first_day + timedelta(days=int(count))).isoformat() if is_day else ""

    def _note_merged(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        begin, end = _POSITION.fullmatch(first), _POSITION.fullmatch(last or first)
        if begin and end and begin[2] != end[2]:
            self.merged.append(range(int(begin[2]), int(end[2]) + 1))


_SEEN_BY_KIND: Mapping[str, Callable[[str], Seen]] = {
    "str": lambda value: Seen("", "不能用公式，请粘贴为数值") if value.startswith("=") else Seen(clean_prose(value)),
    "b": lambda value: Seen("是" if value.strip() in ("1", "true") else "否"),
    "e": lambda _value: Seen("", f"单元格显示错误，{ADVICE}"),
    "d": lambda value: Seen("", DATE, value.strip().removesuffix("T00:00:00")),
}
"""What cells show by their type, other than numbers and shared texts."""


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
