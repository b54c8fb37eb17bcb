"""Pages of complaints: what is complained about, and deciding."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError
from server.core.web.access import requires
from server.core.web.forms import Form, form_data
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.workflow import offers, perform
from server.publicity.complaints.listing import LIST
from server.publicity.complaints.models import ComplaintMove
from server.publicity.complaints.queries import GONE, list_complainants, name_subjects
from server.publicity.complaints.schemas import DecisionIn
from server.publicity.complaints.texts import REASON_NAMES, STATUS_NAMES
from server.publicity.complaints.workflow import COMPLAINTS, get_complaint, published_as
from server.unions.actor import current_actor

bp = Blueprint("complaints_console", __name__, url_prefix="/console/complaints", template_folder="templates")


@bp.get("")
@requires("complaint.read")
def complaints() -> str:
    """The list."""
    return render_template("complaints/list.html", page=show_list(LIST))


@bp.get("/ledger.xlsx")
@requires("complaint.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(LIST)


@bp.get("/<uuid:complaint_id>")
@requires("complaint.read")
def complaint(complaint_id: UUID) -> str:
    """One of them."""
    return _page(complaint_id)


@bp.post("/<uuid:complaint_id>/<any(keep, take_down):move>")
@requires("complaint.decide")
def decide(complaint_id: UUID, move: str) -> AnyResponse | tuple[str, int]:
    """Keep it or take it down. Refused, the page comes again with the reason and with what was typed."""
    form = form_data(DecisionIn)
    if form.value is None:
        return _page(complaint_id, form), 422
    chosen = ComplaintMove(move)
    try:
        perform(COMPLAINTS, session(), complaint_id, chosen, actor=current_actor(), now=clock.now(), form=form.value)
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _page(complaint_id, form, error.message), error.status
    flash(COMPLAINTS.find(chosen).done)
    return redirect(f"/console/complaints/{complaint_id}", code=303)


def _page(complaint_id: UUID, form: Form[DecisionIn] | None = None, message: str = "") -> str:
    actor, found = current_actor(), get_complaint(session(), complaint_id, current_actor())
    published = published_as(found.subject)
    name = name_subjects(session(), [found]).get((found.subject, found.subject_id))
    return render_template(
        "complaints/complaint.html", complaint=found, status_name=STATUS_NAMES[found.status], label=published.label,
        name=name or GONE, href=f"{published.path}/{found.subject_id}" if name else "",
        complainants=[(REASON_NAMES[each.reason], each) for each in list_complainants(session(), found.id)],
        raw=form.raw if form else {}, errors=form.errors if form else {}, message=message,
        moves=offers(COMPLAINTS, session(), found, actor=actor, now=clock.now()),
    )  # fmt: skip
