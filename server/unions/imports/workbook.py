"""Reading an .xlsx that anybody may have made: capped in bytes, parts, cells and rows; no formulas, no entities."""

import io
import math
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from server.core.errors import Invalid, TooLarge

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024  # of all parts together, as the archive declares; reading stops there
MAX_PARTS = 100
MAX_ROWS = 5000
MAX_CELL = 500  # characters, unless the caller says otherwise
BLANK_ROWS = 50  # in a row end the sheet

NOT_A_SHEET = "这个文件打不开，请用 Excel 另存为 .xlsx 再上传。"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: our field, its heading, a sample, and what may stand in it."""

    field: str
    heading: str
    sample: str
    note: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as read: its number in the sheet, text by field, and what could not be read, by field."""

    number: int
    cells: dict[str, str]
    errors: dict[str, str]


def read_rows(data: bytes, columns: Sequence[Column], *, max_cell: int = MAX_CELL) -> list[RawRow]:
    """The rows of the first sheet under its headings. Raises TooLarge, Invalid in words for whoever made it."""
    # Loaded where it is used: openpyxl and what it draws in weigh 28 MB in every web process.
    from openpyxl import load_workbook

    _check_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=len(columns) + 20)
        return _read(rows, columns, max_cell)
    except Invalid:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers stumble over
        raise Invalid(NOT_A_SHEET, code="not_a_sheet") from error


def _check_archive(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise TooLarge(f"文件太大了，最多 {MAX_BYTES // 1024 // 1024} MB。请分成几个文件导入。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise TooLarge("文件里的内容太多了，请只保留要导入的工作表。")
            for part in parts:
                _check_part(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise Invalid(NOT_A_SHEET, code="not_a_sheet") from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Sheets never declare a document type; whoever does wants entities expanded."""
    if part.filename.endswith((".xml", ".rels", ".vml")):
        with archive.open(part) as stream:
            head = stream.read(4096)
        if b"<!" in head.replace(b"<!--", b"") or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Invalid(NOT_A_SHEET, code="not_a_sheet")


def _read(rows: Iterator[tuple[Any, ...]], columns: Sequence[Column], max_cell: int) -> list[RawRow]:
    fields = _read_headings(next(rows, ()), columns)
    found: list[RawRow] = []
    blank = 0
    for number, cells in enumerate(rows, 2):
        row = _read_row(number, cells, fields, max_cell)
        if not row.cells and not row.errors:
            blank += 1
            if blank >= BLANK_ROWS:
                break
            continue
        blank = 0
        found.append(row)
        if len(found) > MAX_ROWS:
            raise Invalid(f"一次最多导入 {MAX_ROWS} 行，请分成几个文件。", code="too_many_rows")
    if not found:
        raise Invalid("表格里没有数据，请从第二行开始填写。", code="empty_sheet")
    return found


def _read_headings(cells: tuple[Any, ...], columns: Sequence[Column]) -> list[str | None]:
    by_heading = {column.heading: column.field for column in columns}
    texts = ["" if cell.value is None else str(cell.value).strip().rstrip("*＊") for cell in cells]
    unknown = [text for text in texts if text and text not in by_heading]
    if unknown:
        raise Invalid(f"第一行有不认识的列名：{'、'.join(unknown[:5])[:100]}。请使用下载的模板。", code="bad_headings")
    present = [by_heading.get(text) for text in texts]
    missing = [column.heading for column in columns if column.required and column.field not in present]
    if missing:
        raise Invalid(f"第一行缺少这些列：{'、'.join(missing)}。请使用下载的模板。", code="bad_headings")
    named = [field for field in present if field]
    if len(set(named)) != len(named):
        raise Invalid("第一行有重复的列名。", code="bad_headings")
    return present


def _read_row(number: int, cells: tuple[Any, ...], fields: Sequence[str | None], max_cell: int) -> RawRow:
    texts: dict[str, str] = {}
    errors: dict[str, str] = {}
    for cell, field in zip(cells, fields, strict=False):
        if field is None or cell.value is None:
            continue
        try:
            text = _text(cell, max_cell)
        except ValueError as error:
            errors[field] = str(error)
            continue
        if text:
            texts[field] = text
    return RawRow(number, texts, errors)


def _text(cell: Any, max_cell: int) -> str:
    """A cell as text. Raises ValueError, in Chinese, for what is no plain value."""
    value = cell.value
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        raise ValueError("不能用公式，请粘贴为数值")
    if cell.data_type == "e":
        raise ValueError("单元格显示错误，请改正")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date | time):
        raise ValueError("被 Excel 当成了日期，请把单元格设为文本")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("数字太大了")
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    text = str(value).strip()
    if len(text) > max_cell:
        raise ValueError(f"最多 {max_cell} 个字")
    return text
