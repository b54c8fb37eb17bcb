"""Pages of letters: the list with its reply rate, a new one, one of them with what can be done, its documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError, Invalid, NotFound
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.flashes import flash_link
from server.core.web.forms import Form, form_data, query_params, union_words
from server.core.web.unit_of_work import read_only_session, session
from server.kit.documents.files.doors import add_document_doors
from server.kit.documents.files.downloads import has_office
from server.kit.documents.queries import find_document
from server.kit.documents.texts import default_mark
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.selections import picked_of_list
from server.kit.workflow import offers, perform
from server.oversight.letters import actions, queries
from server.oversight.letters.document import LETTER_DOCUMENT, words_of
from server.oversight.letters.listing import LETTERS
from server.oversight.letters.models import Letter, LetterKind, LetterMove, LetterStatus
from server.oversight.letters.schemas import (
    EditIn,
    LetterIn,
    NewQuery,
    PaperReplyIn,
    ReplyIn,
    VersionIn,
    WithdrawIn,
)
from server.oversight.letters.texts import CHIPS, DRAFTS, KIND_NAMES, STATUS_NAMES, default_body
from server.oversight.letters.workflow import LETTER_WORKFLOW, issuing
from server.review.escalation.listing import DISPATCH
from server.review.escalation.models import OverdueKind
from server.unions.actor import Actor, current_actor
from server.unions.people.models import Person
from server.unions.roles import Level
from server.unions.tree.lookup.picking import offer_unions
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union

ADDRESSEES = frozenset({Level.ENTERPRISE})
bp = Blueprint("letters_console", __name__, url_prefix="/console/letters", template_folder="templates")
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
    rates = queries.recent_rates(session(), actor, filters.kind, filters.year, clock.now())
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
    raw: dict[str, object] = {
        **_beginning(wanted.kind, start, issuer),
        "addressee_id": str(start.addressee_id or ""),
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


@bp.post("/overdue")
@requires("letter.write")
def draft_for_overdue() -> AnyResponse:
    """Drafts for what was picked at the dispatch page, one for each enterprise; what stands in a draft of a colleague's
    already is told and led to. Raises Invalid where there is none."""
    actor, now = current_actor(), clock.now()
    table = DISPATCH.table.c
    selection = picked_of_list(
        DISPATCH, table.kind == OverdueKind.RECTIFICATION, queries.in_no_draft(table.item_id, actor)
    )
    starts = queries.starts_of_overdue(session(), actor, [row.id for row in selection.rows])
    if not starts:
        raise Invalid("选中的没有企业整改逾期的，不能起草文书。审核逾期的请催办。", code="nothing_to_write")
    known = queries.drafted_already(session(), actor, [each for start in starts for each in start.rectification_ids])
    fresh = [left for start in starts if (left := start.without(known)) is not None]
    drafted = [_draft_notice(start, actor, now) for start in fresh]
    if drafted:
        flash(selection.say(f"已起草 {len(drafted)} 份，一家企业一份，核对后发出。"))
    if known:
        _say_drafted_already(known)
    letters = drafted or list({each.id: each for each in known.values()}.values())
    one = f"/console/letters/{letters[0].id}" if len(letters) == 1 else f"{LETTERS.path}?status={LetterStatus.DRAFT}"
    return redirect(one, code=303)


def _draft_notice(start: queries.Start, actor: Actor, now: datetime) -> Letter:
    issuer = get_union(session(), issuing(actor)[0].union_id)
    words = _beginning(LetterKind.NOTICE, start, issuer) | {"addressee_id": start.addressee_id}
    form = Form(LetterIn, words).require()
    return actions.draft_letter(session(), issuer.id, form, start.rectification_ids, actor=actor, now=now)


def _say_drafted_already(known: Mapping[UUID, Letter]) -> None:
    """By whom, and where the first of those drafts is."""
    first = next(iter(known.values()))
    writer = session().get(Person, first.drafted_by_id)
    who = writer.name if writer is not None and writer.name else "同事"
    words = f"有 {len(known)} 条已经在{who}起草的文书里，还没有发出，没有再起草一份。"
    flash_link(words, f"/console/letters/{first.id}", "打开那一份", "error")


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
    return redirect(with_query("/console/letters" if gone else f"/console/letters/{letter_id}"), code=303)


def _draft_of(session: Session, letter_id: UUID, actor: Actor) -> tuple[Mapping[str, Any], str]:
    found = queries.get_letter(session, letter_id, actor)
    return words_of(found), f"{KIND_NAMES[found.kind]}草稿.docx"


add_document_doors(bp, LETTER_DOCUMENT, "letter", "letter.read", _draft_of)


def _beginning(kind: LetterKind, start: queries.Start, issuer: Union) -> dict[str, object]:
    """The words that a letter begins with."""
    return {
        "kind": kind.value,
        "addressee_name": start.addressee_name,
        "mark": queries.last_mark(session(), issuer.id) or default_mark(issuer.short_name, issuer.name),
        "subject": DRAFTS[kind].subject,
        "body": default_body(kind, start.items),
        "reply_days": 10,
    }


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
        document = find_document(reader, LETTER_DOCUMENT, letter_id)
        is_draft = found.status is LetterStatus.DRAFT
        addressees = offer_unions(reader, actor, ADDRESSEES, chosen, words) if is_draft else None
        moves = {each.name: each.label for each in offers(LETTER_WORKFLOW, reader, found, actor=actor, now=now)}
    return render_template(
        "letters/letter.html", letter=found, items=items, moves=moves, questions=LETTER_WORKFLOW.questions(),
        addressees=addressees, raw=raw, errors=form.errors if form else {}, message=message,
        number=queries.written_number(found), kind_name=KIND_NAMES[found.kind],
        status_name=STATUS_NAMES[found.status], chip=CHIPS[found.status],
        overdue=queries.is_overdue(found, now), document=document, has_office=has_office(),
        kinds=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        issued_day=clock.day_in_words(clock.day_of(found.issued_at)) if found.issued_at else "",
        today=clock.in_shanghai(now).date().isoformat(),
    )  # fmt: skip
