"""The page of faults of the phone's program."""

from flask import Blueprint, render_template

from server.console.client_faults.listing import FAULTS
from server.core.web.access import requires
from server.kit.listing import show_list

bp = Blueprint("client_faults_console", __name__, url_prefix="/console/client-faults", template_folder="templates")


@bp.get("")
@requires("client_fault.read")
def list_faults() -> str:
    """Faults by page, those told of last first."""
    return render_template("client_faults/list.html", page=show_list(FAULTS))
