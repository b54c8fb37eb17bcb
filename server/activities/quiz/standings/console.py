"""The pages of a quiz's figures, of who took part, and of who did not."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from server.activities.quiz.levels.models import Quiz
from server.activities.quiz.levels.queries import get_facts, list_quizzes
from server.activities.quiz.standings.computing.scoped import ScopedFigures, count_scope
from server.activities.quiz.standings.listing import ABSENTEES, SCORES, links_of
from server.activities.quiz.standings.models import BoardKind, QuizFigures
from server.activities.quiz.standings.permissions import PERMISSIONS, WHOLE_CITY
from server.activities.quiz.standings.queries import find_figures, list_hardest, list_places
from server.activities.quiz.standings.schemas import FiguresQuery
from server.activities.quiz.standings.workbook import scoped_sheet, sheets_of
from server.core.errors import NotFound
from server.core.web.access import requires
from server.core.web.forms import query_params
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.listing import show_list
from server.kit.scope import scopes_of
from server.unions.actor import current_actor

bp = Blueprint("standings_console", __name__, url_prefix="/console", template_folder="templates")
HARDEST = 20
PLACES = 20
LINES = 12  # of districts in one chart
MOST = 100_000


@bp.get("/quiz-figures")
@requires("quiz.figures")
def figures() -> str:
    """Participation, scores, levels, the hardest questions; of one's own subtree alone for towns and enterprises.
    Before anything was counted it says so."""
    quizzes = _published()
    chosen = _choose(quizzes)
    counted = _counted(chosen)
    data = counted.data if counted else None
    return render_template(
        "standings/figures.html",
        quizzes=quizzes,
        quiz=chosen,
        counted_at=counted.computed_at if counted else None,
        data=data,
        scoped=_scoped(chosen) if chosen else [],
        sees_city=_sees_city(),
        union_id=query_params(FiguresQuery).union,
        links=links_of(chosen.id, query_params(FiguresQuery).union) if chosen else {},
        lists_absentees=chosen is not None and get_facts(session(), chosen.id).lists_absentees,
        tables=_tables(data) if data else [],
        charts=_charts(data) if data else {},
        questions=list_hardest(session(), chosen.id, HARDEST) if chosen and data else [],
        boards=[
            (title, list_places(session(), chosen.id, board, PLACES))
            for title, board in (("区市参与率", BoardKind.DISTRICTS), ("企业参与率", BoardKind.ENTERPRISES))
        ]
        if chosen and data
        else [],
    )


@bp.get("/quiz-figures.xlsx")
@requires("quiz.figures")
def workbook() -> Response:
    """The same as a workbook."""
    chosen = _choose(_published())
    counted = _counted(chosen)
    scoped = _scoped(chosen) if chosen else []
    if chosen is None or not (counted or scoped):
        raise NotFound("还没有统计数据。", code="not_counted_yet")
    of_city = (
        sheets_of(
            counted.data,
            list_hardest(session(), chosen.id, None),
            list_places(session(), chosen.id, BoardKind.ENTERPRISES, MOST),
            list_places(session(), chosen.id, BoardKind.DISTRICTS, MOST),
        )
        if counted
        else ()
    )
    return send_workbook(f"{chosen.name} 统计", *(scoped_sheet(each) for each in scoped), *of_city)


@bp.get("/quiz-scores")
@requires("quiz.scores")
def scores() -> str:
    """Who took part, enterprise by enterprise."""
    return render_template("standings/scores.html", page=show_list(SCORES))


@bp.get("/quiz-scores/ledger.xlsx")
@requires("quiz.scores")
def scores_ledger() -> Response:
    """The same as a sheet."""
    return send_ledger(SCORES)


@bp.get("/quiz-absentees")
@requires("quiz.scores")
def absentees() -> str:
    """Who did not, where the campaign lets them be listed."""
    return render_template("standings/absentees.html", page=show_list(ABSENTEES))


@bp.get("/quiz-absentees/ledger.xlsx")
@requires("quiz.scores")
def absentees_ledger() -> Response:
    """The same to phone by: numbers are whole for who may read them."""
    return send_ledger(ABSENTEES)


def _published() -> list[Quiz]:
    return [quiz for quiz in list_quizzes(session()) if quiz.published_at is not None]


def _sees_city() -> bool:
    return current_actor().holds(*WHOLE_CITY)


def _counted(quiz: Quiz | None) -> QuizFigures | None:
    """What the job counted of the whole city, for who sees that; nothing beside a union that was chosen."""
    if quiz is None or not _sees_city() or query_params(FiguresQuery).union is not None:
        return None
    counted = find_figures(session(), quiz.id)
    return counted if counted is not None and counted.computed_at is not None else None


def _scoped(quiz: Quiz) -> list[ScopedFigures]:
    """The figures of the union that was chosen, else of the actor's own subtrees below the city."""
    scopes = scopes_of(session(), current_actor(), PERMISSIONS["quiz.figures"], query_params(FiguresQuery).union)
    return [count_scope(session(), quiz.id, scope) for scope in scopes if scope.column != "city_id"]


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
