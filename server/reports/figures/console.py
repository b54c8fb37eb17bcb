"""Pages of figures: charts with their tables, and the same as a workbook."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from server.core import clock
from server.core.web.access import requires
from server.core.web.forms import asked_union_words, query_params
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.scope import union_choices
from server.reports.figures.charts.series import charts
from server.reports.figures.cuts.cut import FiguresQuery
from server.reports.figures.cuts.periods import PERIOD_TEXTS, Period, spans_back
from server.reports.figures.items.links import Links
from server.reports.figures.items.rows import rows_of
from server.reports.figures.queries import get_subtree, read_figures
from server.reports.figures.texts import TILES, percent
from server.reports.figures.workbook import sheets_of
from server.unions.actor import current_actor
from server.unions.campaigns.choosing.choice import campaign_asked, name_of_campaign
from server.unions.roles import CONSOLE
from server.unions.tree.lookup.flags import FLAG_TEXTS

bp = Blueprint("figures_console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/figures")
@requires("figure.read")
def figures() -> str:
    """The figures of a subtree, each of which opens the items that it counts."""
    wanted, actor, now = query_params(FiguresQuery), current_actor(), clock.now()
    campaign_id = campaign_asked()
    union = get_subtree(session(), actor, wanted.union)
    found = read_figures(session(), union, campaign_id, wanted, now)
    links = Links(union.id, campaign_id, wanted)
    rows = rows_of(found, links)
    return render_template(
        "figures/figures.html",
        wanted=wanted,
        union=union,
        choices=union_choices(session(), actor, CONSOLE, union.id),
        union_typed=asked_union_words(),
        campaign_name=name_of_campaign(session(), actor, campaign_id),
        periods=PERIOD_TEXTS,
        flags=FLAG_TEXTS,
        figures=found,
        rows=rows,
        tiles=[row for row in rows if row.figure in TILES],
        links=links,
        charts=charts(found),
        percent=percent,
        **_moves(wanted, clock.day_of(now)),
    )


@bp.get("/figures.xlsx")
@requires("figure.read")
def workbook() -> Response:
    """The same as a workbook."""
    wanted, now, campaign_id = query_params(FiguresQuery), clock.now(), campaign_asked()
    union = get_subtree(session(), current_actor(), wanted.union)
    found = read_figures(session(), union, campaign_id, wanted, now)
    campaign = name_of_campaign(session(), current_actor(), campaign_id)
    title = f"{union.name} {wanted.words(clock.day_of(now))} {campaign}"
    return send_workbook(title, *sheets_of(found, rows_of(found, Links(union.id, campaign_id, wanted)), title))


def _moves(wanted: FiguresQuery, today: date) -> dict[str, Any]:
    """Where one may go from here in time: the periods to choose from, the one before, the one after."""
    steps = wanted.steps(today)
    return {
        "is_range": wanted.period is Period.RANGE,
        "spans": spans_back(wanted.period, today, wanted.on or today),
        "earlier": wanted.to_query(on=steps[0].isoformat()) if steps else None,
        "later": wanted.to_query(on=steps[1].isoformat()) if steps and steps[1] <= today else None,
    }
