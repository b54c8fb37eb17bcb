"""The record of a person (一人一档): by permission, and every look is on record."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from server.core import clock
from server.core.errors import AppError
from server.core.web.access import requires
from server.core.web.forms import Form, form_data
from server.core.web.unit_of_work import independent_transaction, read_only_session, session
from server.kit.documents.files.downloads import answer_file
from server.kit.documents.files.store import DOCX
from server.oversight.training import queries, texts
from server.oversight.training.actions import add_permit, note_look, save_card
from server.oversight.training.archive.papers import card_name, read_record, write_card
from server.oversight.training.schemas import CardIn, PermitIn
from server.unions.actor import current_actor

bp = Blueprint("records", __name__, url_prefix="/people/<uuid:person_id>")


@bp.get("")
@requires("training.keep_records")
def show_record(person_id: UUID) -> ResponseReturnValue:
    """The page."""
    return _page(person_id)


@bp.get("/card.docx")
@requires("training.keep_records")
def card_docx(person_id: UUID) -> Response:
    """一人一档卡."""
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        person = queries.get_trainee(reader, person_id, actor)
        content, name = write_card(read_record(reader, person, now)), card_name(person)
    with independent_transaction() as writer:
        note_look(writer, person_id, actor=actor, now=now, form="docx")
    return answer_file(content, DOCX, f"{name}.docx")


@bp.post("/card")
@requires("training.keep_records")
def save(person_id: UUID) -> ResponseReturnValue:
    """Keep what stands on the card."""
    form = form_data(CardIn)
    if form.value is None:
        return _page(person_id, form), 422
    save_card(session(), person_id, form.value, actor=current_actor(), now=clock.now())
    flash("已保存。")
    return redirect(f"/console/training/people/{person_id}", code=303)


@bp.post("/permits")
@requires("training.keep_records")
def note_permit(person_id: UUID) -> ResponseReturnValue:
    """Note a special-operation certificate."""
    form = form_data(PermitIn)
    if form.value is None:
        return _page(person_id, permit=form), 422
    try:
        add_permit(session(), person_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        form.errors = dict(error.fields or {"number": error.message})
        return _page(person_id, permit=form), error.status
    flash("已登记。")
    return redirect(f"/console/training/people/{person_id}", code=303)


def _page(person_id: UUID, form: Form[CardIn] | None = None, permit: Form[PermitIn] | None = None) -> str:
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        person = queries.get_trainee(reader, person_id, actor)
        record = read_record(reader, person, now)
    with independent_transaction() as writer:
        note_look(writer, person_id, actor=actor, now=now)
    return render_template(
        "training/person.html", record=record, person=person, card=record.card, form=form, permit=permit,
        sexes=[("", "未填"), *((key.value, name) for key, name in texts.SEX_NAMES.items())],
        employments=[("", "未填"), *((key.value, name) for key, name in texts.EMPLOYMENT_NAMES.items())],
        kind_names=texts.KIND_NAMES,
    )  # fmt: skip
