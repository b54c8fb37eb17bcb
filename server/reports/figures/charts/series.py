"""What the page's charts draw, as plain data; src/scripts/charts.js turns it into ECharts' options. Pure."""

from typing import Any

from server.reports.figures.schemas import Figures, Line

MOST_BARS = 15  # more would not be read; the table beside has them all
FUNNEL_NAMES = {
    "submitted": "上报",
    "answered": "已答复",
    "accepted": "已受理",
    "rectified": "已整改",
    "closed": "已销号",
}


def charts(figures: Figures) -> dict[str, dict[str, Any]]:
    """By name: kind, labels, and series of (name, values)."""
    steps = figures.funnel.model_dump()
    return {
        "funnel": {
            "kind": "funnel",
            "labels": list(FUNNEL_NAMES.values()),
            "series": [["条数", [steps[name] for name in FUNNEL_NAMES]]],
        },
        "trend": {
            "kind": "line",
            "labels": [day.day[5:].replace("-", "/") for day in figures.trend],
            "series": [
                ["上报", [day.submitted for day in figures.trend]],
                ["销号", [day.closed for day in figures.trend]],
            ],
        },
        "category": _bars(figures.by_category),
        "grade": {**_bars(figures.by_grade), "kind": "grades"},
        "union": _bars(sorted(figures.by_union, key=lambda line: -line.submitted)),
        "industry": _bars(figures.by_industry),
    }


def _bars(lines: list[Line]) -> dict[str, Any]:
    shown = [line for line in lines if line.submitted][:MOST_BARS]
    return {
        "kind": "bars",
        "labels": [line.name for line in shown],
        "series": [
            ["上报", [line.submitted for line in shown]],
            ["受理", [line.accepted for line in shown]],
            ["销号", [line.closed for line in shown]],
        ],
    }
