"""A letter as a Word document: A4, title centred, number, body, signature and date, the reply slip on its own page."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from server.core.clock import in_shanghai
from server.core.text import drop_invisible
from server.oversight.letters.models import Letter
from server.oversight.letters.queries import written_number
from server.oversight.letters.texts import KIND_NAMES

BODY_FONT, TITLE_FONT = "仿宋", "宋体"
BODY_SIZE, TITLE_SIZE = Pt(16), Pt(22)
INDENT = Pt(32)  # two characters of the body


def write_document(letter: Letter) -> BytesIO:
    """The .docx of the letter, from its beginning. A draft says that it is one."""
    document = Document()
    _lay_out(document)
    number = written_number(letter) or "（草稿，未编号）"
    _line(document, letter.issuer_name, TITLE_SIZE, center=True, bold=True, font=TITLE_FONT)
    _line(document, letter.subject, TITLE_SIZE, center=True, font=TITLE_FONT)
    _line(document, number, BODY_SIZE, center=True)
    _line(document, "", BODY_SIZE)
    _line(document, f"{letter.addressee_name}：", BODY_SIZE)
    for text in drop_invisible(letter.body).split("\n"):
        if text.strip():
            _line(document, text.strip(), BODY_SIZE, indent=True)
    _line(document, _reply_by(letter), BODY_SIZE, indent=True)
    _sign(document, letter)
    _reply_slip(document, letter, number)
    content = BytesIO()
    document.save(content)
    content.seek(0)
    return content


def _lay_out(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    document.core_properties.author = ""  # the library's own name otherwise


def _line(
    document: Any,
    text: str,
    size: Pt,
    *,
    center: bool = False,
    right: bool = False,
    indent: bool = False,
    bold: bool = False,
    font: str = BODY_FONT,
) -> Any:
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_after, shape.space_before = Pt(0), Pt(0)
    shape.line_spacing = Pt(32) if size == TITLE_SIZE else Pt(28)
    if center or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if center else WD_ALIGN_PARAGRAPH.RIGHT
    if indent:
        shape.first_line_indent = INDENT
    run = paragraph.add_run(drop_invisible(text))  # rows older than the rule of what may be written print too
    run.font.size, run.bold, run.font.name = size, bold, font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return paragraph


def _reply_by(letter: Letter) -> str:
    if letter.due_on is None:
        return f"答复期限：收到之日起{letter.reply_days}个工作日内。"
    return f"答复期限：{day_text(letter.due_on)}前（{letter.reply_days}个工作日）。"


def day_text(day: date) -> str:
    """2026年11月23日, of a day or of a moment in Shanghai."""
    if isinstance(day, datetime):
        day = in_shanghai(day).date()
    return f"{day.year}年{day.month}月{day.day}日"


def _sign(document: Any, letter: Letter) -> None:
    before = document.paragraphs[-1]
    above = [_line(document, "", BODY_SIZE), _line(document, letter.issuer_name, BODY_SIZE, right=True)]
    for paragraph in (before, *above):  # no page with a signature alone
        paragraph.paragraph_format.keep_with_next = True
    day = day_text(letter.issued_at) if letter.issued_at else "    年  月  日"
    _line(document, day, BODY_SIZE, right=True)


def _reply_slip(document: Any, letter: Letter, number: str) -> None:
    title = _line(document, "回  执", TITLE_SIZE, center=True, bold=True, font=TITLE_FONT)
    title.paragraph_format.page_break_before = True
    _line(document, "", BODY_SIZE)
    _line(document, f"{letter.issuer_name}：", BODY_SIZE)
    _line(document, f"你会《{letter.subject}》（{number}）收悉。现将研究处理情况答复如下：", BODY_SIZE, indent=True)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    table.columns[0].width, table.columns[1].width = Cm(4.6), Cm(11)
    for head, height in (
        ("答复意见", 7),
        ("整改措施和完成时间", 4),
        ("负责人（签字）", 1.4),
        ("单位（盖章）、日期", 1.8),
    ):
        row = table.add_row()
        row.height, row.height_rule = Cm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        row.cells[0].width, row.cells[1].width = Cm(4.6), Cm(11)
        run = row.cells[0].paragraphs[0].add_run(head)
        run.font.size, run.font.name = Pt(14), BODY_FONT
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
    _line(document, f"注：{KIND_NAMES[letter.kind]}的回执请在期限内送达发文单位，或者在管理端答复。", Pt(12))
