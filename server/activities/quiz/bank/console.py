"""The question bank's pages: list, one question with its versions, import and export."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, send_file, url_for

from server.activities.quiz.bank import actions, queries
from server.activities.quiz.bank.formats import importing
from server.activities.quiz.bank.formats.gift import MAX_BYTES, read_gift, write_gift
from server.activities.quiz.bank.formats.sheets import mark_up, read_sheet, write_sheet
from server.activities.quiz.bank.formats.spellings import DIFFICULTY_NAMES, KIND_NAMES
from server.activities.quiz.bank.listing import QUESTIONS
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import LETTERS, CommitIn, QuestionFilter, QuestionIn, UploadIn
from server.activities.quiz.bank.texts import TOPICS
from server.core import clock
from server.core.audit.actions import record
from server.core.errors import AppError, Conflict, Invalid
from server.core.kept_files.files import KeptFile, keep_file, let_in, posted_file
from server.core.sheets import XLSX
from server.core.web.access import requires
from server.core.web.forms import Form, form_values, posted_or_invalid, posted_version
from server.core.web.unit_of_work import independent_transaction, session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.filters import read_filters
from server.kit.listing import show_list
from server.kit.selections import MOST, Picked, decide_each, picked_of
from server.unions.actor import current_actor

bp = Blueprint("questions_console", __name__, url_prefix="/console", template_folder="templates")

Answer = str | tuple[str, int] | Response
SHOWN = 300
WAITING_SHOWN = 50
UPLOAD = "questions"
MOVES: dict[str, tuple[Callable[..., None], str]] = {
    "approve": (actions.approve_question, "审核通过，可以抽题了。"),
    "retire": (actions.retire_question, "已停用，不再抽到这道题。"),
    "restore": (actions.restore_question, "已恢复使用。"),
}


@bp.url_value_preprocessor
def _take_files(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Files may be bigger than forms."""
    let_in(MAX_BYTES)


@bp.app_context_processor
def _names() -> dict[str, Any]:
    return {
        "KIND_NAMES": KIND_NAMES,
        "DIFFICULTY_NAMES": DIFFICULTY_NAMES,
        "LETTERS": LETTERS,
        "TOPIC_OPTIONS": [(topic, topic) for topic in TOPICS],
    }


@bp.get("/questions")
@requires("question.read")
def list_questions() -> Answer:
    """The bank by number."""
    return render_template("questions/list.html", page=show_list(QUESTIONS))


@bp.get("/questions/ledger.xlsx")
@requires("question.edit")
def ledger() -> Response:
    """What the filter shows, as a sheet that can be read in again. Answers leave the house: it is logged."""
    return send_ledger(QUESTIONS)


@bp.get("/questions.gift")
@requires("question.edit")
def export() -> Response:
    """The same in Moodle's format."""
    wanted = read_filters(QuestionFilter)
    questions = [(code, actions.read_words(version)) for code, version in queries.iter_words(session(), wanted)]
    response = make_response(write_gift(questions))
    response.mimetype = "text/plain"
    response.headers["Content-Disposition"] = "attachment; filename=questions.gift.txt"
    with independent_transaction() as writer:
        record(
            writer, "question.exported", subject_type="question", subject_id="all",
            actor_id=current_actor().person_id, at=clock.now(), detail={"count": len(questions), "form": "GIFT"},
        )  # fmt: skip
    return response


@bp.get("/questions/new")
@requires("question.edit")
def show_new() -> Answer:
    """An empty form."""
    return _form_page(None, {"kind": "single", "difficulty": 1}, {})


@bp.post("/questions/new")
@requires("question.edit")
def create() -> Answer:
    """Keep a new question; it waits for somebody else's approval."""
    form = _posted_words()
    if form.value is None:
        return _form_page(None, form.raw, form.errors), 422
    question = actions.create_question(session(), form.value, actor=current_actor(), now=clock.now())
    flash("题目已保存，请别人审核后使用。", "success")
    return _to(question.id)


