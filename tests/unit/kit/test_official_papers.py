"""Official documents are laid out as the standard says, whatever is long, short or missing in them."""

from dataclasses import replace
from datetime import date
from typing import Any

from server.kit.documents.papers.layout import blank_document
from server.kit.documents.papers.official import Official, write_official

PAPER = Official(
    issuer="海州市总工会", number="海工办〔2026〕28号", title="关于冬季安全的通知", addressees="各区市总工会",
    body="一、检查范围\n（一）企业自查\n请各单位研究答复。一、不是标题；", day=date(2026, 11, 29),
)  # fmt: skip


def written(paper: Official = PAPER) -> Any:
    document = blank_document()
    write_official(document, paper)
    return document


def fonts_of(document: Any) -> dict[str, str]:
    return {each.text: each.runs[0].font.name for each in document.paragraphs if each.text}


def indent_of(document: Any, text: str) -> float:
    return float(next(each for each in document.paragraphs if each.text == text).paragraph_format.right_indent.pt)


def test_headings_stand_in_the_letters_of_their_level_and_sentences_do_not() -> None:
    fonts = fonts_of(written())
    lines = ("一、检查范围", "（一）企业自查", "请各单位研究答复。一、不是标题；")
    assert [fonts[line] for line in lines] == ["黑体", "楷体", "仿宋"]


def test_the_date_ends_four_characters_before_the_margin_and_the_name_stands_over_its_middle() -> None:
    day = "2026年11月29日"  # 4.5 characters of digits are half as wide: 7 in all
    for name, inset in (("海州市总工会", 4.5), ("海州市", 6.0), ("海州市工业和信息化系统工会联合会委员会", 0.0)):
        document = written(replace(PAPER, issuer=name))
        assert indent_of(document, day) == 4 * 16
        assert abs(indent_of(document, name) - inset * 16) < 1, name


def test_attachments_are_numbered_where_there_are_several() -> None:
    def listed(*names: str) -> list[str]:
        lines = [each.text for each in written(replace(PAPER, attachments=names)).paragraphs]
        return [line for line in lines if "检查表" in line or "统计表" in line]

    assert listed() == []
    assert listed("检查表") == ["附件：检查表"]
    assert listed("检查表", "统计表") == ["附件：1. 检查表", "2. 统计表"]


def test_the_foot_has_copies_only_where_somebody_has_one() -> None:
    def foot(copies: str = "") -> list[str]:
        framed = [each for each in written(replace(PAPER, copies=copies)).paragraphs if "framePr" in each._p.xml]
        assert all('w:yAlign="bottom"' in each._p.xml for each in framed)
        return [each.text for each in framed if each.text.strip()]

    printed = "海州市总工会\t2026年11月29日印发"
    assert foot() == [printed]
    assert foot(copies="市应急管理局") == ["抄送：市应急管理局。", printed]


def test_the_longer_the_issuer_the_smaller_the_mark_so_that_it_stays_on_its_line() -> None:
    sizes = []
    for count in (4, 10, 14, 20, 30):
        mark = next(
            each for each in written(replace(PAPER, issuer="会" * count)).paragraphs if each.text.endswith("文件")
        )
        size = mark.runs[0].font.size.pt
        sizes.append(size)
        assert size * (count + 2) <= 15.6 / 2.54 * 72 or count == 30, count
    assert sizes == sorted(sizes, reverse=True)


def test_a_draft_leaves_place_for_the_day() -> None:
    texts = [each.text for each in written(replace(PAPER, day=None)).paragraphs]
    assert "    年  月  日" in texts
