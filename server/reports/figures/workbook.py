"""Figures as an Excel workbook, one sheet per table of the page."""

from datetime import datetime
from io import BytesIO

from openpyxl import Workbook

from server.core.clock import in_shanghai
from server.core.sheets import append_row
from server.reports.figures.charts import FUNNEL_NAMES
from server.reports.figures.shapes import Figures, Line

HEADS = ("名称", "上报", "受理", "销号", "销号率", "逾期")
OUTCOME_NAMES = {
    "waiting": "待受理",
    "returned": "待补充",
    "declined": "不予受理",
    "duplicate": "重复",
    "withdrawn": "已撤回",
    "overdue_review": "审核逾期",
    "overdue_rectification": "整改逾期",
}


def write_workbook(figures: Figures, title: str, at: datetime) -> BytesIO:
    """The workbook's bytes, from their beginning. `title` names subtree and cut."""
    book = Workbook(write_only=True)
    _summary(book, figures, title, at)
    for name, lines in (
        ("按单位", figures.by_union),
        ("按类别", figures.by_category),
        ("按等级", figures.by_grade),
        ("按行业", figures.by_industry),
    ):
        _breakdown(book, name, lines)
    trend = book.create_sheet("按天")
    append_row(trend, ["日期", "上报", "销号"])
    for day in figures.trend:
        append_row(trend, [day.day, day.submitted, day.closed])
    content = BytesIO()
    book.save(content)
    content.seek(0)
    return content


def _summary(book: Workbook, figures: Figures, title: str, at: datetime) -> None:
    sheet = book.create_sheet("总览")
    append_row(sheet, [title])
    append_row(sheet, [f"统计时间：{in_shanghai(at):%Y-%m-%d %H:%M}"])
    append_row(sheet, [])
    for name, text in FUNNEL_NAMES.items():
        append_row(sheet, [text, getattr(figures.funnel, name)])
    for name, text in OUTCOME_NAMES.items():
        append_row(sheet, [text, getattr(figures.outcomes, name)])
    for text, span in (("首次答复", figures.first_answer), ("上报到销号", figures.closing)):
        append_row(sheet, [f"{text}（小时，中位数）", "" if span.median is None else span.median])
        append_row(sheet, [f"{text}（小时，九成以内）", "" if span.ninth is None else span.ninth])
    append_row(sheet, ["合理化建议", figures.suggestions.submitted])
    append_row(sheet, ["其中采纳", figures.suggestions.accepted])


def _breakdown(book: Workbook, name: str, lines: list[Line]) -> None:
    sheet = book.create_sheet(name)
    append_row(sheet, HEADS)
    for line in lines:
        rate = line.closing_rate
        row = [line.name, line.submitted, line.accepted, line.closed]
        append_row(sheet, [*row, "" if rate is None else round(rate, 4), line.overdue])
