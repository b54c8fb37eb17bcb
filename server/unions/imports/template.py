"""The sheets to fill in."""

import io

from server.unions.imports.models import ImportKind
from server.unions.imports.shapes import COLUMNS

TITLES = {ImportKind.UNIONS: "工会", ImportKind.PEOPLE: "人员"}
ROWS_AS_TEXT = 500  # so that Excel leaves long numbers and codes alone


def make_template(kind: ImportKind) -> bytes:
    """An .xlsx with headings (required ones starred), one sample row, and a second sheet that explains the columns."""
    # Loaded where it is used: openpyxl and what it draws in weigh 28 MB in every web process.
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = TITLES[kind]
    notes = book.create_sheet("填写说明")
    notes.append(["列", "是否必填", "怎么填"])
    for number, column in enumerate(COLUMNS[kind], 1):
        heading = sheet.cell(1, number, column.heading + ("*" if column.required else ""))
        heading.font = Font(bold=True)
        heading.fill = PatternFill("solid", fgColor="E6EFF7")
        sheet.cell(2, number, column.sample or None)
        for row in range(2, ROWS_AS_TEXT + 1):
            sheet.cell(row, number).number_format = "@"
        sheet.column_dimensions[get_column_letter(number)].width = max(12, len(column.heading) * 2 + 4)
        notes.append([column.heading, "必填" if column.required else "选填", column.note])
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABC", (20, 10, 70), strict=True):
        notes.column_dimensions[letter].width = width
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
