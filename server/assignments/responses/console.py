"""Pages of tasks: what one's union was asked, answering it, the filled-in form on paper."""

from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.dispatch.models import Assignment, ReceiptChannel
from server.assignments.dispatch.queries import list_originals
from server.assignments.dispatch.texts import CHIPS
from server.assignments.forms.showing.answer_words import words_for_pages
from server.assignments.responses import actions
from server.assignments.responses.answering.answer_files import BESIDE, DRAFT, limits_for, list_by_field, list_sent
from server.assignments.responses.answering.figures import draw_figures
from server.assignments.responses.answering.naming import list_colleagues
from server.assignments.responses.answering.posted import (
    Shown,
    beside_saved,
    fields_of,
    notes_of,
    read_shown,
    readable,
    shown_draft,
)
from server.assignments.responses.checking.check_pages import bp as check_pages
from server.assignments.responses.listing import TASKS
from server.assignments.responses.models import Response as Draft
from server.assignments.responses.models import ResponseVersion
from server.assignments.responses.queries import answers_for, find_replacing, find_version, get_answer, get_task
from server.assignments.responses.schemas import CompareQuery, CorrectIn, NameIn, ResponseIn, SubmitIn
from server.assignments.responses.workflow import RECIPIENT_WORKFLOW, Beginning, M
from server.core import clock, ids
from server.core.errors import AppError, NotFound
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.forms import INCOMPLETE, Form, form_values, posted_or_invalid, query_params
from server.core.web.unit_of_work import independent_transaction, read_only_session, session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.files.queries import list_files
from server.kit.listing import show_list
from server.kit.workflow import find_refusal, offers, perform
from server.unions.actor import current_actor

bp = Blueprint("tasks_console", __name__, url_prefix="/console/tasks", template_folder="templates")
bp.register_blueprint(check_pages)


@bp.get("")
@requires("task.read")
def tasks() -> str:
    """The list of one's own unions."""
    return render_template("tasks/list.html", page=show_list(TASKS))


