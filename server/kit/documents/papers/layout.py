"""The look of documents: A4, title centred, 仿宋 in the body, signature to the right. By python-docx."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from server.core.clock import day_in_words
from server.core.text import drop_invisible

BODY_FONT, TITLE_FONT = "仿宋", "宋体"
BODY_SIZE, TITLE_SIZE, CELL_SIZE, SMALL = Pt(16), Pt(22), Pt(14), Pt(12)
INDENT = Pt(32)  # two characters of the body
WIDTH, HEAD_WIDTH = Cm(15.6), Cm(4.6)  # of the text, and of the heads of a table's rows
PICTURES_A_ROW, PICTURE_HEIGHT = 2, Cm(7)
DRAWING = (Cm(7), Cm(2))  # a signature at most
ROW_HEIGHT = Cm(0.8)  # of a table of numbers
CELL_SPACE = Pt(2)  # above and below the words of a cell, which else stand on its lines


def blank_document() -> Any:
    """An empty A4 page with the margins of official papers."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    document.core_properties.author = ""  # the library's own name otherwise
    _write_chinese(document)
    return document


def _write_chinese(document: Any) -> None:
    """Say that the words are of the mainland: where the fonts are not there, others draw commas and full stops in the
    middle of their square, as Taiwan and Hong Kong do."""
    found = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    found.set(qn("w:eastAsia"), "zh-CN")


def break_page(document: Any) -> None:
    """What follows begins on a page of its own."""
    document.add_page_break()


def line(
    document: Any,
    text: str,
    size: Pt = BODY_SIZE,
    *,
    center: bool = False,
    right: bool = False,
    indent: bool = False,
    bold: bool = False,
    font: str = BODY_FONT,
) -> Any:
    """A paragraph, set by exact lines. Returns it."""
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_after, shape.space_before = Pt(0), Pt(0)
    shape.line_spacing = Pt(32) if size == TITLE_SIZE else Pt(28)
    if center or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if center else WD_ALIGN_PARAGRAPH.RIGHT
    if indent:
        shape.first_line_indent = INDENT
    _write(paragraph, text, size, font).bold = bold
    return paragraph


def head(document: Any, text: str, *, bold: bool = False) -> Any:
    """A line of the title."""
    return line(document, text, TITLE_SIZE, center=True, bold=bold, font=TITLE_FONT)


def prose(document: Any, text: str) -> None:
    """Several paragraphs, indented by two characters."""
    for part in drop_invisible(text).split("\n"):
        if part.strip():
            line(document, part.strip(), indent=True)


def sign(document: Any, issuer_name: str, day: date | None) -> None:
    """Who issued it and when, or a place for the day."""
    before = document.paragraphs[-1]
    above = [line(document, ""), line(document, issuer_name, right=True)]
    for paragraph in (before, *above):  # no page with a signature alone
        paragraph.paragraph_format.keep_with_next = True
    line(document, day_in_words(day) if day else "    年  月  日", right=True)


def table(document: Any, rows: Iterable[tuple[str, str, float]]) -> list[Any]:
    """A table of heads and what stands beside them, or place to write: (head, text, height in cm). Returns the cells
    beside the heads."""
    grid = document.add_table(rows=0, cols=2, style="Table Grid")
    grid.autofit = False
    widths = (HEAD_WIDTH, WIDTH - HEAD_WIDTH)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    beside = []
    for texts in rows:
        row = grid.add_row()
        row.height, row.height_rule = Cm(texts[2]), WD_ROW_HEIGHT_RULE.AT_LEAST
        for cell, width, text in zip(row.cells, widths, texts[:2], strict=True):
            cell.width = width
            for number, part in enumerate(drop_invisible(text).split("\n")):
                _write(cell.add_paragraph() if number else cell.paragraphs[0], part, CELL_SIZE, BODY_FONT)
        beside.append(row.cells[1])
    return beside


def draw_in(cell: Any, content: bytes, text: str) -> None:
    """A drawing below what a cell says, such as a signature; `text` is read out in its place."""
    shown = cell.add_paragraph().add_run().add_picture(BytesIO(content))
    scale = min(DRAWING[0] / shown.width, DRAWING[1] / shown.height)
    shown.width, shown.height = int(shown.width * scale), int(shown.height * scale)
    shown._inline.docPr.set("descr", drop_invisible(text))


def grid(
    document: Any, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float],
    *, numbers_from: int | None = None,
) -> None:  # fmt: skip
    """A table with a head that each page repeats; `widths` are shares of the line. `numbers_from`: the first column of
    numbers, which stand in the middle."""
    shares = [int(WIDTH * width / sum(widths)) for width in widths]
    made = document.add_table(rows=0, cols=len(heads), style="Table Grid")
    made.autofit = False
    for column, width in zip(made.columns, shares, strict=True):
        column.width = width
    for number, texts in enumerate((heads, *rows)):
        row = made.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if not number:
            properties.append(OxmlElement("w:tblHeader"))
        if numbers_from is not None:
            row.height, row.height_rule = ROW_HEIGHT, WD_ROW_HEIGHT_RULE.AT_LEAST
        for column, (cell, width, text) in enumerate(zip(row.cells, shares, texts, strict=True)):
            cell.width, cell.vertical_alignment = width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
            if numbers_from is not None and column >= numbers_from:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            for at, part in enumerate(drop_invisible(text).split("\n")):
                paragraph = cell.add_paragraph() if at else cell.paragraphs[0]
                paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = CELL_SPACE
                _write(paragraph, part, SMALL, BODY_FONT).bold = not number


def titled_pictures(document: Any, title: str, groups: Iterable[tuple[str, Sequence[bytes]]]) -> None:
    """Photos under a title, numbered within each group; nothing at all without any: (what they show, JPEGs)."""
    shown = [(content, f"{name} {number}") for name, photos in groups for number, content in enumerate(photos, 1)]
    if shown:
        line(document, title, bold=True).paragraph_format.keep_with_next = True
        _pictures(document, shown)


def _pictures(document: Any, photos: Sequence[tuple[bytes, str]]) -> None:
    """Side by side, whole, with their captions below: (JPEG, caption)."""
    for start in range(0, len(photos), PICTURES_A_ROW):
        row = photos[start : start + PICTURES_A_ROW]
        grid = document.add_table(rows=2, cols=PICTURES_A_ROW)
        for column, (content, caption) in enumerate(row):
            shown, below = (grid.cell(at, column).paragraphs[0] for at in (0, 1))
            shown.paragraph_format.keep_with_next = True
            _fit(shown.add_run().add_picture(BytesIO(content)))
            for paragraph in (shown, below):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _write(below, caption, SMALL, BODY_FONT)


def _fit(picture: Any) -> None:
    most = WIDTH // PICTURES_A_ROW - Cm(0.4)
    scale = min(most / picture.width, PICTURE_HEIGHT / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)


def _write(paragraph: Any, text: str, size: Pt, font: str) -> Any:
    run = paragraph.add_run(drop_invisible(text))  # rows older than the rule of what may be written print too
    run.font.size, run.font.name = size, font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run
