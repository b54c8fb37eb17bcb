"""Reading sheets that anybody may have made."""

import contextlib
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from server.core.errors import AppError, Invalid, TooLarge
from server.core.xlsx.parts import MAX_PARTS
from server.unions.imports.models import ImportKind
from server.unions.imports.sheets.shapes import COLUMNS, PEOPLE_COLUMNS, UNION_COLUMNS, PersonRow, UnionRow, check_row
from server.unions.imports.sheets.template import make_template
from server.unions.imports.sheets.workbook import MAX_BYTES, MAX_ROWS, RawRow, read_rows
from tests.support.examples import examples

HEADINGS = ["编号", "名称", "级别", "上级编号", "职工人数"]


def sheet(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(data: bytes, change: dict[str, bytes]) -> bytes:
    """The archive with some parts replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.pop(name) if name in change else old.read(name))
        for name, content in change.items():
            new.writestr(name, content)
    return buffer.getvalue()


def test_rows_keep_their_numbers_and_blank_ones_are_skipped() -> None:
    rows = read_rows(
        sheet(HEADINGS, ["A", "甲公司", "企业", "T", 12], [], ["B", "乙公司", "企业", "T", None]), UNION_COLUMNS
    )
    assert [(row.number, row.cells["code"]) for row in rows] == [(2, "A"), (4, "B")]
    assert rows[0].cells["headcount"] == "12"
    assert "headcount" not in rows[1].cells


def test_columns_may_stand_in_any_order_and_headings_may_be_starred() -> None:
    (row,) = read_rows(sheet(["上级编号*", "级别*", "名称*", "编号*"], ["T", "企业", "甲公司", "A"]), UNION_COLUMNS)
    assert row.cells == {"parent_code": "T", "level": "企业", "name": "甲公司", "code": "A"}


def test_long_numbers_stay_whole() -> None:
    (row,) = read_rows(sheet(["姓名", "手机"], ["甲", 13800001234]), PEOPLE_COLUMNS)
    assert row.cells["phone"] == "13800001234"


@pytest.mark.parametrize("value", ["=1+1", '=HYPERLINK("http://example.org")', "=CMD()"])
def test_formulas_are_refused(value: str) -> None:
    (row,) = read_rows(sheet(HEADINGS, ["A", value, "企业", "T", None]), UNION_COLUMNS)
    assert "公式" in row.errors["name"]


def test_what_excel_took_for_a_date_is_refused() -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None)
    (row,) = read_rows(sheet(HEADINGS, [moment, "甲公司", "企业", "T", None]), UNION_COLUMNS)
    assert "日期" in row.errors["code"]


@pytest.mark.parametrize(
    ("headings", "complaint"),
    [
        (["编号", "名称", "级别"], "上级工会"),
        ([*HEADINGS, "神秘列"], "神秘列"),
        (["编号", "编号", "名称", "级别", "上级编号"], "重复"),
        (["名称"], "缺少"),
    ],
)
def test_wrong_headings_are_named(headings: list[str], complaint: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_rows(sheet(headings, ["A", "甲公司", "企业", "T"]), UNION_COLUMNS)
    assert complaint in refusal.value.message


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(Invalid, match="empty_sheet"):
        read_rows(sheet(HEADINGS), UNION_COLUMNS)


def test_too_many_rows_are_refused() -> None:
    rows = [[f"A{number}", "甲公司", "企业", "T", None] for number in range(MAX_ROWS + 1)]
    with pytest.raises(Invalid, match="too_many_rows"):
        read_rows(sheet(HEADINGS, *rows), UNION_COLUMNS)


def test_a_row_after_a_long_gap_is_read() -> None:
    book = Workbook()
    book.worksheets[0].append(HEADINGS)
    book.worksheets[0].append(["A", "甲公司", "企业", "T", None])
    book.worksheets[0].cell(1_000_000, 1, "Z")
    buffer = io.BytesIO()
    book.save(buffer)
    assert [row.number for row in read_rows(buffer.getvalue(), UNION_COLUMNS)] == [2, 1_000_000]


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(TooLarge):
        read_rows(b"x" * (MAX_BYTES + 1), UNION_COLUMNS)


def test_a_zip_bomb_is_refused_unread() -> None:
    bomb = repacked(sheet(HEADINGS), {"xl/worksheets/sheet1.xml": b"<x>" + b" " * (61 * 1024 * 1024)})
    assert len(bomb) < MAX_BYTES
    with pytest.raises(TooLarge):
        read_rows(bomb, UNION_COLUMNS)


def test_an_archive_of_countless_parts_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_rows(repacked(sheet(HEADINGS), {f"x/{number}": b"" for number in range(MAX_PARTS)}), UNION_COLUMNS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    with pytest.raises(Invalid, match="not_a_sheet"):
        read_rows(repacked(sheet(HEADINGS), {"xl/sharedStrings.xml": text.encode(encoding)}), UNION_COLUMNS)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04" + b"\x00" * 100, b"<html></html>", "编号,名称".encode()])
def test_what_is_no_sheet_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        read_rows(data, UNION_COLUMNS)
    assert refusal.value.code == "not_a_sheet"
    assert ".xlsx" in refusal.value.message


@cache
def _one_sheet() -> bytes:
    """The same bytes each time: a sheet carries the time it was made."""
    return sheet(HEADINGS, ["A", "甲公司", "企业", "T", 12])


@settings(max_examples=examples(20, full=60), deadline=None)
@given(st.data())
def test_a_damaged_sheet_is_read_or_refused_but_never_breaks(data: st.DataObject) -> None:
    whole = bytearray(_one_sheet())
    for _ in range(data.draw(st.integers(1, 20))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(whole)))
    with contextlib.suppress(AppError):
        read_rows(bytes(whole[:cut]), UNION_COLUMNS)


@settings(max_examples=examples(40, full=150), deadline=None)
@given(st.dictionaries(st.sampled_from([column.field for column in UNION_COLUMNS]), st.text(max_size=60)))
def test_whatever_stands_in_a_row_it_is_taken_or_refused_by_field(cells: dict[str, str]) -> None:
    row, errors = check_row(UnionRow, RawRow(2, cells, {}))
    assert (row is None) == bool(errors)
    assert errors.keys() <= {column.field for column in UNION_COLUMNS}


@settings(max_examples=examples(40, full=150), deadline=None)
@given(st.dictionaries(st.sampled_from([column.field for column in PEOPLE_COLUMNS]), st.text(max_size=60)))
def test_the_same_holds_for_people(cells: dict[str, str]) -> None:
    row, errors = check_row(PersonRow, RawRow(2, cells, {}))
    assert (row is None) == bool(errors)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("level", "车间", "区市、镇街、企业、班组"),
        ("is_high_risk", "有", "是、否"),
        ("headcount", "一百", "整数"),
        ("headcount", "-3", "整数"),
        ("headcount", "99999999", "1000000"),
        ("size", "特大", "大型"),
        ("name", "甲", "至少 2 个字"),
        ("code", "编" * 41, "最多 40 个字"),
    ],
)
def test_complaints_say_what_may_stand_there(field: str, value: str, complaint: str) -> None:
    good = {"code": "A", "name": "甲公司", "level": "企业", "parent_code": "T"}
    _, errors = check_row(UnionRow, RawRow(2, good | {field: value}, {}))
    assert errors.keys() == {field}
    assert complaint in errors[field]


@pytest.mark.parametrize("kind", list(ImportKind))
def test_the_template_can_be_read_back_and_its_sample_fits(kind: ImportKind) -> None:
    data = make_template(kind)
    (row,) = read_rows(data, COLUMNS[kind])
    checked, errors = check_row(UnionRow if kind is ImportKind.UNIONS else PersonRow, row)
    assert errors == {}
    assert checked is not None
    assert load_workbook(io.BytesIO(data)).sheetnames[1] == "填写说明"
