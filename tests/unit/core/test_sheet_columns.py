"""A sheet from columns: real dates, money, sums, and nothing that runs."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from server.core.sheets import CellKind, Sheet, SheetColumn, write_book

COLUMNS: tuple[SheetColumn[dict[str, Any]], ...] = (
    SheetColumn("单位", lambda row: row["name"]),
    SheetColumn("金额", lambda row: row["cents"], CellKind.MONEY, is_summed=True),
    SheetColumn("占比", lambda row: row["share"], CellKind.PERCENT),
    SheetColumn("日期", lambda row: row["at"], CellKind.DAY),
)
ROWS: list[dict[str, Any]] = [
    {"name": "=cmd()", "cents": 12345, "share": Decimal("0.5"), "at": datetime(2026, 11, 22, 17, tzinfo=UTC)},
    {"name": "船厂", "cents": None, "share": None, "at": date(2026, 11, 24)},
]


def written(rows: list[dict[str, Any]]) -> Any:
    with write_book(Sheet("台账", COLUMNS, rows)) as content:
        return load_workbook(content).worksheets[0]


def test_cells_are_of_their_kind_and_texts_never_run() -> None:
    sheet = written(ROWS)
    name, money, share, day = next(iter(sheet.iter_rows(min_row=2, max_row=2)))
    assert (name.data_type, name.value) == ("s", "=cmd()")
    assert (money.value, money.number_format) == (123.45, "#,##0.00")
    assert (share.data_type, share.value, share.number_format) == ("n", 0.5, "0%")
    assert (str(day.value)[:10], day.number_format) == ("2026-11-23", "yyyy-mm-dd")  # as Shanghai counts
    assert [cell.value for cell in sheet[3]][1:3] == [None, None]


def test_a_sum_stands_under_what_is_filtered() -> None:
    sheet = written(ROWS)
    assert [cell.value for cell in sheet[4]] == ["合计", "=SUBTOTAL(109,B2:B3)", None, None]
    assert sheet.auto_filter.ref == "A1:D3"


def test_a_program_that_computes_nothing_shows_the_sums() -> None:
    """WeChat's viewer and phones show what is stored beside a formula."""
    rows = [{**ROWS[0], "cents": cents} for cents in (10, 20, 12345, None)]
    with write_book(Sheet("台账", COLUMNS, rows)) as content:
        last = [cell.value for cell in load_workbook(content, data_only=True).worksheets[0][6]]
    assert last == ["合计", 123.75, None, None]


def test_sheets_are_called_what_the_format_allows_and_no_two_alike() -> None:
    titles = ["a/b", "A:B", "一" * 40, "一" * 40, "", "'甲'"]
    with write_book(*(Sheet(title, COLUMNS, ROWS) for title in titles)) as content:
        names = load_workbook(content).sheetnames
    assert names == ["a b", "A B2", "一" * 31, "一" * 30 + "2", "表", "甲"]


def test_an_empty_sheet_has_its_heads_alone() -> None:
    sheet = written([])
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["单位", "金额", "占比", "日期"]]
