"""Pages for reviewers: the list of rectifications, one of them, the moves made on it and the photos that show it."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError as TokenError

from server.core import clock
from server.core.errors import AppError, Forbidden, Invalid, NotFound
from server.core.ids import is_uuid7
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.errors import json_error
from server.core.web.forms import INCOMPLETE, Form, form_values, json_body
from server.core.web.limits import day_quota
from server.core.web.unit_of_work import read_only_session, session
from server.kit.documents.actions import ask_for_pdf
from server.kit.documents.files.downloads import has_office, require_office, send_docx, send_pdf
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.filters import read_filters
from server.kit.listing import show_list
from server.photos.upload.receiving import take_photo
from server.review.rectification.actions import make_rectification_move
from server.review.rectification.evidence.attachments import (
    declare_submission_of_work,
    describe_evidence,
    find_submission_of,
)
from server.review.rectification.listing import RECTIFICATIONS, RectificationFilter, href
from server.review.rectification.models import RectifyMove
from server.review.rectification.papers.issuing import issue_paper
from server.review.rectification.papers.kinds import PAPERS
from server.review.rectification.queries import describe_rectification, find_paper
from server.review.rectification.schemas import FORMS, FormState, ItemPage, SubmitIn
from server.review.rectification.workflow import RECTIFICATION_WORKFLOW
from server.unions.actor import Actor, current_actor

bp = Blueprint("rectification_console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/rectifications")
@requires("rectification.read")
def rectifications() -> str:
    """The list."""
    return render_template("rectification/list.html", page=show_list(RECTIFICATIONS))


@bp.get("/rectifications/ledger.xlsx")
@requires("rectification.read")
def ledger() -> Response:
    """The same as a sheet."""
    return send_ledger(RECTIFICATIONS)


@bp.get("/rectifications/<uuid:rectification_id>")
@requires("rectification.read")
def item(rectification_id: UUID) -> str:
    """One of them."""
    page = _page(rectification_id, current_actor(), FormState())
    return render_template("rectification/item.html", page=page, has_office=has_office())


@bp.post("/rectifications/<uuid:rectification_id>/<move>")
@requires("rectification.act")
def act(rectification_id: UUID, move: str) -> ResponseReturnValue:
    """Make a move. Refused, the page comes again with the reason and with what was typed."""
    if move not in FORMS:
        raise NotFound
    chosen, actor = RectifyMove(move), current_actor()
    values = form_values().to_dict()
    try:
        form = Form(FORMS[chosen], values).require(INCOMPLETE)
        make_rectification_move(session(), rectification_id, chosen, form, actor=actor, now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        state = FormState(chosen, error.message, error.fields, values)
        page = _page(rectification_id, actor, state)
        return render_template("rectification/item.html", page=page, has_office=has_office()), error.status
    flash(RECTIFICATION_WORKFLOW.find(chosen).done)
    query = _filters().to_query()
    return redirect(f"{href(rectification_id)}?{query}" if query else href(rectification_id), code=303)


# --- on paper ---------------------------------------------------------------------------------------------------------


@bp.post("/rectifications/<uuid:rectification_id>/papers/<name>")
@requires("rectification.act")
def issue(rectification_id: UUID, name: str) -> ResponseReturnValue:
    """Issue a paper, numbered and frozen."""
    if name not in PAPERS:
        raise NotFound
    document = issue_paper(session(), PAPERS[name], rectification_id, actor=current_actor(), now=clock.now())
    flash(f"{PAPERS[name].label} {document.number} 已开具，可以下载打印。")
    return redirect(with_query(href(rectification_id)), code=303)


@bp.get("/rectifications/<uuid:rectification_id>/papers/<uuid:document_id>.docx")
@requires("rectification.read")
def paper_docx(rectification_id: UUID, document_id: UUID) -> Response:
    """A paper for Word. On record."""
    with read_only_session() as reader:
        document = find_paper(reader, rectification_id, document_id, current_actor())
    return send_docx(document)


@bp.get("/rectifications/<uuid:rectification_id>/papers/<uuid:document_id>.pdf")
@requires("rectification.read")
def paper_pdf(rectification_id: UUID, document_id: UUID) -> Response:
    """Its PDF, once it was made. On record."""
    with read_only_session() as reader:
        document = find_paper(reader, rectification_id, document_id, current_actor())
    return send_pdf(document)


@bp.post("/rectifications/<uuid:rectification_id>/papers/<uuid:document_id>/pdf")
@requires("rectification.read")
def ask_paper_pdf(rectification_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """Have the PDF made. Raises Conflict where LibreOffice is not installed."""
    require_office()
    ask_for_pdf(session(), find_paper(session(), rectification_id, document_id, current_actor()))
    flash("正在生成 PDF，过几秒刷新页面。")
    return redirect(with_query(href(rectification_id)), code=303)


# --- evidence, sent by the page's script ------------------------------------------------------------------------------

Door = Callable[..., ResponseReturnValue]


def _in_json(door: Door) -> Door:
    """Let the script read why something was refused."""

    @wraps(door)
    def answer(*args: object, **kwargs: object) -> ResponseReturnValue:
        try:
            return door(*args, **kwargs)
        except AppError as error:
            return json_error(error)

    return answer


@bp.post("/rectifications/<uuid:rectification_id>/evidence/<uuid:evidence_id>")
@requires("rectification.act")
@_in_json
def declare(rectification_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Say that it is done and which photos are coming. Idempotent by the id, which the page makes."""
    if not is_uuid7(evidence_id):
        raise Invalid("编号格式不对。", fields={"evidence_id": "要用 UUIDv7"})
    body = json_body(SubmitIn)
    is_new = declare_submission_of_work(
        session(), rectification_id, evidence_id, body, actor=current_actor(), now=clock.now()
    )
    return jsonify(describe_evidence(session(), evidence_id).model_dump(mode="json")), 201 if is_new else 200


@bp.post("/rectifications/<uuid:rectification_id>/evidence/<uuid:evidence_id>/photos")
@requires("rectification.act")
@_in_json
@day_quota("day_photos", status=200)
@day_quota("day_photo_megabytes", status=200, megabytes=True)
def upload(rectification_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Take one of the photos. The last one makes the move. The form's token is in the header: the body is a stream."""
    _check_token()
    actor = current_actor()
    with read_only_session() as reader:
        submission_id = find_submission_of(reader, rectification_id, evidence_id, actor.person_id)
    return jsonify(take_photo(submission_id, actor.person_id).model_dump(mode="json"))


@bp.record_once
def _let_bodies_stream(state: BlueprintSetupState) -> None:
    """The common check for the token would read the form, and with it the whole photo into memory, to look for it."""
    state.app.extensions["csrf"].exempt(f"{__name__}.{upload.__name__}")


def _check_token() -> None:
    """The same check by the header alone. Raises Forbidden."""
    try:
        validate_csrf(request.headers.get("X-CSRFToken"))
    except TokenError as error:
        raise Forbidden("页面放得太久了，请刷新后重试。", code="form_expired") from error


def _filters() -> RectificationFilter:
    return read_filters(RectificationFilter)


def _page(rectification_id: UUID, actor: Actor, state: FormState) -> ItemPage:
    with read_only_session() as reader:
        return describe_rectification(reader, rectification_id, actor, _filters(), clock.now(), state)
