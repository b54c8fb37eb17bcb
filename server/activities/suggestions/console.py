"""Pages for reviewers: adopted suggestions, and how one of them is carried out."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from server.activities.suggestions.implementation.page import describe
from server.activities.suggestions.listing import ADOPTED
from server.activities.suggestions.models import ImplementationMove
from server.activities.suggestions.schemas import BenefitIn, PlanStepIn, VersionIn
from server.activities.suggestions.workflow import IMPLEMENTATION, StepForm
from server.core import clock
from server.core.errors import AppError, Invalid
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, posted_or_invalid
from server.core.web.unit_of_work import read_only_session, session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.workflow import perform
from server.unions.actor import current_actor

bp = Blueprint("suggestions_console", __name__, url_prefix="/console/suggestions", template_folder="templates")
ON_STEPS = {
    "done": ImplementationMove.COMPLETE_STEP,
    "undone": ImplementationMove.REOPEN_STEP,
    "remove": ImplementationMove.REMOVE_STEP,
}


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
    return _save(suggestion_id, ImplementationMove.ADD_STEP, form_data(PlanStepIn))


@bp.post("/<uuid:suggestion_id>/steps/<uuid:step_id>/<any(done, undone, remove):what>")
@requires("suggestion.carry_out")
def change_step(suggestion_id: UUID, step_id: UUID, what: str) -> ResponseReturnValue:
    """Tick a step, take the tick back, or take the step out."""
    return _make(suggestion_id, ON_STEPS[what], StepForm(step_id, posted_or_invalid(VersionIn).version))


@bp.post("/<uuid:suggestion_id>/benefit")
@requires("suggestion.carry_out")
def confirm_benefit(suggestion_id: UUID) -> ResponseReturnValue:
    """Put on record what it brought."""
    return _save(suggestion_id, ImplementationMove.CONFIRM_BENEFIT, form_data(BenefitIn))


@bp.post("/<uuid:suggestion_id>/<any(publish, unpublish):what>")
@requires("suggestion.publish")
def set_published(suggestion_id: UUID, what: str) -> ResponseReturnValue:
    """Show it to colleagues, or no longer."""
    move = ImplementationMove.PUBLISH if what == "publish" else ImplementationMove.UNPUBLISH
    return _make(suggestion_id, move, posted_or_invalid(VersionIn))


def _save(suggestion_id: UUID, move: ImplementationMove, form: Form[BaseModel]) -> ResponseReturnValue:
    """Make a move with words; refused, the page comes again with the reason and with what was typed."""
    try:
        if form.value is None:
            raise Invalid("还有没填好的地方，请检查。", fields=form.errors)
        return _make(suggestion_id, move, form.value)
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _page(suggestion_id, form.raw, error.fields, error.message), error.status


def _make(suggestion_id: UUID, move: ImplementationMove, form: BaseModel | StepForm) -> ResponseReturnValue:
    perform(IMPLEMENTATION, session(), suggestion_id, move, actor=current_actor(), now=clock.now(), form=form)
    flash(IMPLEMENTATION.find(move).done)
    return redirect(url_for(".item", suggestion_id=suggestion_id), code=303)


def _page(suggestion_id: UUID, raw: dict[str, object], errors: dict[str, str], message: str | None = None) -> str:
    with read_only_session() as reader:
        page = describe(reader, suggestion_id, current_actor(), clock.now())
        return render_template("suggestions/item.html", page=page, raw=raw, errors=errors, message=message)
