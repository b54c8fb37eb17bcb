"""Pages of inspections: ready check lists, what was sent, how far everybody is."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.dispatch.queries import get_sent, may_open
from server.assignments.findings.queries import list_progress
from server.assignments.findings.workbook import PROGRESS
from server.assignments.forms.actions import create_form
from server.assignments.forms.queries import list_owners
from server.assignments.forms.ready.check_lists import UNCERTAIN, CheckList
from server.assignments.forms.schemas import FormIn, UnionIn
from server.assignments.spot_checks.queries import list_draws, may_prepare
from server.core import clock
from server.core.clock import in_shanghai
from server.core.errors import NotFound
from server.core.sheets import Sheet
from server.core.web.access import requires
from server.core.web.forms import posted_or_invalid
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.workbooks import send_workbook
from server.oversight.inspections.queries import NAME, list_inspections, templates
from server.unions.actor import current_actor
from server.unions.tree.lookup.traits import trait_names

bp = Blueprint("inspections_console", __name__, url_prefix="/console/inspections", template_folder="templates")


@bp.get("")
@requires("inspection.read")
def inspections() -> str:
    """The templates to begin from, and the latest that were sent."""
    actor = current_actor()
    return render_template(
        "inspections/list.html", templates=templates().values(), owners=list_owners(session(), actor),
        sent=list_inspections(session(), actor),
    )  # fmt: skip


@bp.get("/templates/<code>")
@requires("inspection.read")
def template(code: str) -> str:
    """One template, whole."""
    owners = list_owners(session(), current_actor())
    return render_template(
        "inspections/template.html", template=_template(code), owners=owners, trait_names=trait_names,
        uncertain=UNCERTAIN,
    )  # fmt: skip


@bp.post("/templates/<code>/copy")
@requires("inspection.lead")
def copy_template(code: str) -> AnyResponse:
    """A form of the union's own, made of it."""
    found, union_id = _template(code), posted_or_invalid(UnionIn, "请选择给哪个工会用。").union
    body = FormIn(title=found.title, about=found.about)
    form = create_form(session(), union_id, body, found.definition, actor=current_actor(), now=clock.now())
    flash(f"已做成您的表单。标“{UNCERTAIN}”的依据，请对照标准改好再发。")
    return redirect(f"/console/forms/{form.id}", code=303)


def _template(code: str) -> CheckList:
    found = templates().get(code)
    if found is None:
        raise NotFound
    return found


# --- progress ---------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:assignment_id>")
@requires("inspection.read")
def inspection(assignment_id: UUID) -> str:
    """How far everybody is, and the spot checks."""
    actor = current_actor()
    found = get_sent(session(), assignment_id, actor, (NAME,))
    return render_template(
        "inspections/inspection.html", inspection=found, rows=list_progress(session(), found, actor, clock.now()),
        draws=list_draws(session(), found, actor), may_prepare=may_prepare(session(), found, actor),
        may_open=may_open(session(), found.id, actor),
    )  # fmt: skip


@bp.get("/<uuid:assignment_id>/progress.xlsx")
@requires("inspection.read")
def progress_sheet(assignment_id: UUID) -> Response:
    """The same table as a sheet."""
    actor = current_actor()
    found = get_sent(session(), assignment_id, actor, (NAME,))
    now, title = clock.now(), f"{found.title}进度"
    heading = title, f"截至 {in_shanghai(now):%Y-%m-%d %H:%M}"
    rows = list_progress(session(), found, actor, now)
    return send_workbook(title, Sheet("进度", PROGRESS, rows, heading=heading, is_numbered=True))
