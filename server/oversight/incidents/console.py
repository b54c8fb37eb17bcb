"""Pages of incidents."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError
from server.core.web.access import requires
from server.core.web.forms import form_data, form_values, posted_or_invalid, query_params, union_words
from server.core.web.unit_of_work import session
from server.kit.enterprise_sheets import admit_sheets, send_template, show_sheet, take_sheet
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.oversight.incidents.actions import note_incident, strike_incident
from server.oversight.incidents.listing import INCIDENTS
from server.oversight.incidents.schemas import IncidentIn, StrikeIn, UnionQuery
from server.oversight.incidents.texts import KIND_NAMES
from server.oversight.incidents.workbook import SHEET
from server.unions.actor import current_actor
from server.unions.roles import Level
from server.unions.tree.lookup.picking import offer_unions

BELOW = frozenset({Level.DISTRICT, Level.TOWN, Level.ENTERPRISE})
bp = Blueprint("incidents_console", __name__, url_prefix="/console/incidents", template_folder="templates")


@bp.get("")
@requires("incident.read")
def incidents() -> str:
    """The list."""
    return render_template("incidents/list.html", page=show_list(INCIDENTS))


@bp.get("/ledger.xlsx")
@requires("incident.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(INCIDENTS)


@bp.get("/new")
@requires("incident.note")
def new() -> str:
    """A form, maybe with the union of the address."""
    return _form_page({"happened_on": clock.day_of(clock.now()).isoformat()}, {}, query_params(UnionQuery).union)


@bp.post("")
@requires("incident.note")
def note() -> AnyResponse | tuple[str, int] | str:
    """Note one; whoever only looked for a union gets the form again."""
    posted = form_values().to_dict()
    if (words := union_words()) is not None:
        return _form_page(posted, {}, posted.get("union"), words=words)
    form = form_data(IncidentIn)
    if form.value is None:
        return _form_page(posted, form.errors, posted.get("union")), 422
    try:
        note_incident(session(), form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _form_page(posted, error.fields or {}, posted.get("union"), message=error.message), error.status
    flash("已登记。")
    return redirect("/console/incidents", code=303)


admit_sheets(bp, "import_sheet")


@bp.get("/import")
@requires("incident.note")
def show_import() -> str:
    """Where a sheet of many is sent."""
    return show_sheet(SHEET)


@bp.get("/import/template.xlsx")
@requires("incident.note")
def template() -> Response:
    """The sheet to fill in."""
    return send_template(SHEET)


@bp.post("/import")
@requires("incident.note")
def import_sheet() -> str | tuple[str, int]:
    """Take the rows that are right, and say what is wrong with the others."""
    return take_sheet(SHEET)


@bp.post("/<uuid:incident_id>/strike")
@requires("incident.note")
def strike(incident_id: UUID) -> AnyResponse:
    """It was a mistake."""
    body = posted_or_invalid(StrikeIn, "请写明为什么作废。")
    strike_incident(session(), incident_id, body, actor=current_actor(), now=clock.now())
    flash("已作废，记录留着。")
    return redirect("/console/incidents?status=struck", code=303)


def _form_page(
    raw: dict[str, Any], errors: Any, union: Any, *, message: str = "", words: str | None = None
) -> str:  # fmt: skip
    return render_template(
        "incidents/new.html", raw=raw, errors=errors, message=message,
        offered=offer_unions(session(), current_actor(), BELOW, union, words),
        kinds=[(each.value, name) for each, name in KIND_NAMES.items()],
    )  # fmt: skip
