"""Pages for reviewers: the ready replies of their unions."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from server.core import clock
from server.core.errors import AppError, Invalid
from server.core.slice import declared
from server.core.web.access import requires
from server.core.web.forms import Form, form_values, query_params
from server.core.web.unit_of_work import session
from server.review.decisions.models import ReplyTemplate
from server.review.decisions.permissions import PERMISSIONS
from server.review.decisions.queries import list_inherited_templates, list_kept_templates
from server.review.decisions.reply_templates.actions import save_template
from server.review.decisions.schemas import EditQuery, TemplateIn
from server.unions.actor import current_actor
from server.unions.campaigns.queries import current_campaign

bp = Blueprint("decisions_console", __name__, url_prefix="/console", template_folder="templates")
PAGE = "/console/templates"


@bp.get("/templates")
@requires("reply_template.read")
def templates() -> str:
    """The ready replies of one's unions. `?edit=<id>` opens one for editing."""
    return _page(None, None, {})


@bp.post("/templates")
@requires("reply_template.edit")
def create() -> Response | tuple[str, int]:
    """Add one."""
    return _save(None)


@bp.post("/templates/<uuid:template_id>")
@requires("reply_template.edit")
def edit(template_id: UUID) -> Response | tuple[str, int]:
    """Change one, or lay it aside."""
    return _save(template_id)


def _save(template_id: UUID | None) -> Response | tuple[str, int]:
    values = form_values().to_dict()
    values.setdefault("is_active", "0" if template_id is not None else "1")  # a box not ticked is not sent
    try:
        form = Form(TemplateIn, values).require()
        save_template(session(), template_id, form, actor=current_actor(), now=clock.now())
    except Invalid as error:
        session().rollback()
        if template_id is not None and session().get(ReplyTemplate, template_id) is None:
            raise  # no row of the page could show the form again
        return _page(template_id, error, values), error.status
    flash("模板已保存。")
    return redirect(PAGE, code=303)


def _page(template_id: UUID | None, error: AppError | None, values: dict[str, str]) -> str:
    """Context: `templates` (ReplyTemplate rows), `inherited` (those of unions above, with their names), `unions` (to
    edit for), `moves` and `categories` as (value, words),
    `editable` the ids of those unions, `editing` the id whose form is open, `errors` and `values` of a refused form."""
    actor = current_actor()
    editing = actor.carrying(PERMISSIONS["reply_template.edit"])
    unions = {held.union_id: held.union_name for held in actor.roles}
    return render_template(
        "review/templates.html",
        templates=list_kept_templates(session(), set(unions)),
        inherited=list_inherited_templates(session(), set(unions)),
        unions=[(str(held.union_id), held.union_name) for held in editing.roles],
        editable={held.union_id for held in editing.roles},
        moves=[(move, use.label) for move, use in declared().reply_uses.items()],
        categories=[("", "所有类别"), *current_campaign(session()).categories.items()],
        editing=str(template_id or query_params(EditQuery).edit or ""),
        errors=error.fields if error else {},
        message=error.message if error else None,
        values=values,
    )
