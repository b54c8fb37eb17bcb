"""Pages of inspections: ready templates, and those that were sent."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.forms.actions import create_form
from server.assignments.forms.queries import list_owners
from server.assignments.forms.schemas import FormIn, UnionIn
from server.core import clock
from server.core.errors import NotFound
from server.core.web.access import requires
from server.core.web.forms import posted_or_invalid
from server.core.web.unit_of_work import session
from server.oversight.inspections.shipped.reading import UNCERTAIN, Template, templates
from server.unions.actor import current_actor
from server.unions.tree.lookup.traits import trait_names

bp = Blueprint("inspections_console", __name__, url_prefix="/console/inspections", template_folder="templates")


@bp.get("")
@requires("inspection.read")
def inspections() -> str:
    """The templates to begin from."""
    owners = list_owners(session(), current_actor())
    return render_template("inspections/list.html", templates=templates().values(), owners=owners)


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
    found, union_id = _template(code), _union_id()
    body = FormIn(title=found.title, about=found.about)
    form = create_form(session(), union_id, body, found.definition, actor=current_actor(), now=clock.now())
    flash(f"已做成您的表单。标“{UNCERTAIN}”的依据，请对照标准改好再发。")
    return redirect(f"/console/forms/{form.id}", code=303)


def _union_id() -> UUID:
    return posted_or_invalid(UnionIn, "请选择给哪个工会用。").union


def _template(code: str) -> Template:
    found = templates().get(code)
    if found is None:
        raise NotFound
    return found
