"""What the page's charts draw, as plain data; src/charts.js turns it into ECharts' options. Pure."""

from typing import Any

from server.reports.figures.schemas import Figures, Line
from server.reports.figures.texts import FUNNEL, TEXT_OF

MOST_BARS = 15  # more would not be read; the table beside has them all


def charts(figures: Figures) -> dict[str, dict[str, Any]]:
    """By name: kind, labels, and series of (name, values). What has nothing to show is left out."""
    found: dict[str, dict[str, Any]] = {
        "funnel": {
            "kind": "funnel",
            "labels": [TEXT_OF[name] for name in FUNNEL],
            "series": [["条数", [figures.hazards[name] for name in FUNNEL]]],
        },
        "trend": {
            "kind": "line" if len(figures.trend) > 1 else "columns",
            "labels": [step.name for step in figures.trend],
            "series": [
                ["上报", [step.submitted for step in figures.trend]],
                ["销号", [step.closings for step in figures.trend]],
            ],
        },
        "category": bars_of(figures.by_category),
        "grade": {**bars_of(figures.by_grade), "kind": "grades"},
        "union": _rates(figures.by_union),
        "industry": bars_of(figures.by_industry),
    }
    return {name: chart for name, chart in found.items() if any(any(values) for _, values in chart["series"])}


def bars_of(lines: list[Line], most: int = MOST_BARS) -> dict[str, Any]:
    """The first lines of a breakdown as bars."""
    drawn = [line for line in lines if line.counts["submitted"]][:most]
    return {
        "kind": "bars",
        "labels": [line.name for line in drawn],
        "series": [[TEXT_OF[name], [line.counts[name] for line in drawn]] for name in FUNNEL],
    }


def _rates(lines: list[Line]) -> dict[str, Any]:
    """Rates of unions in their official order: an outcome, no ranking."""
    drawn = [line for line in lines if line.counts.answer_rate is not None or line.counts.rectify_rate is not None][
        :MOST_BARS
    ]
    return {
        "kind": "rates",
        "labels": [line.name for line in drawn],
        "series": [
            ["答复及时率", [_percent(line.counts.answer_rate) for line in drawn]],
            ["整改及时率", [_percent(line.counts.rectify_rate) for line in drawn]],
        ],
    }


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
