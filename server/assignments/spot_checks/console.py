"""Pages of spot checks: the draw, the form to fill in on the spot, both answers side by side."""

from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.dispatch.queries import names_of_recipients
from server.assignments.forms.building.posted_answers import read_posted
from server.assignments.forms.showing.answer_words import words_for_pages
from server.assignments.responses.answering.answer_files import limits_for, list_by_field, name_files
from server.assignments.spot_checks import actions
from server.assignments.spot_checks.answering.comparing import compare
from server.assignments.spot_checks.answering.photos import CHECK
from server.assignments.spot_checks.models import SpotCheck
from server.assignments.spot_checks.queries import get_check, get_draw, list_checks, path_of, read_form
from server.assignments.spot_checks.schemas import DrawIn, Typed
from server.core import clock
from server.core.web.access import requires
from server.core.web.forms import form_values, posted_or_invalid, posted_version
from server.core.web.unit_of_work import independent_transaction, read_only_session, session
from server.kit.draws.samples import is_true, publish
from server.kit.exports.ledgers.sending import note_export
from server.kit.scope import union_names
from server.unions.actor import current_actor

bp = Blueprint("spot_checks", __name__, url_prefix="/console/assignments", template_folder="templates")


@bp.post("/<uuid:assignment_id>/draws")
@requires("spot_check.lead")
def promise(assignment_id: UUID) -> AnyResponse:
    """Fix the seed of a draw."""
    form = posted_or_invalid(DrawIn, "抽 5 % 到 10 %。")
    draw = actions.promise_draw(session(), assignment_id, form, actor=current_actor(), now=clock.now())
    return redirect(f"/console/assignments/draws/{draw.id}", code=303)


@bp.get("/draws/<uuid:draw_id>")
@requires("spot_check.lead")
def draw(draw_id: UUID) -> str:
    """A draw: what was promised, who was drawn, what was found there."""
    found = get_draw(session(), draw_id, current_actor())
    checks = list_checks(session(), found)
    drawn = [check.recipient_id for check in checks]
    return render_template(
        "spot_checks/draw.html", draw=found, checks=checks, units=names_of_recipients(session(), drawn),
        is_true=is_true(found, drawn) if checks else None,
        union=union_names(session(), {found.union_id})[found.union_id].name, back=path_of(session(), found),
    )  # fmt: skip


@bp.post("/draws/<uuid:draw_id>/hold")
@requires("spot_check.lead")
def hold(draw_id: UUID) -> AnyResponse:
    """Draw."""
    actions.hold_draw(session(), draw_id, actor=current_actor(), now=clock.now())
    flash("抽好了。到这几家去看，再逐项填写。")
    return redirect(f"/console/assignments/draws/{draw_id}", code=303)


@bp.get("/draws/<uuid:draw_id>/file.json")
@requires("spot_check.lead")
def draw_file(draw_id: UUID) -> Response:
    """What anybody computes the draw again with."""
    actor = current_actor()
    found = get_draw(session(), draw_id, actor)
    note_export(actor.person_id, "抽查的抽签文件", len(found.entrants), clock.now(), name="抽签文件")
    content = orjson.dumps(publish(found, "recipients"), option=orjson.OPT_INDENT_2)
    headers = {"Content-Disposition": f"attachment; filename=spot-draw-{found.id}.json"}
    return Response(content, mimetype="application/json", headers=headers)


# --- on the spot ------------------------------------------------------------------------------------------------------


@bp.get("/spot-checks/<uuid:check_id>")
@requires("spot_check.lead")
def check(check_id: UUID) -> str:
    """The form to fill in there; afterwards both answers side by side."""
    found, of_draw = get_check(session(), check_id, current_actor())
    if found.checked_at is None:
        return _form_page(found, found.answers, found.skipped, {})
    return render_template(
        "spot_checks/compared.html", check=found, draw=of_draw, rows=compare(session(), found), unit=_unit(found)
    )


@bp.post("/spot-checks/<uuid:check_id>/save")
@requires("spot_check.lead")
def save(check_id: UUID) -> ResponseReturnValue:
    """Keep a draft. A script gets JSON: what is wrong, and the version that it goes on with."""
    body = _posted(check_id)
    checked = actions.save_check(session(), check_id, body, actor=current_actor(), now=clock.now())
    found, _ = get_check(session(), check_id, current_actor())
    if request.accept_mimetypes.best == "application/json":
        return jsonify(version=found.version, errors=dict(checked.errors))
    if checked.errors:
        return _form_page(found, body.answers, body.skipped, checked.errors)
    flash("已保存，以后可以接着填。")
    return redirect(f"/console/assignments/draws/{found.draw_id}", code=303)


@bp.post("/spot-checks/<uuid:check_id>")
@requires("spot_check.lead")
def finish(check_id: UUID) -> ResponseReturnValue:
    """Keep what was found for good, once all of it is there; till then as a draft."""
    body, actor, now = _posted(check_id), current_actor(), clock.now()
    with independent_transaction() as writer:
        actions.save_check(writer, check_id, body, actor=actor, now=now)
    checked = actions.finish_check(session(), check_id, body, actor=actor, now=now)
    if checked.errors:
        found, _ = get_check(session(), check_id, current_actor())
        return _form_page(found, body.answers, body.skipped, checked.errors), 422
    flash("抽查结果已保存。不合格的，成为隐患。")
    return redirect(f"/console/assignments/spot-checks/{check_id}", code=303)


def _posted(check_id: UUID) -> Typed:
    """What was typed, with the photos and files that came beside it."""
    actor = current_actor()
    with read_only_session() as reader:
        form = read_form(reader, get_check(reader, check_id, actor)[0])
        files = list_by_field(reader, CHECK, check_id)
    answers, skipped = read_posted(form, form_values())
    name_files(form, answers, files)
    return Typed(posted_version(), answers, skipped)


def _unit(found: SpotCheck) -> str:
    return names_of_recipients(session(), [found.recipient_id])[found.recipient_id]


def _form_page(found: SpotCheck, answers: Any, skipped: Any, errors: Any) -> str:
    return render_template(
        "spot_checks/check.html", check=found, definition=read_form(session(), found), answers=answers,
        skipped=skipped, errors=errors, files=list_by_field(session(), CHECK, found.id), limits_for=limits_for,
        file_subject=CHECK, file_row=found.id, unit=_unit(found), **words_for_pages(),
    )  # fmt: skip
