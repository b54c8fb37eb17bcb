"""Figures of several unions together, and what a compiled report is called."""

import pytest

from server.assignments.forms.ports import Drawn
from server.oversight.summaries.document import title_of
from server.reports.figures.items.drawing import Book


def drawn(
    value: float | None, unit: str, parts: tuple[int, int] | None = None, at: str = "2026-05-30T08:00+08:00"
) -> Drawn:
    return Drawn(value, "", "说明", "2026年", at, unit, parts)


def test_counts_are_added_up_and_rates_recomputed_never_averaged() -> None:
    assert Book().total([drawn(3, "items"), drawn(4, "items", at="2026-06-01T08:00+08:00")]).text == "7"
    together = Book().total([drawn(0.5, "share", (1, 2)), drawn(1.0, "share", (98, 98))])
    assert (together.text, together.parts) == ("99%", (99, 100))
    assert Book().total([drawn(None, "share", (0, 0))]).text == "—"
    assert Book().total([drawn(2.0, "days", (2, 1)), drawn(1.0, "days", (9, 9))]).text == "1.1 天"


@pytest.mark.parametrize(
    ("title", "report"),
    [
        ("安全生产月活动总结", "关于安全生产月活动情况的报告"),
        ("关于安康杯竞赛情况的报告", "关于安康杯竞赛情况的报告"),
    ],
)
def test_a_compiled_report_is_called_as_the_field_has_it(title: str, report: str) -> None:
    assert title_of(title) == report