@bp.get("/questions/<uuid:question_id>")
@requires("question.read")
def show(question_id: UUID) -> Answer:
    """One question: its newest words, how far it has come, every version."""
    question = queries.get_question(session(), question_id)
    versions = queries.list_versions(session(), question)
    return render_template(
        "questions/question.html",
        question=question,
        versions=versions,
        newest=versions[0][0],
        is_mine=current_actor().is_own(versions[0][0].author_id),
    )


@bp.get("/questions/<uuid:question_id>/edit")
@requires("question.edit")
def show_edit(question_id: UUID) -> Answer:
    """The newest words in a form."""
    question = queries.get_question(session(), question_id)
    words = actions.read_words(queries.get_version(session(), question, question.newest))
    return _form_page(question_id, {**words.model_dump(mode="json"), "version": question.version}, {})


@bp.post("/questions/<uuid:question_id>/edit")
@requires("question.edit")
def edit(question_id: UUID) -> Answer:
    """Keep newer words."""
    form, actor, now = _posted_words(), current_actor(), clock.now()
    if form.value is None:
        queries.get_question(session(), question_id)
        return _form_page(question_id, {**form.raw, "version": form_values().get("version", "")}, form.errors), 422
    actions.edit_question(session(), question_id, form.value, posted_version(), actor=actor, now=now)
    flash("已保存为新的一版，审核通过前仍用原来的。", "success")
    return _to(question_id)


@bp.post("/questions/<uuid:question_id>/<any(approve, retire, restore):move>")
@requires("question.approve")
def act(question_id: UUID, move: str) -> Answer:
    """Approve, retire or restore."""
    action, told = MOVES[move]
    try:
        action(session(), question_id, posted_version(), actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        flash(error.message, "error")
    else:
        flash(told, "success")
    return _to(question_id)


@bp.get("/questions/waiting")
@requires("question.approve")
def show_waiting() -> Answer:
    """Questions of others whose newest words wait for approval, to read and approve several at once."""
    rows = queries.list_waiting(session(), current_actor().person_id, limit=MOST + 1)
    total = str(len(rows)) if len(rows) <= MOST else f"{MOST}+"
    return render_template("questions/waiting.html", rows=rows[:WAITING_SHOWN], total=total)


@bp.post("/questions/waiting")
@requires("question.approve")
def approve_picked() -> Answer:
    """Approve those that were picked, in the words that the page showed; or all that wait, in their present words."""
    actor, now = current_actor(), clock.now()
    selection = picked_of(lambda limit: _all_waiting(actor.person_id, limit))
    decided = decide_each(
        session(),
        selection.rows,
        lambda row: actions.approve_question(session(), row.id, row.version, actor=actor, now=now),
    )
    words = selection.say(decided.say("审核通过 {} 道，可以抽题了。"))
    flash(words, "error" if decided.refusals else "success")
    return make_response(redirect(url_for(".show_waiting"), 303))


def _all_waiting(person_id: UUID, limit: int) -> list[Picked]:
    rows = queries.list_waiting(session(), person_id, limit=limit)
    return [Picked(question.id, question.version) for question, _ in rows]


@bp.get("/questions/import")
@requires("question.edit")
def show_import() -> Answer:
    """The upload."""
    return _upload_page(None)


@bp.get("/questions/import/template.xlsx")
@requires("question.edit")
def download_template() -> Response:
    """A sheet with the headings and one question of each kind."""
    samples = [("", QuestionIn.model_validate(sample)) for sample in _SAMPLES]
    response = make_response(write_sheet(samples))
    response.mimetype = XLSX
    response.headers["Content-Disposition"] = "attachment; filename=questions-template.xlsx"
    return response


@bp.post("/questions/import")
@requires("question.edit")
def upload() -> Answer:
    """Read the file, keep its questions, and show what would become of them."""
    actor = current_actor()
    file = posted_file(UPLOAD, actor.person_id, MAX_BYTES)
    try:
        topic = posted_or_invalid(UploadIn).topic
        if file is None:
            raise Invalid("请选择要导入的文件。")
        read = read_sheet if file.name.lower().endswith(".xlsx") else read_gift
        questions = read(file.content, topic)
    except AppError as error:
        kept = keep_file(UPLOAD, actor.person_id, file, MAX_BYTES) if error.fields else None
        return _upload_page(error.message, kept), error.status
    draft_id = importing.create_import(session(), questions, actor=actor, now=clock.now())
    return make_response(redirect(url_for(".preview", import_id=draft_id), 303))


@bp.get("/questions/import/<uuid:import_id>")
@requires("question.edit")
def preview(import_id: UUID) -> Answer:
    """What an upload would do, wrong rows first."""
    return _preview_page(import_id, "")


def _preview_page(import_id: UUID, message: str) -> str:
    planned = importing.plan_import(session(), importing.get_import(session(), import_id, current_actor()))
    order = {"wrong": 0, "changed": 1, "new": 2, "same": 3}
    good = [row for row in planned if not row.is_wrong]
    shown = sorted(planned, key=lambda row: (order[row.outcome], not row.hints, row.number))
    counts = {outcome: sum(row.outcome == outcome for row in planned) for outcome in order}
    return render_template(
        "questions/preview.html",
        import_id=import_id,
        rows=shown[:SHOWN],
        total=len(planned),
        good=len(good),
        counts=counts,
        message=message,
    )


@bp.get("/questions/import/<uuid:import_id>/marked.xlsx")
@requires("question.edit")
def download_marked(import_id: UUID) -> Response:
    """The rows of an upload that waits, with what is wrong beside them."""
    planned = importing.plan_import(session(), importing.get_import(session(), import_id, current_actor()))
    content = BytesIO(mark_up((row.cells, "；".join(row.errors)) for row in planned))
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name="questions-marked.xlsx", max_age=0)


