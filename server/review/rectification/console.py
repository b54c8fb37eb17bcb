"""Pages for reviewers: the list of rectifications, one of them, the moves made on it and the photos that show it."""

from collections.abc import Callable, Mapping
from functools import wraps
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError as TokenError

from server.core import clock
from server.core.db import settings_of
from server.core.errors import AppError, Forbidden, Invalid, NotFound
from server.core.ids import is_uuid7
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.errors import json_error
from server.core.web.flashes import flash_undo
from server.core.web.forms import INCOMPLETE, Form, form_values, json_body, posted_or_invalid, query_params
from server.core.web.limits import day_quota
from server.core.web.unit_of_work import independent_transaction, read_only_session, session
from server.kit.documents.actions import ask_for_pdf
from server.kit.documents.files.downloads import has_office, require_office, send_docx, send_pdf
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.filters import read_filters
from server.kit.listing import Request, show_list
from server.kit.neighbours import find_neighbours
from server.kit.selections import Picked, picked_of_list
from server.photos.upload.receiving import take_photo
from server.review.rectification.actions import make_rectification_move
from server.review.rectification.evidence.attachments import (
    declare_submission_of_work,
    describe_evidence,
    find_submission_of,
)
from server.review.rectification.listing import RECTIFICATIONS, RectificationFilter, View, href, item_href
from server.review.rectification.models import RectifyMove, RectifyStatus
from server.review.rectification.papers.issuing import issue_paper
from server.review.rectification.papers.kinds import PAPERS
from server.review.rectification.queries import describe_rectification, find_paper
from server.review.rectification.rechecks.concluding import conclude, read_conclusions, take_back
from server.review.rectification.rechecks.looks import note_looks
from server.review.rectification.rechecks.sheet import MOST, read_sheet
from server.review.rectification.schemas import FORMS, FormState, ItemPage, SheetQuery, SubmitIn, TakeBackIn
from server.review.rectification.texts import STAYS
from server.review.rectification.workflow import RECTIFICATION_WORKFLOW
from server.unions.actor import Actor, current_actor

bp = Blueprint("rectification_console", __name__, url_prefix="/console", template_folder="templates")
SHEET = "/console/rectifications/rechecks"


@bp.get("/rectifications")
@requires("rectification.read")
def rectifications() -> str:
    """The list."""
    return render_template("rectification/list.html", page=show_list(RECTIFICATIONS), most_rechecks=MOST)


@bp.get("/rectifications/ledger.xlsx")
@requires("rectification.read")
def ledger() -> Response:
    """The same as a sheet."""
    return send_ledger(RECTIFICATIONS)


@bp.post("/rectifications/rechecks/picked")
@requires("rectification.act")
def pick_rechecks() -> ResponseReturnValue:
    """Put those that were picked side by side; none, or too many, is said on the list."""
    waits = RECTIFICATIONS.table.c.status == RectifyStatus.SUBMITTED
    try:
        selection = picked_of_list(RECTIFICATIONS, waits, most=MOST)
    except Invalid as error:
        flash(error.message, "error")
        return redirect(_waiting(), code=303)
    if selection.is_cut:
        flash(selection.say(""))
    chosen, query = ",".join(str(row.id) for row in selection.rows), _filters().to_query(status=View.SUBMITTED)
    return redirect(f"{SHEET}?{query}&ids={chosen}", code=303)


@bp.get("/rectifications/rechecks")
@requires("rectification.act")
def rechecks() -> str:
    """Several that wait for a recheck, side by side. Who sees them here has looked at them."""
    return _sheet_page({}, {})


@bp.post("/rectifications/rechecks")
@requires("rectification.act")
def conclude_rechecks() -> ResponseReturnValue:
    """Take down the conclusions. Refused as a whole, the page comes again with what was chosen and typed."""
    values = form_values().to_dict()
    try:
        conclusions = read_conclusions(values)
    except Invalid as error:
        if not query_params(SheetQuery).chosen:  # no row to show it beside: the error page gives it back
            raise
        return _sheet_page(values, error.fields, error.message), error.status
    decided = conclude(session(), conclusions, actor=current_actor(), now=clock.now())
    words, look = decided.say("已复查 {} 条。"), "error" if decided.refusals else "success"
    if decided.made and settings_of(session()).announce_seconds:
        undo_path = f"{SHEET}/undo?{_filters().to_query()}"
        flash_undo(words, undo_path, {"rows": ",".join(each.spell() for each in decided.made)}, look)
    else:
        flash(words, look)
    return redirect(_waiting(), code=303)


