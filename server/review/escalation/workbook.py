"""What is overdue as an Excel sheet, written row by row into a temporary file."""

from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO

from openpyxl import Workbook

from server.core.clock import in_shanghai
from server.core.sheets import append_row
from server.review.escalation.queries import OverdueRow

HEADS = (
    "类型", "内容", "类别", "等级", "单位", "区域", "地点", "应办单位", "期限", "逾期工作日", "升级步数", "已升到",
)  # fmt: skip
MAX_ROWS = 20_000


def write_workbook(rows: Iterable[OverdueRow]) -> IO[bytes]:
    """An open temporary file, from its beginning; it is gone when closed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("逾期")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJKL", (8, 40, 12, 8, 24, 20, 20, 20, 17, 10, 10, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    append_row(sheet, HEADS)
    for row in rows:
        texts = [row.kind_text, row.excerpt, row.category_name, row.grade_name or "", row.unit, row.area, row.place]
        due = f"{in_shanghai(row.due_at):%Y-%m-%d %H:%M}"
        append_row(sheet, [*texts, row.responsible, due, row.days, row.step, row.climbed_to])
    content = TemporaryFile()  # noqa: SIM115 (the response closes it)
    book.save(content)
    content.seek(0)
    return content
