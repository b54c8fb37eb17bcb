"""Pages of the points ledger."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from server.core import clock
from server.core.web.access import requires
from server.core.web.forms import posted_or_invalid
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.filters import read_filters
from server.kit.listing import show_list
from server.rewards.points.actions import correct_transfer, find_points, set_points
from server.rewards.points.listing import POINTS, PointsFilter
from server.rewards.points.queries import recent_balance
from server.rewards.points.rules import CODE_TEXTS
from server.rewards.points.schemas import CorrectionIn, RulesIn
from server.unions.actor import current_actor
from server.unions.campaigns.queries import current_campaign

bp = Blueprint("points_console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/points")
@requires("points.read")
def ledger() -> str:
    """The ledger in scope, what earns how much, and whether it balances."""
    campaign = current_campaign(session())
    return render_template(
        "points/ledger.html",
        page=show_list(POINTS),
        balance=recent_balance(session()),
        rules=[(code, text, find_points(session(), campaign.id, code)) for code, text in CODE_TEXTS.items()],
    )


@bp.get("/points/ledger.xlsx")
@requires("points.read")
def sheet() -> FlaskResponse:
    """The same as a sheet."""
    return send_ledger(POINTS)


@bp.post("/points/<uuid:transfer_id>/correct")
@requires("points.correct")
def correct(transfer_id: UUID) -> Response:
    """Counter a credit, with the reason."""
    reason = posted_or_invalid(CorrectionIn).reason
    correct_transfer(session(), transfer_id, reason, actor=current_actor(), now=clock.now())
    flash("已冲正，原来的记录还在。", "success")
    return redirect(POINTS.href(read_filters(PointsFilter).to_query()), code=303)


@bp.post("/points/rules")
@requires("points.set_rules")
def rules() -> Response:
    """Change what earns how much, from now on."""
    campaign = current_campaign(session())
    for code, points in posted_or_invalid(RulesIn, "积分要填整数。"):
        set_points(session(), campaign.id, code, points, actor=current_actor(), now=clock.now())
    flash("已保存，从现在起按新的标准记分。", "success")
    return redirect(url_for("points_console.ledger"), code=303)
