"""A sheet is read as its maker sees it, or refused with advice; nothing in it costs more than it is worth."""

import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import AppError, Invalid
from server.core.xlsx.parts import MAX_BYTES
from server.core.xlsx.reading import Seen, SheetRow, read_first_sheet
from server.core.xlsx.shown import BUILT_IN, NotShown, show_number
from tests.support.sheets import STRICT, row, sheet_xml, styles_xml, xlsx
from tests.support.storms import HEAD, STORMS, storm


def read(data: bytes, most_rows: int = 100) -> list[SheetRow]:
    return read_first_sheet(data, most_rows)


def only(value: object, *formats: str | int, texts: str = "") -> Seen:
    """What is read of a cell with this value."""
    data = xlsx(sheet_xml(HEAD, row(value, "名")), styles=styles_xml(*formats), texts=texts)
    return read(data)[1].cells.get(1, Seen(""))


@pytest.mark.parametrize(
    ("stored", "format_code", "shown"),
    [
        ("12", "0000", "0012"), ("12", "General", "12"), ("13800001234", "General", "13800001234"),
        ("0.30000000000000004", "General", "0.3"), ("1234.5", "General", "1234.5"), ("-18", "General", "-18"),
        ("0.12", 9, "12%"), ("0.1234", 10, "12.34%"), ("0.125", "0%", "13%"), ("1234567", 3, "1,234,567"),
        ("1234567.5", "#,##0.00", "1,234,567.50"), ("120", '0"人"', "120人"), ("-18", '0"℃"', "-18℃"),
        ("13800001234", "000-0000-0000", "138-0000-1234"), ("370202", "00-00-00", "37-02-02"),
        ("5", '"QY"0000', "QY0005"),
        ("138000012345", 1, "138000012345"), ("12", 49, "12"), ("-5", "0_);(0)", "(5)"), ("5", "[红色]0", "5"),
        ("5", "[$¥-804]#,##0.00", "¥5.00"), ("3", 'G/通用格式"人"', "3人"), ("1.5", "0.##", "1.5"), ("2.5", "0", "3"),
        ("120", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', " 120 "),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_shown(stored: str, format_code: str | int, shown: str) -> None:
    assert show_number(stored, BUILT_IN[format_code] if isinstance(format_code, int) else format_code) == shown
    assert only(f'<c s="1"><v>{stored}</v></c>', format_code) == Seen(shown.strip())


@pytest.mark.parametrize(
    ("stored", "format_code", "advice"),
    [
        ("9.1137020000000013E+17", "General", "科学计数"), ("138000012345", "General", "科学计数"),
        ("1234567890123456", "0", "末几位"), ("1.5E-7", "General", "科学计数"), ("1e300", "0", "末几位"),
        ("45000", 14, "日期"), ("45000", 31, "日期"), ("1.26", 46, "日期"), ("1.26", "[h]:mm:ss", "日期"),
        ("45000", 'yyyy"年"m"月"d"日"', "日期"), ("0.5", 12, "分数"), ("0.5", "# ??/16", "分数"),
        ("0.5", "0.00E+00", "科学计数"), ("5", "[DBNum1]0", "格式"), ("5000", "0,", "格式"), ("5", ";;;", "格式"),
        ("5", "[>100]0;0.0", "格式"), ("5", 44, "格式"), ("nan", "0", "文本"), ("x", "0", "文本"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_as_it_is_shown_is_refused_with_advice(
    stored: str, format_code: str | int, advice: str
) -> None:
    seen = only(f'<c s="1"><v>{stored}</v></c>', format_code)
    assert not seen.text
    assert advice in seen.fault
    assert "文本" in seen.fault


@given(
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.text(st.sampled_from('0#?,.%"\\_*[]$人ymdE/;@-( '), max_size=12),
)
def test_any_format_shows_a_number_or_refuses_it(stored: str, format_code: str) -> None:
    with suppress(NotShown):
        assert isinstance(show_number(stored, format_code), str)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<c t="inlineStr"><is><t>李_x000D_\n雷_x000D_</t></is></c>', "李\n雷"),
        ('<c t="inlineStr"><is><t>_x005F_x0041_</t></is></c>', "_x0041_"),
        ('<c t="inlineStr"><is><t><![CDATA[<郑> & CD]]></t></is></c>', "<郑> & CD"),
        ('<c t="inlineStr"><is><r><t>甲</t></r><r><t> 乙 </t></r><rPh><t>jia</t></rPh></is></c>', "甲 乙"),
        ('<c t="inlineStr"><is><t>\u200b张\u202e三\ufeff</t></is></c>', "张三"),
        ('<c t="b"><v>1</v></c>', "是"), ('<c t="str"><v>字</v></c>', "字"), ('<c t="s"><v>1</v></c>', "第二"),
    ],
)  # fmt: skip
def test_a_text_is_read_as_it_is_shown(markup: str, text: str) -> None:
    texts = "<sst><si><t>第一</t></si><si><r><t>第</t></r><r><t>二</t></r></si></sst>"
    assert only(markup, texts=texts) == Seen(text)


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("<c><f>1+1</f><v>2</v></c>", "公式"), ('<c t="str"><f>A1</f><v>x</v></c>', "公式"),
        ('<c t="e"><v>#N/A</v></c>', "错误"), ('<c t="d"><v>2026-01-01</v></c>', "日期"),
    ],
)  # fmt: skip
def test_what_is_no_plain_value_is_refused_with_advice(markup: str, fault: str) -> None:
    assert fault in only(markup).fault


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_the_first_visible_sheet_is_read(state: str) -> None:
    data = xlsx(sheet_xml(row("选项")), sheet_xml(HEAD, row("A", "甲")), states=[state])
    assert read(data)[1].cells[2] == Seen("甲")


def test_a_strict_file_is_read() -> None:
    data = xlsx(sheet_xml(HEAD, row("A", "甲"), namespace=STRICT), strict=True)
    assert read(data)[1].cells[2] == Seen("甲")


def test_rows_after_gaps_keep_their_numbers() -> None:
    blank = [row(number=number) for number in range(3, 300)]
    data = xlsx(sheet_xml(HEAD, row("A", "甲", number=2), *blank, row("B", "乙", number=5000)))
    assert [each.number for each in read(data)] == [1, 2, 5000]


def test_cells_stand_where_they_say_and_else_beside_the_one_before() -> None:
    data = xlsx(sheet_xml('<row r="4"><c r="C4"><v>3</v></c><c><v>4</v></c><c r="AA4"><v>27</v></c></row>'))
    assert {place: seen.text for place, seen in read(data)[0].cells.items()} == {3: "3", 4: "4", 27: "27"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (xlsx(sheet_xml(HEAD, row("A", "甲", hidden=True))), "隐藏"),
        (xlsx(sheet_xml(HEAD, row("A", "甲"), before='<cols><col min="2" max="2" hidden="1"/></cols>')), "隐藏"),
        (xlsx(sheet_xml(HEAD, row("A", "甲", number=2), after='<mergeCell ref="A2:A3"/>')), "合并"),
        (xlsx(sheet_xml(HEAD), states=["hidden"]), "隐藏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "密码"),
    ],
)  # fmt: skip
def test_what_nobody_sees_is_not_taken_over_but_named(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read(data)


@pytest.mark.parametrize("name", STORMS)
def test_a_small_file_costs_seconds_whatever_is_in_it(name: str) -> None:
    data = STORMS[name]
    assert len(data) < MAX_BYTES
    begun = time.process_time()
    with suppress(AppError):
        read(data)
    assert time.process_time() - begun < 8


def test_megabytes_of_styles_are_read_in_small_memory() -> None:
    data = xlsx(sheet_xml(HEAD, row("A", "甲")), styles=f"<styleSheet>{storm('<font/>', 100_000)}</styleSheet>")
    tracemalloc.start()
    try:
        read(data)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
