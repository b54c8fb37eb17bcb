"""The large screen (大屏): sums of unions, nothing of any person; its script fetches it anew each minute."""

from uuid import UUID

from flask import Blueprint, render_template

from server.core import clock
from server.core.web.access import requires
from server.core.web.forms import query_params
from server.core.web.schemas import In
from server.core.web.unit_of_work import session
from server.reports.figures.charts.series import bars_of, charts
from server.reports.figures.cuts.cut import RECENT, THIS_YEAR
from server.reports.figures.queries import get_subtree, read_figures
from server.reports.figures.texts import percent
from server.unions.actor import current_actor
from server.unions.campaigns.choosing.choice import campaign_asked, name_of_campaign

bp = Blueprint("screen_console", __name__, url_prefix="/console/screen", template_folder="templates")

MOST_UNIONS = 12  # more would not be read from five metres
MOST_CATEGORIES = 6


class ScreenQuery(In):
    """Which union's screen; the first of one's own without."""

    union: UUID | None = None


@bp.get("")
@requires("figure.read")
def screen() -> str:
    """This year so far, and the last thirty days."""
    actor, now = current_actor(), clock.now()
    union = get_subtree(session(), actor, query_params(ScreenQuery).union)
    campaign_id = campaign_asked()
    year = read_figures(session(), union, campaign_id, THIS_YEAR, now)
    recent = read_figures(session(), union, campaign_id, RECENT, now)
    unions = [line for line in year.by_union if line.key != "own"]
    drawn = {"trend": charts(recent).get("trend"), "category": bars_of(year.by_category, MOST_CATEGORIES)}
    return render_template(
        "screen/screen.html",
        union=union,
        campaign_name=name_of_campaign(session(), actor, campaign_id),
        year=year,
        recent=recent,
        unions=unions[:MOST_UNIONS],
        more=max(len(unions) - MOST_UNIONS, 0),
        charts={name: chart for name, chart in drawn.items() if chart and chart["labels"]},
        percent=percent,
    )
