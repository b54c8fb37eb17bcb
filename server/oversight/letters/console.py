"""Pages of letters: the list with its reply rate, a new one, one of them with what can be done, its documents."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, send_file
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.audit.actions import record
from server.core.errors import AppError, Conflict, Invalid, NotFound
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.core.text import clean_line
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, query_params, union_words
from server.core.web.unit_of_work import independent_transaction, read_only_session, session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.workflow import offers, perform
from server.oversight.letters import actions, queries
from server.oversight.letters.document import day_text, write_document
from server.oversight.letters.listing import LETTERS
from server.oversight.letters.models import Letter, LetterMove, LetterStatus, PdfState
from server.oversight.letters.pdf import is_present, pdf_key
from server.oversight.letters.schemas import (
    EditIn,
    LetterIn,
    NewQuery,
    PaperReplyIn,
    ReplyIn,
    VersionIn,
    WithdrawIn,
)
from server.oversight.letters.texts import CHIPS, DRAFTS, KIND_NAMES, STATUS_NAMES, default_body, default_mark
from server.oversight.letters.workflow import LETTER_WORKFLOW, issuing
from server.unions.actor import Actor, current_actor
from server.unions.roles import Level
from server.unions.tree.lookup.picking import offer_unions
from server.unions.tree.queries import get_union

ADDRESSEES = frozenset({Level.ENTERPRISE})
bp = Blueprint("letters_console", __name__, url_prefix="/console/letters", template_folder="templates")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS: dict[LetterMove, type[VersionIn]] = {
    LetterMove.EDIT: EditIn,
    LetterMove.ISSUE: VersionIn,
    LetterMove.DISCARD: VersionIn,
    LetterMove.REPLY: ReplyIn,
    LetterMove.RECORD_REPLY: PaperReplyIn,
    LetterMove.WITHDRAW: WithdrawIn,
}


@bp.get("")
@requires("letter.read")
def letters() -> str:
    """The list and the reply rate."""
    page = show_list(LETTERS)
    filters, actor = page.filters, current_actor()
    rates = queries.count_rates(session(), actor, filters.kind, filters.year, clock.now())
    issued, in_time = sum(each.issued for each in rates), sum(each.in_time for each in rates)
    percent = round(100 * in_time / issued) if issued else None
    return render_template(
        "letters/list.html",
        page=page, rates=rates, issued=issued, in_time=in_time, percent=percent, may_write=bool(issuing(actor)),
    )  # fmt: skip


@bp.get("/ledger.xlsx")
@requires("letter.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(LETTERS)


@bp.get("/new")
@requires("letter.write")
def new() -> str:
    """A form with the text of the kind, and the problem of a rectification if one is named."""
    wanted, actor = query_params(NewQuery), current_actor()
    start = queries.find_start(session(), actor, wanted.rectification, wanted.addressee)
    issuer = get_union(session(), issuing(actor)[0].union_id)
    draft = DRAFTS[wanted.kind]
    raw: dict[str, object] = {
        "kind": wanted.kind.value,
        "addressee_id": str(start.addressee_id or ""),
        "addressee_name": start.addressee_name,
        "mark": queries.last_mark(session(), issuer.id) or default_mark(issuer.short_name, issuer.name),
        "subject": draft.subject,
        "body": default_body(wanted.kind, start.items),
        "reply_days": 10,
        "issuer_id": str(issuer.id),
        "rectification": str(start.rectification_ids[0]) if start.rectification_ids else "",
    }
    return _form_page(raw, {}, actor)


@bp.post("")
@requires("letter.write")
def create() -> AnyResponse | tuple[str, int]:
    """Keep a draft."""
    actor = current_actor()
    form = form_data(LetterIn, drop=("issuer_id", "rectification"))
    raw = form_data(VersionIn).raw
    if (words := union_words()) is not None:
        return _form_page(raw, {}, actor, words), 200
    if form.value is None:
        return _form_page(raw, form.errors, actor), 422
    chosen = [_uuid(str(raw["rectification"]))] if raw.get("rectification") else []
    issuer_id = _uuid(str(raw.get("issuer_id", "")))
    try:
        letter = actions.draft_letter(session(), issuer_id, form.value, chosen, actor=actor, now=clock.now())
    except Invalid as error:
        session().rollback()
        return _form_page(raw, error.fields, actor), 422
    flash("草稿已保存，核对后发出。")
    return redirect(f"/console/letters/{letter.id}", code=303)


@bp.get("/<uuid:letter_id>")
@requires("letter.read")
def letter(letter_id: UUID) -> str:
    """One letter."""
    return _page(letter_id, current_actor())


@bp.post("/<uuid:letter_id>/<move>")
@requires("letter.reply")
def make(letter_id: UUID, move: str) -> AnyResponse | tuple[str, int]:
    """Make a move. Refused, the page comes again with the reason and with what was typed."""
    if move not in {each.value for each in FORMS}:
        raise NotFound
    chosen, actor = LetterMove(move), current_actor()
    form = form_data(FORMS[chosen])
    if (words := union_words()) is not None:
        form.errors = {}
        return _page(letter_id, actor, form, words=words), 200
    if form.value is None:
        return _page(letter_id, actor, form, "有没填好的地方，请检查。"), 422
    try:
        perform(LETTER_WORKFLOW, session(), letter_id, chosen, form=form.value, actor=actor, now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        form.errors = dict(error.fields or {})
        return _page(letter_id, actor, form, error.message), error.status
    flash(LETTER_WORKFLOW.find(chosen).done)
    gone = chosen is LetterMove.DISCARD
    return redirect("/console/letters" if gone else f"/console/letters/{letter_id}", code=303)


@bp.post("/<uuid:letter_id>/pdf")
@requires("letter.read")
def ask_pdf(letter_id: UUID) -> AnyResponse:
    """Have the PDF made. Raises Conflict where LibreOffice is not installed."""
    if not is_present(_settings().soffice):
        raise Conflict("服务器上没有安装 LibreOffice，请下载 Word 文件。", code="no_pdf_here")
    actions.ask_for_pdf(session(), letter_id, actor=current_actor())
    flash("正在生成 PDF，过几秒刷新页面。")
    return redirect(f"/console/letters/{letter_id}", code=303)


@bp.get("/<uuid:letter_id>/letter.docx")
@requires("letter.read")
def docx(letter_id: UUID) -> Response:
    """The Word document. On record."""
    with read_only_session() as reader:
        found = queries.get_letter(reader, letter_id, current_actor())
        content, name = write_document(found), _file_name(found)
    _note_download(letter_id, "docx")
    return send_file(content, mimetype=DOCX, as_attachment=True, download_name=f"{name}.docx", max_age=0)


@bp.get("/<uuid:letter_id>/letter.pdf")
@requires("letter.read")
def pdf(letter_id: UUID) -> Response:
    """The PDF, once it was made. On record."""
    with read_only_session() as reader:
        found = queries.get_letter(reader, letter_id, current_actor())
        state, name = found.pdf_state, _file_name(found)
    if state is not PdfState.READY:
        raise NotFound("PDF 还没有生成。", code="no_pdf_yet")
    store = cast(ObjectStore, current_app.extensions["object_store"])
    content = store.open(pdf_key(letter_id))
    _note_download(letter_id, "pdf")
    return send_file(content, mimetype="application/pdf", as_attachment=True, download_name=f"{name}.pdf", max_age=0)


def _note_download(letter_id: UUID, form: str) -> None:
    with independent_transaction() as writer:
        record(
            writer, "letter.download", subject_type="letter", subject_id=letter_id,
            actor_id=current_actor().person_id, at=clock.now(), detail={"form": form},
        )  # fmt: skip


def _file_name(letter: Letter) -> str:
    return clean_line(queries.written_number(letter) or f"{KIND_NAMES[letter.kind]}草稿")


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("编号格式不对。") from error


def _form_page(raw: dict[str, object], errors: dict[str, str], actor: Actor, words: str | None = None) -> str:
    with read_only_session() as reader:
        addressees = offer_unions(reader, actor, ADDRESSEES, str(raw.get("addressee_id", "")), words)
    return render_template(
        "letters/new.html", raw=raw, errors=errors, addressees=addressees,
        issuers=[(str(role_at.union_id), role_at.union_name) for role_at in issuing(actor)],
        kinds=[(kind.value, name) for kind, name in KIND_NAMES.items()],
    )  # fmt: skip


def _page(
    letter_id: UUID, actor: Actor, form: Form[VersionIn] | None = None, message: str = "", words: str | None = None
) -> str:
    now, raw = clock.now(), form.raw if form else {}
    with read_only_session() as reader:
        found = queries.get_letter(reader, letter_id, actor)
        items = queries.list_items(reader, letter_id)
        chosen = str(raw.get("addressee_id", found.addressee_id))
        is_draft = found.status is LetterStatus.DRAFT
        addressees = offer_unions(reader, actor, ADDRESSEES, chosen, words) if is_draft else None
        moves = {each.name: each.label for each in offers(LETTER_WORKFLOW, reader, found, actor=actor, now=now)}
    return render_template(
        "letters/letter.html", letter=found, items=items, moves=moves, addressees=addressees,
        raw=raw, errors=form.errors if form else {}, message=message,
        number=queries.written_number(found), kind_name=KIND_NAMES[found.kind],
        status_name=STATUS_NAMES[found.status], chip=CHIPS[found.status],
        overdue=queries.is_overdue(found, now), has_office=is_present(_settings().soffice),
        kinds=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        issued_day=day_text(found.issued_at) if found.issued_at else "",
        today=clock.in_shanghai(now).date().isoformat(),
    )  # fmt: skip
