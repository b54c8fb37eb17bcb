"""The dispatch page (调度): what is overdue in one's scope, the same as an Excel sheet, and asking for it."""

from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.clock import day_of
from server.core.web.access import requires
from server.core.web.forms import form_data
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.filters import read_filters
from server.kit.listing import Request, show_list
from server.kit.selections import FIELDS, picked_of_list
from server.review.escalation.listing import DISPATCH, DispatchFilter, not_urged_on
from server.review.escalation.queries import recent_below
from server.review.escalation.schemas import UrgeIn
from server.review.escalation.urging.actions import urge
from server.unions.actor import current_actor

bp = Blueprint("escalation_console", __name__, url_prefix="/console/dispatch", template_folder="templates")


@bp.get("")
@requires("escalation.read")
def dispatch() -> str:
    """What is overdue, the longest first, and how much of it lies below which union."""
    page = show_list(DISPATCH)
    below = recent_below(Request(session(), current_actor(), page.filters, clock.now()))
    return render_template(
        "escalation/dispatch.html",
        page=page,
        below=below,
        total=sum(each.total for each in below),
        href_of=lambda union_id: DISPATCH.href(page.filters.to_query(union=union_id)),
    )


@bp.post("/urge")
@requires("escalation.urge")
def urge_picked() -> AnyResponse:
    """Ask those who have to answer for what was picked."""
    body = form_data(UrgeIn, drop=FIELDS).require()
    now = clock.now()
    selection = picked_of_list(DISPATCH, not_urged_on(day_of(now)))
    decided = urge(session(), selection.rows, body.text, actor=current_actor(), now=now)
    flash(selection.say(decided.say("已催办 {} 条。")), "error" if decided.refusals else "success")
    return redirect(DISPATCH.href(read_filters(DispatchFilter).to_query()), code=303)


@bp.get("/ledger.xlsx")
@requires("escalation.read")
def ledger() -> Response:
    """The same as a sheet."""
    return send_ledger(DISPATCH)