@bp.post("/rectifications/rechecks/undo")
@requires("rectification.act")
def undo_rechecks() -> ResponseReturnValue:
    """Take back what was concluded together, while nobody has heard of it."""
    rows = posted_or_invalid(TakeBackIn).chosen
    decided = take_back(session(), rows, actor=current_actor(), now=clock.now())
    flash(decided.say("已撤回 {} 条，重新等待复查。"), "error" if decided.refusals else "success")
    return redirect(_waiting(), code=303)


@bp.get("/rectifications/<uuid:rectification_id>")
@requires("rectification.read")
def item(rectification_id: UUID) -> str:
    """One of them. Whoever may recheck it has looked at it then."""
    actor = current_actor()
    page = _page(rectification_id, actor, FormState())
    if page.is_seen:
        with independent_transaction() as writer:
            note_looks(writer, [Picked(page.id, page.version)], actor.person_id, now=clock.now())
    return render_template("rectification/item.html", page=page, has_office=has_office())


@bp.post("/rectifications/<uuid:rectification_id>/<move>")
@requires("rectification.act")
def act(rectification_id: UUID, move: str) -> ResponseReturnValue:
    """Make a move, and go on to the next item of the list. Refused, the page comes again with the reason and with what
    was typed."""
    if move not in FORMS:
        raise NotFound
    chosen, actor, now, filters = RectifyMove(move), current_actor(), clock.now(), _filters()
    values = form_values().to_dict()
    try:
        form = Form(FORMS[chosen], values).require(INCOMPLETE)
        after = find_neighbours(RECTIFICATIONS, Request(session(), actor, filters, now), rectification_id).after
        row = make_rectification_move(session(), rectification_id, chosen, form, actor=actor, now=now)
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        state = FormState(chosen, error.message, error.fields, values)
        page = _page(rectification_id, actor, state)
        return render_template("rectification/item.html", page=page, has_office=has_office()), error.status
    query = filters.to_query()
    words = f"{RECTIFICATION_WORKFLOW.find(chosen).done.rstrip('。')}：{row.excerpt}"
    if row.pending_step_id is not None:
        undo_path = f"{href(rectification_id)}/{RectifyMove.UNDO}{'?' if query else ''}{query}"
        flash_undo(words, undo_path, {"version": str(row.version)})
    else:
        flash(words)
    if chosen in STAYS:
        return redirect(item_href(rectification_id, query), code=303)
    return redirect(item_href(after, query) if after is not None else RECTIFICATIONS.href(query), code=303)


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
    paper = find_paper(session(), rectification_id, document_id, current_actor())
    require_office()
    ask_for_pdf(session(), paper)
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


def _sheet_page(values: Mapping[str, str], errors: Mapping[str, str], message: str = "") -> str:
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        sheet = read_sheet(reader, query_params(SheetQuery).chosen, actor, now)
    if sheet.seen:
        with independent_transaction() as writer:
            note_looks(writer, sheet.seen, actor.person_id, now=now)
    return render_template(
        "rectification/rechecks.html", sheet=sheet, values=values, errors=errors, message=message, back=_waiting()
    )


def _waiting() -> str:
    """Those that wait for a recheck, as far as the filters in the address show them."""
    return RECTIFICATIONS.href(_filters().to_query(status=View.SUBMITTED))


def _filters() -> RectificationFilter:
    return read_filters(RectificationFilter)


def _page(rectification_id: UUID, actor: Actor, state: FormState) -> ItemPage:
    with read_only_session() as reader:
        return describe_rectification(reader, rectification_id, actor, _filters(), clock.now(), state)
