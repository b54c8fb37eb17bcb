"""Import in three steps: take the template, upload and look, confirm."""

from base64 import b64encode
from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, send_file

from server.core import clock
from server.core.errors import AppError, Invalid, NotFound
from server.core.kept_files.files import KeptFile, PostedFile, keep_file, let_in, posted_file
from server.core.sheets import XLSX
from server.core.web.access import requires
from server.core.web.forms import form_values, posted_or_invalid
from server.core.web.unit_of_work import read_only_session, session
from server.unions.accounts.sessions.expiry import one_time_until
from server.unions.actor import current_actor
from server.unions.imports import actions
from server.unions.imports.models import ImportDraft, ImportKind
from server.unions.imports.plans.reports import OUTCOME_WORDS, Outcome
from server.unions.imports.schemas import CommitIn, UploadIn
from server.unions.imports.sheets.handing_out import one_time_sheet
from server.unions.imports.sheets.marked import mark_up
from server.unions.imports.sheets.shapes import COLUMNS
from server.unions.imports.sheets.template import make_template
from server.unions.imports.sheets.workbook import MAX_BYTES, MAX_ROWS, RawRow, read_rows

bp = Blueprint("imports_console", __name__, url_prefix="/console", template_folder="templates")

Answer = str | tuple[str, int] | Response
KIND_WORDS = {ImportKind.UNIONS: "工会", ImportKind.PEOPLE: "人员"}
SHOWN = 300
FORM = "import"


@bp.url_value_preprocessor
def _take_files(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Sheets may be bigger than forms."""
    let_in(MAX_BYTES)


@bp.get("/import")
@requires("import.run")
def show_import() -> Answer:
    """Templates and the upload."""
    return _upload_page(None, 200)


@bp.get("/import/template/<any(unions, people):kind>.xlsx")
@requires("import.run")
def download_template(kind: str) -> Answer:
    """An empty sheet with headings, a sample and what may stand where."""
    content = BytesIO(make_template(ImportKind(kind)))
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=f"suishoupai-{kind}.xlsx")


@bp.post("/import")
@requires("import.run")
def upload() -> Answer:
    """Read the sheet, keep its rows, and show what would become of them."""
    actor = current_actor()
    file = posted_file(FORM, actor.person_id, MAX_BYTES)
    try:
        kind, rows = _read_upload(file)
    except AppError as error:
        is_good = bool(error.fields) or error.code == "bad_headings"  # the other kind was meant
        kept = keep_file(FORM, actor.person_id, file, MAX_BYTES) if is_good else None
        return _upload_page(error.message, error.status, kept)
    draft = actions.create_draft(session(), kind, rows, actor=actor, now=clock.now())
    return _preview(draft, None)


@bp.get("/import/<uuid:draft_id>")
@requires("import.run")
def show_draft(draft_id: UUID) -> Answer:
    """The report of an upload that waits."""
    draft = actions.get_draft(session(), draft_id, current_actor())
    if draft.committed_at is not None:
        raise NotFound("这次导入已经完成。", code="import_done")
    return _preview(draft, None)


@bp.get("/import/<uuid:draft_id>/marked.xlsx")
@requires("import.run")
def download_marked(draft_id: UUID) -> Answer:
    """The rows of an upload that waits, with what is wrong beside them."""
    draft = actions.get_draft(session(), draft_id, current_actor())
    report = actions.sort_rows(session(), draft, current_actor()).report
    content, name = BytesIO(mark_up(report, KIND_WORDS[draft.kind])), f"suishoupai-{draft.kind}-marked.xlsx"
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


@bp.post("/import/<uuid:draft_id>/commit")
@requires("import.run")
def commit(draft_id: UUID) -> Answer:
    """Take everything over, or nothing; the good rows alone where that is asked for."""
    good_alone = posted_or_invalid(CommitIn).good_alone
    actor, now = current_actor(), clock.now()
    good_until = one_time_until(now)
    with read_only_session() as reader:
        draft = actions.get_draft(reader, draft_id, actor)
        waits = draft.committed_at is None
        accounts = actions.prepare_accounts(reader, draft, actor, good_alone=good_alone) if waits else []
    report = actions.commit_draft(
        session(), draft_id, accounts, good_alone=good_alone, good_until=good_until, actor=actor, now=now
    )
    written = actions.get_draft(session(), draft_id, actor)
    if not report.is_clean:
        return _preview(written, "组织或人员刚刚有变化，请看下面的错误。什么都没有导入。"), 422
    response = make_response(
        render_template(
            "imports/done.html",
            report=report,
            Outcome=Outcome,
            accounts=accounts,
            good_until=good_until,
            passwords=_inline(one_time_sheet(accounts, good_until)) if accounts else None,
            draft_id=draft_id,
            left=len(written.rows),
            what=KIND_WORDS[written.kind],
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _inline(content: bytes) -> str:
    """A sheet as an address within the page: it is there once, as the page is, and nowhere else."""
    return f"data:{XLSX};base64,{b64encode(content).decode()}"


def _read_upload(file: PostedFile | None) -> tuple[ImportKind, list[RawRow]]:
    kind = posted_or_invalid(UploadIn, "请选择导入工会还是人员。").kind
    if file is None:
        raise Invalid("请选择要导入的表格文件。")
    return kind, read_rows(file.content, COLUMNS[kind])


def _upload_page(message: str | None, status: int, kept: KeptFile | None = None) -> tuple[str, int]:
    page = render_template(
        "imports/upload.html",
        message=message,
        kept=kept,
        kinds=KIND_WORDS,
        columns=COLUMNS,
        max_rows=MAX_ROWS,
        max_megabytes=MAX_BYTES // 1024 // 1024,
        chosen=form_values().get("kind", ImportKind.UNIONS.value),
    )
    return page, status


def _preview(draft: ImportDraft, message: str | None) -> str:
    found = actions.sort_rows(session(), draft, current_actor())
    return render_template(
        "imports/preview.html",
        draft_id=draft.id,
        what=KIND_WORDS[draft.kind],
        report=found.report,
        good=len(found.good),
        rows=found.report.shown(SHOWN),
        message=message,
        Outcome=Outcome,
        OUTCOME_WORDS=OUTCOME_WORDS,
    )
