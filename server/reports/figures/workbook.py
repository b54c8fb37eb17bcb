"""Figures as an Excel workbook, one sheet per table of the page."""

from collections.abc import Iterator
from datetime import date, datetime

from server.core.clock import in_shanghai
from server.core.sheets import CellKind, Sheet, SheetColumn
from server.reports.figures.charts.series import FUNNEL_NAMES
from server.reports.figures.schemas import Day, Figures, Line

OUTCOME_NAMES = {
    "waiting": "待受理",
    "returned": "待补充",
    "declined": "不予受理",
    "duplicate": "重复",
    "withdrawn": "已撤回",
    "overdue_review": "审核逾期",
    "overdue_rectification": "整改逾期",
}
Item = tuple[str, object]
SUMMARY: tuple[SheetColumn[Item], ...] = (
    SheetColumn("项目", lambda item: item[0], width=34),
    SheetColumn("数值", lambda item: item[1], CellKind.NUMBER, width=44),
)
BREAKDOWN: tuple[SheetColumn[Line], ...] = (
    SheetColumn("名称", lambda line: line.name, width=32),
    SheetColumn("上报", lambda line: line.submitted, CellKind.WHOLE, is_summed=True),
    SheetColumn("受理", lambda line: line.accepted, CellKind.WHOLE, is_summed=True),
    SheetColumn("销号", lambda line: line.closed, CellKind.WHOLE, is_summed=True),
    SheetColumn("销号率", lambda line: line.closing_rate, CellKind.PERCENT),
    SheetColumn("逾期", lambda line: line.overdue, CellKind.WHOLE, is_summed=True),
)
TREND: tuple[SheetColumn[Day], ...] = (
    SheetColumn("日期", lambda each: date.fromisoformat(each.day), CellKind.DAY),
    SheetColumn("上报", lambda each: each.submitted, CellKind.WHOLE, is_summed=True),
    SheetColumn("销号", lambda each: each.closed, CellKind.WHOLE, is_summed=True),
)


def sheets_of(figures: Figures, title: str, at: datetime) -> tuple[Sheet[Item] | Sheet[Line] | Sheet[Day], ...]:
    """The workbook's sheets. `title` names subtree and cut."""
    return (
        Sheet("总览", SUMMARY, _summary(figures, title, at)),
        Sheet("按单位", BREAKDOWN, figures.by_union),
        Sheet("按类别", BREAKDOWN, figures.by_category),
        Sheet("按等级", BREAKDOWN, figures.by_grade),
        Sheet("按行业", BREAKDOWN, figures.by_industry),
        Sheet("按天", TREND, figures.trend),
    )


def _summary(figures: Figures, title: str, at: datetime) -> Iterator[Item]:
    yield "统计范围", title
    yield "统计时间", f"{in_shanghai(at):%Y-%m-%d %H:%M}"
    for name, text in FUNNEL_NAMES.items():
        yield text, getattr(figures.funnel, name)
    for name, text in OUTCOME_NAMES.items():
        yield text, getattr(figures.outcomes, name)
    for text, span in (("首次答复", figures.first_answer), ("上报到销号", figures.closing)):
        yield f"{text}（小时，中位数）", span.median
        yield f"{text}（小时，九成以内）", span.ninth
    yield "合理化建议", figures.suggestions.submitted
    yield "其中采纳", figures.suggestions.accepted
