"""The list of unions, and its ledger. One union's page is `unions/tree`'s."""

from flask import Blueprint, Response, render_template

from server.console.unions.listing import UNION_LIST, find_place
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.unions.actor import current_actor
from server.unions.tree.queries import list_ancestors, list_tops
from server.unions.tree.rules import NEW_NAMES, new_levels

bp = Blueprint("union_list", __name__, url_prefix="/console/unions", template_folder="templates")


@bp.get("")
@requires("union.read")
def unions() -> str:
    """The tree, a level at a time; or what a search finds below the place."""
    page, actor = show_list(UNION_LIST), current_actor()
    under = find_place(session(), actor, page.filters.under)
    return render_template(
        "unions/list.html",
        page=page,
        under=under,
        tops=list_tops(session(), actor),
        way=list_ancestors(session(), under, actor) if under else [],
        new_levels=new_levels(under, actor) if under else [],
        NEW_NAMES=NEW_NAMES,
    )


@bp.get("/ledger.xlsx")
@requires("union.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(UNION_LIST)
