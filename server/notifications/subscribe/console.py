"""Pages for administrators: the templates of subscribe messages, and what became of the messages."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from server.core import clock
from server.core.db import settings_of
from server.core.errors import Invalid, NotFound
from server.core.web.access import requires
from server.core.web.forms import form_values, query_params
from server.core.web.unit_of_work import session
from server.kit.occasions import Occasion
from server.notifications.subscribe.message_templates.fields import RULES
from server.notifications.subscribe.message_templates.form import TemplateForm, form_of, read_form, save_template
from server.notifications.subscribe.message_templates.occasions import OCCASION_NAMES, SAMPLE
from server.notifications.subscribe.queries import DAYS, count_outcomes, list_templates
from server.notifications.subscribe.schemas import EditQuery
from server.notifications.subscribe.texts import reason_text
from server.unions.actor import current_actor

bp = Blueprint("subscribe_console", __name__, url_prefix="/console", template_folder="templates")
PAGE = "/console/message-templates"


@bp.get("/message-templates")
@requires("message_template.edit")
def message_templates() -> str:
    """The templates, one for each occasion. `?edit=<occasion>` opens one."""
    occasion = query_params(EditQuery).edit
    form = form_of(list_templates(session()).get(occasion)) if occasion else None
    return _page(occasion, form)


@bp.post("/message-templates/<occasion>")
@requires("message_template.edit")
def save(occasion: str) -> Response | str | tuple[str, int]:
    """Save a template, or show how it would look (`step=preview`)."""
    if occasion not in set(Occasion):
        raise NotFound
    values = form_values()
    form = read_form(values)
    if values.get("step") == "preview":
        return _page(Occasion(occasion), form)
    try:
        save_template(session(), Occasion(occasion), form, actor_id=current_actor().person_id, now=clock.now())
    except Invalid as error:
        session().rollback()
        shown = TemplateForm(form.template_id, form.page, form.is_active, form.rows, error.fields)
        return _page(Occasion(occasion), shown), error.status
    flash("模板已保存。", "success")
    return redirect(PAGE, code=303)


def _page(occasion: Occasion | None, form: TemplateForm | None) -> str:
    settings = settings_of(session())
    outcomes = [
        (state, reason_text(reason), number) for state, reason, number in count_outcomes(session(), clock.now())
    ]
    return render_template(
        "subscribe/message_templates.html",
        occasions=OCCASION_NAMES,
        templates={key: (item, form_of(item)) for key, item in list_templates(session()).items()},
        editing=occasion,
        form=form,
        rules={kind: rule for kind, (_, rule) in RULES.items()},
        sample=SAMPLE,
        outcomes=outcomes,
        days=DAYS,
        is_configured=bool(settings.wechat_app_id),
        quiet=(settings.quiet_from_hour, settings.quiet_until_hour),
    )
