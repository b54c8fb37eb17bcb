"""The dispatch page (调度): what is overdue in one's scope, and the same as an Excel sheet."""

from flask import Blueprint, Response, render_template

from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import Request, show_list
from server.review.escalation.listing import DISPATCH
from server.review.escalation.queries import count_below
from server.unions.actor import current_actor

bp = Blueprint("escalation_console", __name__, url_prefix="/console/dispatch", template_folder="templates")


@bp.get("")
@requires("escalation.read")
def dispatch() -> str:
    """What is overdue, the longest first, and how much of it lies below which union."""
    page = show_list(DISPATCH)
    below = count_below(Request(session(), current_actor(), page.filters, clock.now()))
    return render_template(
        "escalation/dispatch.html",
        page=page,
        below=below,
        total=sum(each.total for each in below),
        href_of=lambda union_id: DISPATCH.href(page.filters.to_query(union=union_id)),
    )


@bp.get("/ledger.xlsx")
@requires("escalation.read")
def ledger() -> Response:
    """The same as a sheet."""
    return send_ledger(DISPATCH)
