"""Sessions that one's unions are asked to."""

from flask import Blueprint, Response, render_template

from server.core.web.access import requires
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.oversight.training.invitations.listing import INVITED

bp = Blueprint("invited", __name__, url_prefix="/invited")


@bp.get("")
@requires("training.read")
def invited() -> str:
    """The list."""
    return render_template("training/invited.html", page=show_list(INVITED))


@bp.get("/ledger.xlsx")
@requires("training.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(INVITED)
