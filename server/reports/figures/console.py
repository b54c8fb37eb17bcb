"""Pages of figures: charts with their tables, and the same as a workbook."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from server.core import clock
from server.core.errors import Conflict
from server.core.web.access import requires
from server.core.web.forms import query_params
from server.core.web.unit_of_work import independent_transaction, session
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.scope import union_choices
from server.reports.figures.actions import ask_for_count, note_viewed
from server.reports.figures.charts.series import FUNNEL_NAMES, charts
from server.reports.figures.counting.cuts import PERIOD_TEXTS, Cut, FiguresQuery
from server.reports.figures.queries import FRESH, Counted, find_figures, get_subtree
from server.reports.figures.workbook import OUTCOME_NAMES, sheets_of
from server.unions.actor import current_actor
from server.unions.campaigns.choosing.choice import campaign_asked
from server.unions.campaigns.queries import CampaignFacts, campaign_facts, current_campaign, list_campaigns
from server.unions.roles import CONSOLE
from server.unions.tree.lookup.flags import FLAG_TEXTS
from server.unions.tree.models import Union

bp = Blueprint("figures_console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/figures")
@requires("figure.read")
def figures() -> str:
    """The figures of a subtree. Where they have to be counted first, the page says so and looks again by itself."""
    wanted, actor = query_params(FiguresQuery), current_actor()
    union = get_subtree(session(), actor, wanted.union)
    campaigns = list_campaigns(session())
    campaign = _campaign()
    counted = _find(union, campaign, wanted.cut)
    return render_template(
        "figures/figures.html",
        wanted=wanted,
        union=union,
        choices=union_choices(session(), actor, CONSOLE, union.id),
        periods=PERIOD_TEXTS,
        flags=FLAG_TEXTS,
        campaign=campaign,
        campaigns=campaigns,
        counted=counted,
        figures=counted.figures if counted else None,
        charts=charts(counted.figures) if counted else {},
        funnel_names=FUNNEL_NAMES,
        outcome_names=OUTCOME_NAMES,
    )


@bp.get("/figures.xlsx")
@requires("figure.read")
def workbook() -> Response:
    """The same as a workbook."""
    wanted = query_params(FiguresQuery)
    union = get_subtree(session(), current_actor(), wanted.union)
    campaign = _campaign()
    counted = _find(union, campaign, wanted.cut)
    if counted is None:
        raise Conflict("正在统计，请过一会儿再下载。", code="being_counted")
    title = f"{union.name} {PERIOD_TEXTS[wanted.period]} {_flags(wanted)}".strip()
    return send_workbook(title, *sheets_of(counted.figures, title, counted.at))


def _campaign() -> CampaignFacts:
    asked = campaign_asked()
    return campaign_facts(session(), asked) if asked is not None else current_campaign(session())


def _find(union: Union, campaign: CampaignFacts, cut: Cut) -> Counted | None:
    now = clock.now()
    counted = find_figures(session(), union, campaign, cut, now)
    if counted is None:
        with independent_transaction() as writer:
            ask_for_count(writer, union.id, campaign.id, cut, now=now)
    elif counted.snapshot_id is not None and counted.viewed_at is not None and now - counted.viewed_at > FRESH:
        with independent_transaction() as writer:
            note_viewed(writer, counted.snapshot_id, now=now)
    return counted


def _flags(cut: Cut) -> str:
    return "、".join(FLAG_TEXTS[flag] for flag in cut.flags)
