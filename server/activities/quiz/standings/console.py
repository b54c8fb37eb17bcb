"""The page of a quiz's figures, live while it runs."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from server.activities.quiz.levels.models import Quiz
from server.activities.quiz.levels.queries import list_quizzes
from server.activities.quiz.standings.models import BoardKind
from server.activities.quiz.standings.queries import find_figures, list_hardest, list_places
from server.activities.quiz.standings.schemas import FiguresQuery
from server.activities.quiz.standings.workbook import sheets_of
from server.core.errors import NotFound
from server.core.web.access import requires
from server.core.web.forms import query_params
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.workbooks import send_workbook

bp = Blueprint("standings_console", __name__, url_prefix="/console", template_folder="templates")
HARDEST = 20
PLACES = 20
LINES = 12  # of districts in one chart
MOST = 100_000


@bp.get("/quiz-figures")
@requires("quiz.figures")
def figures() -> str:
    """Participation, scores, levels, the hardest questions. Before anything was counted it says so."""
    quizzes = [quiz for quiz in list_quizzes(session()) if quiz.published_at is not None]
    chosen = _choose(quizzes)
    counted = find_figures(session(), chosen.id) if chosen else None
    data = counted.data if counted and counted.computed_at else None
    return render_template(
        "standings/figures.html",
        quizzes=quizzes,
        quiz=chosen,
        counted_at=counted.computed_at if counted else None,
        data=data,
        tables=_tables(data) if data else [],
        charts=_charts(data) if data else {},
        questions=list_hardest(session(), chosen.id, HARDEST) if chosen else [],
        boards=[
            (title, list_places(session(), chosen.id, board, PLACES))
            for title, board in (("区市参与率", BoardKind.DISTRICTS), ("企业参与率", BoardKind.ENTERPRISES))
        ]
        if chosen
        else [],
    )


@bp.get("/quiz-figures.xlsx")
@requires("quiz.figures")
def workbook() -> Response:
    """The same as a workbook."""
    chosen = _choose([quiz for quiz in list_quizzes(session()) if quiz.published_at is not None])
    counted = find_figures(session(), chosen.id) if chosen else None
    if chosen is None or counted is None or counted.computed_at is None:
        raise NotFound("还没有统计数据。", code="not_counted_yet")
    sheets = sheets_of(
        counted.data,
        list_hardest(session(), chosen.id, None),
        list_places(session(), chosen.id, BoardKind.ENTERPRISES, MOST),
        list_places(session(), chosen.id, BoardKind.DISTRICTS, MOST),
    )
    return send_workbook(f"{chosen.name} 统计", *sheets)


def _choose(quizzes: list[Quiz]) -> Quiz | None:
    """The quiz asked for, else the newest."""
    wanted = query_params(FiguresQuery).quiz
    return next((quiz for quiz in quizzes if quiz.id == wanted), quizzes[0] if quizzes else None)


def _tables(data: dict[str, Any]) -> list[tuple[str, str, Sequence[str], list[Any]]]:
    """Title, name of the chart, heads and rows: what stands beside each chart."""
    days = [day for day, _, _ in data["days"]]
    by_district = [(name, *people) for name, people in data.get("district_days", [])]
    return [
        ("每天参加", "days", ("日期", "人数", "次数"), data["days"]),
        ("各区市每天参加", "district_days", ("区市", *map(_short, days)), by_district),
        ("各区市", "districts", ("区市", "参加", "通关"), data["districts"]),
        ("分数分布", "bands", ("总分", "人数"), data["bands"]),
    ]


def _short(day: str) -> str:
    """11/25 of 2026-11-25."""
    return day[5:].replace("-", "/")


def _charts(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What src/scripts/charts.js draws."""
    return {
        "days": {
            "kind": "line",
            "labels": [_short(day) for day, _, _ in data["days"]],
            "series": [
                ["人数", [people for _, people, _ in data["days"]]],
                ["次数", [tries for *_, tries in data["days"]]],
            ],
        },
        "district_days": {
            "kind": "line",
            "labels": [_short(day) for day, _, _ in data["days"]],
            "series": data.get("district_days", [])[:LINES],
        },
        "bands": {
            "kind": "bars",
            "labels": [band for band, _ in data["bands"]],
            "series": [["人数", [people for _, people in data["bands"]]]],
        },
        "districts": {
            "kind": "bars",
            "labels": [name for name, _, _ in data["districts"]][:15],
            "series": [
                ["参加", [people for _, people, _ in data["districts"]][:15]],
                ["通关", [done for _, _, done in data["districts"]][:15]],
            ],
        },
    }
