"""Text in spreadsheets that other people open."""

from operator import itemgetter

import pytest
from openpyxl import load_workbook

from server.core.sheets import CellKind, Sheet, SheetColumn, without_apostrophe, write_book


def written(*values: object) -> list[object]:
    columns = [SheetColumn(f"列{at}", itemgetter(at), CellKind.NUMBER) for at in range(len(values))]
    cells = load_workbook(write_book(Sheet("表", columns, [values]))).worksheets[0][2]
    assert all(cell.data_type == "s" for cell in cells if isinstance(cell.value, str))
    return [cell.value for cell in cells]


@pytest.mark.parametrize(
    "text",
    [
        "-18℃",
        "=HYPERLINK(1)",
        "+86",
        "@甲",
        "#N/A",
        "'引号",
        "海滨造船厂",
        "2026-01-01",
        "0012",
        "<b>&",
        " 前后 ",
    ],
)
def test_a_text_is_written_as_it_is_and_is_no_formula(text: str) -> None:
    assert written(text) == [text]


def test_what_looks_like_markup_of_the_writer_is_text() -> None:
    assert written("<r><t>藏</t></r>") == ["<r><t>藏</t></r>"]
    assert written(" 前后 ", "A&lt;") == [" 前后 ", "A&lt;"]
    assert written("长" * 40000, "😀" * 20000) == ["长" * 32767, "😀" * 16383]


def test_numbers_stay_numbers_and_nothing_stays_nothing() -> None:
    assert written(3, None, 0.5, "") == [3, None, 0.5, None]


def test_what_a_sheet_cannot_hold_is_left_out() -> None:
    assert written("配电箱\x07敞\u202e开\x0b了") == ["配电箱敞开\n了"]


def test_sheets_of_earlier_versions_are_read_as_they_were_meant() -> None:
    assert without_apostrophe("'-18℃") == "-18℃"
    assert without_apostrophe("'引号") == "'引号"
