"""Pages for reviewers: adopted suggestions, and how one of them is carried out."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from server.activities.suggestions import implementation
from server.activities.suggestions.listing import ADOPTED
from server.activities.suggestions.pages import describe
from server.activities.suggestions.schemas import BenefitIn, PlanStepIn
from server.core import clock
from server.core.errors import AppError, Invalid
from server.core.web.access import requires
from server.core.web.forms import Form, form_data
from server.core.web.unit_of_work import read_only_session, session
from server.kit.exports.ledger import send_ledger
from server.kit.listing import show_list
from server.unions.actor import current_actor

bp = Blueprint("suggestions_console", __name__, url_prefix="/console/suggestions", template_folder="templates")


@bp.get("")
@requires("suggestion.read")
def suggestions() -> str:
    """The list, by how far they have come."""
    return render_template("suggestions/list.html", page=show_list(ADOPTED))


@bp.get("/ledger.xlsx")
@requires("suggestion.read")
def ledger() -> ResponseReturnValue:
    """The same as a sheet."""
    return send_ledger(ADOPTED)


@bp.get("/<uuid:suggestion_id>")
@requires("suggestion.read")
def item(suggestion_id: UUID) -> str:
    """One of them."""
    return _page(suggestion_id, {}, {})


@bp.post("/<uuid:suggestion_id>/steps")
@requires("suggestion.carry_out")
def add_step(suggestion_id: UUID) -> ResponseReturnValue:
    """Plan a step."""
    return _save(suggestion_id, form_data(PlanStepIn), implementation.add_step, "已安排。")


@bp.post("/<uuid:suggestion_id>/steps/<uuid:step_id>/<any(done, undone, remove):what>")
@requires("suggestion.carry_out")
def change_step(suggestion_id: UUID, step_id: UUID, what: str) -> ResponseReturnValue:
    """Tick a step, take the tick back, or take the step out."""
    actor, now = current_actor(), clock.now()
    if what == "remove":
        implementation.remove_step(session(), suggestion_id, step_id, actor=actor, now=now)
    else:
        implementation.set_step_done(
            session(), suggestion_id, step_id, is_done=what == "done", actor=actor, now=now
        )  # fmt: skip
    flash({"done": "已完成，职工会收到消息。", "undone": "已改回未完成。", "remove": "已删除。"}[what])
    return _back(suggestion_id)


@bp.post("/<uuid:suggestion_id>/benefit")
@requires("suggestion.carry_out")
def confirm_benefit(suggestion_id: UUID) -> ResponseReturnValue:
    """Put on record what it brought."""
    return _save(suggestion_id, form_data(BenefitIn), implementation.confirm_benefit, "已记录效果，职工会收到消息。")


@bp.post("/<uuid:suggestion_id>/<any(publish, unpublish):what>")
@requires("suggestion.publish")
def set_published(suggestion_id: UUID, what: str) -> ResponseReturnValue:
    """Show it to colleagues, or no longer."""
    is_published = what == "publish"
    implementation.set_published(
        session(), suggestion_id, is_published=is_published, actor=current_actor(), now=clock.now()
    )
    flash("已公开，工友们可以看到并支持。" if is_published else "已不再公开。")
    return _back(suggestion_id)


def _save(suggestion_id: UUID, form: Form[BaseModel], action: Callable[..., None], done: str) -> ResponseReturnValue:
    """Do it; refused, the page comes again with the reason and with what was typed."""
    try:
        if form.value is None:
            raise Invalid("还有没填好的地方，请检查。", fields=form.errors)
        action(session(), suggestion_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _page(suggestion_id, form.raw, error.fields, error.message), error.status
    flash(done)
    return _back(suggestion_id)


def _page(suggestion_id: UUID, raw: dict[str, object], errors: dict[str, str], message: str | None = None) -> str:
    with read_only_session() as reader:
        page = describe(reader, suggestion_id, current_actor(), clock.now())
        return render_template("suggestions/item.html", page=page, raw=raw, errors=errors, message=message)


def _back(suggestion_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".item", suggestion_id=suggestion_id), code=303)
