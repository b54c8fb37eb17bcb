"""The audit log, newest first, with filters in the address, and its ledger."""

from flask import Blueprint, Response, render_template

from server.console.audit.listing import LOG
from server.core.audit.verify import last_seal
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list

bp = Blueprint("audit_console", __name__, url_prefix="/console/audit", template_folder="templates")


@bp.get("")
@requires("audit.read")
def show_log() -> str:
    """One page of the log."""
    return render_template("audit/log.html", page=show_list(LOG), seal=last_seal(session()))


@bp.get("/ledger.xlsx")
@requires("audit.read")
def ledger() -> Response:
    """The log as a sheet."""
    return send_ledger(LOG)
