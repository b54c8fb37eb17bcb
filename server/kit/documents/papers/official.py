"""Official documents (公文) as GB/T 9704-2012 lays them out: head with the issuer's mark, urgency and number over a red
line; title, addressees, text, list of attachments, signature and date; who has a copy and who printed it at the foot of
the last page. What the standard sets by machine (份号, 密级, the seal) is none of ours.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_UNDERLINE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Pt, RGBColor

from server.core.clock import day_in_words
from server.core.text import drop_invisible
from server.kit.documents.papers.layout import BODY_FONT, BODY_SIZE, CELL_SIZE, INDENT, TITLE_FONT, WIDTH, head, line

RED = RGBColor(0xE6, 0x00, 0x12)
BLACK_FONT, SCRIPT_FONT, PAGE_FONT = "黑体", "楷体", "宋体"
MARK_SIZES = (18, 48)  # of the issuer's mark, in points: as large as its line holds
_FIRST = re.compile(r"[一二三四五六七八九十]{1,3}、[^。；]{1,40}")
_SECOND = re.compile(r"（[一二三四五六七八九十]{1,3}）[^。；]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """What an official document says. Without `day` it is a draft. `note` stands in brackets under the date (附注);
    `urgency` is 加急 or 特急, or empty."""

    issuer: str
    number: str
    title: str
    addressees: str
    body: str
    day: date | None
    urgency: str = ""
    attachments: Sequence[str] = ()
    note: str = ""
    copies: str = ""


def write_official(document: Any, paper: Official) -> None:
    """Add one, with the page numbers of the standard."""
    _number_pages(document)
    _write_head(document, paper)
    line(document, "")
    line(document, f"{paper.addressees}：")
    _write_body(document, paper.body)
    _write_attachments(document, paper.attachments)
    _sign(document, paper)
    if paper.note:
        line(document, f"（{paper.note}）", indent=True)
    _write_foot(document, paper)


def _write_head(document: Any, paper: Official) -> None:
    line(document, paper.urgency, font=BLACK_FONT)
    mark = f"{paper.issuer}文件"
    smallest, largest = MARK_SIZES
    size = max(smallest, min(largest, int(WIDTH.pt / len(mark))))
    written = line(document, mark, Pt(size), center=True, bold=True, font=TITLE_FONT)
    written.paragraph_format.line_spacing = 1.0  # an exact one would cut the large letters
    written.paragraph_format.space_before = Pt(28)
    written.runs[0].font.color.rgb = RED
    line(document, "")
    line(document, "")
    number = line(document, paper.number, center=True)
    number.paragraph_format.space_after = Pt(11)  # 4 mm down to the line
    rule = line(document, "", Pt(2))
    rule.paragraph_format.line_spacing = Pt(2)
    borders = f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="12" w:space="1" w:color="{RED}"/></w:pBdr>'
    rule._p.pPr.insert_element_before(parse_xml(borders), "w:spacing")
    line(document, "")
    head(document, paper.title, bold=True)


def _write_body(document: Any, body: str) -> None:
    """Indented by two characters; a paragraph that is a heading in the letters of its level."""
    for part in drop_invisible(body).split("\n"):
        if text := part.strip():
            font = BLACK_FONT if _FIRST.fullmatch(text) else SCRIPT_FONT if _SECOND.fullmatch(text) else BODY_FONT
            written = line(document, text, indent=True, font=font)
            written.paragraph_format.keep_with_next = font != BODY_FONT


def _write_attachments(document: Any, names: Sequence[str]) -> None:
    """附件：1. …, the next ones below the first; a single one has no number."""
    if not names:
        return
    line(document, "")
    texts = [f"附件：{names[0]}"] if len(names) == 1 else _numbered(names)
    for text, indent in zip(texts, (INDENT, *[Length(INDENT * 5 // 2)] * len(names)), strict=False):
        line(document, text).paragraph_format.left_indent = indent


def _numbered(names: Iterable[str]) -> list[str]:
    return [f"{'附件：' if number == 1 else ''}{number}. {name}" for number, name in enumerate(names, 1)]


def _sign(document: Any, paper: Official) -> None:
    """The date ends four characters before the margin, and the issuer stands over its middle."""
    day = day_in_words(paper.day) if paper.day else "    年  月  日"
    before = document.paragraphs[-1]
    above = [line(document, ""), line(document, ""), line(document, paper.issuer, right=True)]
    inset = max(0.0, 4 + (_width(day) - _width(paper.issuer)) / 2)
    above[-1].paragraph_format.right_indent = Length(int(BODY_SIZE * inset))
    for paragraph in (before, *above):  # no page with a signature alone
        paragraph.paragraph_format.keep_with_next = True
    line(document, day, right=True).paragraph_format.right_indent = Length(BODY_SIZE * 4)


def _width(text: str) -> float:
    """In Chinese characters; a digit is half of one."""
    return sum(0.5 if letter.isascii() else 1.0 for letter in text)


def _write_foot(document: Any, paper: Official) -> None:
    """Lines in a frame that the last page holds at its foot: between rules, strong ones outside. The rules are
    underlined tabs: LibreOffice leaves a frame whose paragraphs have borders where it stands."""
    printed = f"{day_in_words(paper.day)}印发" if paper.day else "    年  月  日印发"
    texts = [*([f"抄送：{paper.copies}。"] if paper.copies else []), f"{paper.issuer}\t{printed}"]
    framed = [_foot_rule(document, WD_UNDERLINE.THICK)]
    for number, text in enumerate(texts, 1):
        written = line(document, text, CELL_SIZE)
        shape = written.paragraph_format
        shape.right_indent = CELL_SIZE  # one character to either side, and below 抄送 behind it
        shape.left_indent, shape.first_line_indent = Length(CELL_SIZE * 4), Length(-CELL_SIZE * 3)
        shape.tab_stops.add_tab_stop(Length(WIDTH - CELL_SIZE), WD_TAB_ALIGNMENT.RIGHT)
        is_last = number == len(texts)
        framed += [written, _foot_rule(document, WD_UNDERLINE.THICK if is_last else WD_UNDERLINE.SINGLE)]
    for each in framed:
        frame = parse_xml(
            f'<w:framePr {nsdecls("w")} w:w="{WIDTH.twips}" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" '
            'w:xAlign="center" w:yAlign="bottom"/>'
        )
        each._p.pPr.insert_element_before(frame, "w:tabs", "w:spacing")
    line(document, "", Pt(1)).paragraph_format.line_spacing = Pt(1)  # a frame hangs on what follows it


def _foot_rule(document: Any, look: WD_UNDERLINE) -> Any:
    rule = line(document, "\t", Pt(5))
    rule.paragraph_format.line_spacing = Pt(6)
    rule.paragraph_format.tab_stops.add_tab_stop(WIDTH)
    rule.runs[0].font.underline = look
    return rule


def _number_pages(document: Any) -> None:
    """— 1 —, outside: right on odd pages, left on even ones."""
    section = document.sections[0]
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        if paragraph.runs:
            continue  # several papers in one file
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = CELL_SIZE
        for part in ("— ", "PAGE", " —"):
            run = paragraph.add_run("" if part == "PAGE" else part)
            run.font.size, run.font.name = CELL_SIZE, PAGE_FONT
            if part == "PAGE":
                for kind, text in (("begin", ""), ("", part), ("end", "")):
                    run._r.append(_field_part(kind, text))


def _field_part(kind: str, text: str) -> Any:
    if kind:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
        return part
    part = OxmlElement("w:instrText")
    part.set(qn("xml:space"), "preserve")
    part.text = text
    return part
