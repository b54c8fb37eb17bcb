"""Figures as an Excel workbook, one sheet per table of the page."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from server.core.clock import in_shanghai
from server.core.sheets import CellKind, Sheet, SheetColumn
from server.reports.figures.items.rows import FigureRow
from server.reports.figures.schemas import Figures, Line, Step
from server.reports.figures.texts import Unit, percent

SUMMARY: tuple[SheetColumn[FigureRow], ...] = (
    SheetColumn("项目", lambda row: row.figure.text, width=22),
    SheetColumn("本期", lambda row: _value(row.value, row.figure.unit), CellKind.NUMBER, width=14),
    SheetColumn("去年同期", lambda row: _value(row.before, row.figure.unit), CellKind.NUMBER, width=14),
    SheetColumn("增减", lambda row: row.change_text, width=16),
    SheetColumn("怎么算的", lambda row: row.figure.meaning, width=70),
)
BREAKDOWN: tuple[SheetColumn[Line], ...] = (
    SheetColumn("名称", lambda line: line.name, width=32),
    SheetColumn("上报", lambda line: line.counts["submitted"], CellKind.WHOLE, is_summed=True),
    SheetColumn("受理", lambda line: line.counts["accepted"], CellKind.WHOLE, is_summed=True),
    SheetColumn("销号", lambda line: line.counts["closed"], CellKind.WHOLE, is_summed=True),
    SheetColumn("按期答复", lambda line: line.counts["answer_in_time"], CellKind.WHOLE, is_summed=True),
    SheetColumn("超期答复", lambda line: line.counts.answer_missed, CellKind.WHOLE, is_summed=True),
    SheetColumn("答复及时率", lambda line: line.counts.answer_rate, CellKind.PERCENT),
    SheetColumn("按期整改", lambda line: line.counts["rectified_in_time"], CellKind.WHOLE, is_summed=True),
    SheetColumn("超期整改", lambda line: line.counts.rectify_missed, CellKind.WHOLE, is_summed=True),
    SheetColumn("整改及时率", lambda line: line.counts.rectify_rate, CellKind.PERCENT),
)
TREND: tuple[SheetColumn[Step], ...] = (
    SheetColumn("从", lambda step: step.since, CellKind.DAY),
    SheetColumn("到", lambda step: step.until, CellKind.DAY),
    SheetColumn("上报", lambda step: step.submitted, CellKind.WHOLE, is_summed=True),
    SheetColumn("销号", lambda step: step.closings, CellKind.WHOLE, is_summed=True),
)


def sheets_of(figures: Figures, rows: Sequence[FigureRow], title: str) -> tuple[Sheet[Any], ...]:
    """The workbook's sheets. `title` names subtree, period and cut."""
    heading = (title, f"统计时间：{in_shanghai(figures.at):%Y-%m-%d %H:%M}　{days_text(figures)}")
    return (
        Sheet("总览", SUMMARY, rows, heading=heading),
        Sheet("按单位", BREAKDOWN, figures.by_union),
        Sheet("按类别", BREAKDOWN, figures.by_category),
        Sheet("按等级", BREAKDOWN, figures.by_grade),
        Sheet("按行业", BREAKDOWN, figures.by_industry),
        Sheet("逐日逐月", TREND, figures.trend),
    )


def days_text(figures: Figures) -> str:
    """Which days this period and last year's are."""
    texts = [f"本期：{_days(figures.span.since, figures.span.until)}"]
    if figures.before_span is not None:
        texts.append(f"去年同期：{_days(figures.before_span.since, figures.before_span.until)}")
    return "　".join(texts)


def _days(since: date | None, until: date | None) -> str:
    if since is None and until is None:
        return "全部时间"
    return f"{since or '开始'} 至 {until or '现在'}"


def _value(value: float | None, unit: Unit) -> object:
    """Shares as they are read, for a column has one format."""
    if value is None:
        return None
    if unit is Unit.SHARE:
        return percent(value)
    return round(value, 1) if unit is Unit.DAYS else int(value)