@bp.get("/ledger.xlsx")
@requires("task.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(TASKS)


@bp.get("/<uuid:recipient_id>")
@requires("task.read")
def task(recipient_id: UUID) -> ResponseReturnValue:
    """One task, to be answered by the union that was asked; others who may see it read the answer."""
    actor = current_actor()
    with read_only_session() as reader:
        if not answers_for(actor, get_answer(reader, recipient_id, actor).row):
            return redirect(with_query(f"/console/tasks/{recipient_id}/check"), code=303)
    return _page(recipient_id)


@bp.post("/<uuid:recipient_id>/sign")
@requires("task.answer")
def sign(recipient_id: UUID) -> AnyResponse:
    """Say that it came."""
    perform(
        RECIPIENT_WORKFLOW, session(), recipient_id, M.SIGN,
        actor=current_actor(), now=clock.now(), form=Beginning(ReceiptChannel.CONSOLE),
    )  # fmt: skip
    flash("已签收。")
    return _to(recipient_id)


@bp.post("/<uuid:recipient_id>/name")
@requires("task.answer")
def name(recipient_id: UUID) -> AnyResponse:
    """Say who answers for the union."""
    body = posted_or_invalid(NameIn, "请选择由谁填报。")
    actions.name_answerer(session(), recipient_id, body, actor=current_actor(), now=clock.now())
    flash(RECIPIENT_WORKFLOW.find(M.NAME).done)
    return _to(recipient_id)


@bp.post("/<uuid:recipient_id>/correct")
@requires("task.answer")
def correct(recipient_id: UUID) -> AnyResponse:
    """Open what was accepted again, with a reason."""
    body = posted_or_invalid(CorrectIn, "请写明为什么更正。")
    actions.correct_response(session(), recipient_id, body, actor=current_actor(), now=clock.now())
    flash(RECIPIENT_WORKFLOW.find(M.CORRECT).done)
    return _to(recipient_id)


@bp.post("/<uuid:recipient_id>/save")
@requires("task.answer")
def save(recipient_id: UUID) -> ResponseReturnValue:
    """Keep a draft. A script gets JSON: what is wrong, and the version that it goes on with."""
    actor, shown = current_actor(), _read(recipient_id)
    is_script = request.accept_mimetypes.best == "application/json"
    try:
        body = Form(ResponseIn, fields_of(shown)).require()
        saved = actions.save_response(session(), recipient_id, body, actor=actor, now=clock.now())
    except AppError as error:
        if is_script or error.status == 404:
            raise
        return _refused(recipient_id, shown, error)
    errors, version = saved.content.errors, saved.response.version
    if is_script:
        return jsonify(version=version, errors=dict(errors))
    if errors:
        shown.version, shown.errors = version, errors
        shown.message = f"有 {len(errors)} 处填得不对，没有保存，已在下面标出；其他的已经保存。"
        return _page(recipient_id, shown)
    flash("已保存，还没有提交。")
    return _to(recipient_id)


@bp.post("/<uuid:recipient_id>/submit")
@requires("task.answer")
def submit(recipient_id: UUID) -> ResponseReturnValue:
    """Send the answer. What cannot be sent yet is kept as a draft all the same."""
    actor, now, shown = current_actor(), clock.now(), _read(recipient_id)
    try:
        body = Form(SubmitIn, {**fields_of(shown), "key": form_values().get("key", "")}).require(INCOMPLETE)
        with independent_transaction() as writer:
            if find_version(writer, recipient_id, body.key) is None:
                saved = actions.save_response(writer, recipient_id, body, actor=actor, now=now)
                body = body.model_copy(update={"version": saved.response.version})
                shown.version = saved.response.version
        actions.submit_response(session(), recipient_id, body, actor=actor, now=now)
    except AppError as error:
        if error.status == 404:
            raise
        return _refused(recipient_id, shown, error)
    flash("已提交。")
    return _to(recipient_id)


@bp.get("/<uuid:recipient_id>/paper")
@requires("task.read")
def paper(recipient_id: UUID) -> str:
    """The filled-in form on paper: what was sent, or for the union itself what it has so far."""
    actor, number = current_actor(), query_params(CompareQuery).right
    with read_only_session() as reader:
        found = get_answer(reader, recipient_id, actor)
        sent = next((each for each in found.versions if each.number == number), found.last)
        if sent is None:
            found = get_task(reader, recipient_id, actor)
        sent_files = list_sent(reader, found, sent)
        figures = draw_figures(reader, found.assignment, found.row, found.form, clock.now()) if sent is None else {}
    answer: ResponseVersion | Draft
    if sent is not None:
        answer, at = sent, sent.submitted_at
    elif found.draft is not None:
        answer, at = found.draft, found.draft.edited_at
    else:
        raise NotFound
    return render_template(
        "tasks/paper.html", task=found, answer=answer, sent=sent, sent_files=sent_files, figures=figures,
        day=clock.day_in_words(clock.day_of(at)), **words_for_pages(),
    )  # fmt: skip


def _to(recipient_id: UUID) -> AnyResponse:
    return redirect(with_query(f"/console/tasks/{recipient_id}"), code=303)


def _read(recipient_id: UUID) -> Shown:
    with read_only_session() as reader:
        found = get_task(reader, recipient_id, current_actor())
        return read_shown(found, form_values(), list_by_field(reader, DRAFT, recipient_id))


def _refused(recipient_id: UUID, shown: Shown, error: AppError) -> tuple[str, int]:
    session().rollback()
    shown.errors, shown.message = error.fields, error.message
    return _page(recipient_id, shown, is_stale=error.code == "stale"), error.status


def _page(recipient_id: UUID, shown: Shown | None = None, *, is_stale: bool = False) -> str:
    """What was typed, if something was; else the draft."""
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        found = get_task(reader, recipient_id, actor)
        unsaved = readable(found, shown) if shown is not None else None
        if shown is None:
            shown = shown_draft(found)
        elif is_stale:
            shown = beside_saved(found, shown)
        row = found.row
        moves = {each.name: each for each in offers(RECIPIENT_WORKFLOW, reader, row, actor=actor, now=now)}
        context = RECIPIENT_WORKFLOW.context(reader, row, actor=actor, now=now)
        refusal = find_refusal(RECIPIENT_WORKFLOW, RECIPIENT_WORKFLOW.find(M.SUBMIT), context)
        facts, known = found.kind.facts_of_task(reader, found.assignment), found.kind.beside(reader, row)
        prompt = found.kind.ask_first(reader, row)
        files, sent_files = list_by_field(reader, DRAFT, row.id), list_sent(reader, found)
        figures = draw_figures(reader, found.assignment, row, found.form, now)
        colleagues = list_colleagues(reader, row) if M.NAME in moves else ()
        passed_on = reader.get(Assignment, row.passed_on_id) if row.passed_on_id else None
        replacement, originals = find_replacing(reader, found), list_originals(reader, found.assignment)
        asked_files = list_files(reader, "assignment", [found.assignment.id, *(each.id for each in originals)])
    return render_template(
        "tasks/task.html", task=found, facts=facts, shown=shown, unsaved=unsaved, notes=notes_of(found, shown),
        moves=moves, known=known, prompt=prompt, chip=CHIPS[row.status], replacement=replacement, originals=originals,
        asked_files=asked_files, passed_on=passed_on,
        files=files, sent_files=sent_files, limits_for=limits_for, beside=BESIDE,
        why_not=refusal.message if refusal and M.CORRECT not in moves and not _is_mere_receipt(refusal) else "",
        now=now, colleagues=colleagues,
        definition=found.form, figures=figures,
        answers={**shown.answers, **figures}, skipped=shown.skipped, errors=shown.errors, key=ids.new_id(),
        **words_for_pages(),
    )  # fmt: skip


def _is_mere_receipt(refusal: AppError) -> bool:
    """What need not be answered is not called refused."""
    return refusal.code == "nothing_asked"