@bp.post("/questions/import/<uuid:import_id>/commit")
@requires("question.edit")
def commit(import_id: UUID) -> Answer:
    """Take everything over, or nothing; the good rows alone where that is asked for."""
    form = posted_or_invalid(CommitIn)
    try:
        done = importing.commit_import(session(), import_id, form, actor=current_actor(), now=clock.now())
    except Conflict as error:
        return _preview_page(import_id, error.message), error.status
    flash(f"已导入：新增 {done.new} 道，修改 {done.changed} 道，请别人审核后使用。", "success")
    if done.left:
        return make_response(redirect(url_for(".preview", import_id=import_id), 303))
    return make_response(redirect(url_for(".list_questions", state="waiting"), 303))


def _posted_words() -> Form[QuestionIn]:
    """The posted words: options from their fields, empty ones at the end left out; letters from the boxes ticked."""
    values = form_values()
    raw: dict[str, Any] = {name: values.get(name, "") for name in QuestionIn.model_fields}
    options = [values.get(f"option_{letter}", "").strip() for letter in LETTERS]
    while options and not options[-1]:
        options.pop()
    raw["answer"] = "".join(sorted(values.getlist("answer")))
    raw["options"] = [] if raw["kind"] == QuestionKind.TRUE_FALSE else options
    return Form(QuestionIn, raw)


def _form_page(question_id: UUID | None, raw: dict[str, Any], errors: dict[str, str]) -> str:
    return render_template("questions/form.html", question_id=question_id, raw=raw, errors=errors)


def _upload_page(message: str | None, kept: KeptFile | None = None) -> str:
    return render_template(
        "questions/upload.html",
        message=message,
        kept=kept,
        topic=form_values().get("topic"),
        max_megabytes=MAX_BYTES // 1024 // 1024,
    )


def _to(question_id: UUID) -> Response:
    return make_response(redirect(url_for(".show", question_id=question_id), 303))


_SAMPLES = (
    {
        "kind": "single", "topic": "消防安全", "difficulty": 1, "stem": "车间里闻到焦糊味、看到明火，第一步做什么？",
        "options": ["拨打119报警", "先拍照发朋友圈", "回更衣室拿东西"], "answer": "A",
    },
    {
        "kind": "multiple", "topic": "从业人员权利义务", "difficulty": 2, "stem": "从业人员对安全生产有哪些权利？",
        "options": ["知情", "建议", "批评、检举、控告", "随意操作别人的设备"], "answer": "ABC",
    },
    {"kind": "true_false", "topic": "教育培训", "difficulty": 1, "stem": "可以先上岗，再补安全培训。", "answer": "B"},
)  # fmt: skip
