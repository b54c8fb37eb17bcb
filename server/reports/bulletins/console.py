"""Pages of reports: the list, a new one with its text, one of them with its files."""

import json
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from server.core import clock
from server.core.errors import AppError, Conflict, NotFound
from server.core.web.access import requires
from server.core.web.forms import Form, asked_union_words, form_data, query_params
from server.core.web.unit_of_work import read_only_session, session
from server.kit.documents.actions import ask_for_pdf
from server.kit.documents.files.downloads import has_office, require_office, send_docx, send_pdf
from server.kit.documents.models import Document
from server.kit.documents.queries import find_document
from server.kit.listing import show_list
from server.kit.scope import union_choices
from server.reports.bulletins.actions import issue_bulletin
from server.reports.bulletins.document import BULLETIN_DOCUMENT, values_of, words_of
from server.reports.bulletins.listing import BULLETINS, PATH
from server.reports.bulletins.models import Bulletin, BulletinKind
from server.reports.bulletins.permissions import PERMISSIONS
from server.reports.bulletins.queries import find_correction, get_bulletin, get_correctable, get_issuer
from server.reports.bulletins.schemas import TITLE_LENGTH, BulletinIn, BulletinQuery
from server.reports.bulletins.texts import CORRECTED, FIRST_TEXT, KIND_NAMES
from server.reports.figures.cuts.periods import Period, Span, spans_back
from server.reports.figures.items.links import Links
from server.reports.figures.items.rows import rows_of
from server.reports.figures.queries import get_subtree, read_figures
from server.unions.actor import current_actor
from server.unions.campaigns.choosing.choice import campaign_asked, name_of_campaign
from server.unions.roles import CONSOLE

bp = Blueprint("bulletins_console", __name__, url_prefix=PATH, template_folder="templates")
Q = TypeVar("Q", bound=BulletinQuery)


@bp.get("")
@requires("bulletin.read")
def bulletins() -> str:
    """The list."""
    return render_template("bulletins/list.html", page=show_list(BULLETINS), kinds=KIND_NAMES)


@bp.get("/new")
@requires("bulletin.issue")
def new() -> str:
    """A form, with the text that it begins with. `?corrects=` one that was issued: its days, its text."""
    return _form_page(query_params(BulletinQuery))


@bp.post("")
@requires("bulletin.issue")
def issue() -> Response | str | tuple[str, int]:
    """Issue one, or show it first. A text with places that nothing belongs into comes again."""
    form = form_data(BulletinIn)
    if form.value is None:
        return _form_page(query_params(BulletinQuery), form), 422
    asked, corrects = _settle(form.value, lock=not form.value.is_preview)
    form.errors = asked.refusal(clock.day_of(clock.now()))
    if corrects is not None and not asked.reason:
        form.errors["reason"] = "请写明更正的理由。"
    if form.errors:
        return _form_page(form.value, form), 422
    try:
        found = _words(asked, corrects, title=asked.title, text=asked.text, reason=asked.reason)
    except LookupError as error:
        form.errors = {"text": f"没有叫 {error} 的数字，请从下面的名称里选。"}
        return _form_page(form.value, form), 422
    if asked.is_preview:
        return _form_page(form.value, form, found["words"])
    if found["figures"].waiting:
        raise Conflict("刚有变动还没有计入，请过一分钟再生成。", code="being_counted")
    days = found["figures"].span
    made = issue_bulletin(
        session(), asked.kind, found["union"], found["issuer"], (days.since, days.until), words=found["words"],
        campaign_id=found["campaign_id"], corrects=corrects, reason=asked.reason, actor=current_actor(),
        now=clock.now(),
    )  # fmt: skip
    flash("已生成。" if corrects is None else f"已生成，{corrects.number} 会注明已经更正。")
    return redirect(f"{PATH}/{made.id}", code=303)


@bp.get("/<uuid:bulletin_id>")
@requires("bulletin.read")
def bulletin(bulletin_id: UUID) -> str:
    """One of them, as it was issued, with its files."""
    actor, reader = current_actor(), session()
    found = get_bulletin(reader, bulletin_id, actor)
    document, later = _document(bulletin_id), find_correction(reader, bulletin_id)
    return render_template(
        "bulletins/bulletin.html", bulletin=found, document=document, words=json.loads(document.words), later=later,
        earlier=reader.get(Bulletin, found.corrects_id) if found.corrects_id is not None else None,
        can_correct=_can_correct(bulletin_id), kind_name=KIND_NAMES[found.kind], has_office=has_office(),
    )  # fmt: skip


@bp.post("/<uuid:bulletin_id>/pdf")
@requires("bulletin.read")
def ask_pdf(bulletin_id: UUID) -> Response:
    """Have the PDF made. Raises Conflict where LibreOffice is not installed."""
    get_bulletin(session(), bulletin_id, current_actor())
    require_office()
    ask_for_pdf(session(), _document(bulletin_id))
    flash("正在生成 PDF，过几秒刷新页面。")
    return redirect(f"{PATH}/{bulletin_id}", code=303)


@bp.get("/<uuid:bulletin_id>/report.docx")
@requires("bulletin.read")
def docx(bulletin_id: UUID) -> Response:
    """The Word document. On record."""
    return send_docx(_readable(bulletin_id))


@bp.get("/<uuid:bulletin_id>/report.pdf")
@requires("bulletin.read")
def pdf(bulletin_id: UUID) -> Response:
    """The PDF, once it was made. On record."""
    return send_pdf(_readable(bulletin_id))


def _readable(bulletin_id: UUID) -> Document:
    """Its document, read before its file is, which holds no connection."""
    with read_only_session() as reader:
        get_bulletin(reader, bulletin_id, current_actor())
        return _found(find_document(reader, BULLETIN_DOCUMENT, bulletin_id))


def _document(bulletin_id: UUID) -> Document:
    return _found(find_document(session(), BULLETIN_DOCUMENT, bulletin_id))


def _found(document: Document | None) -> Document:
    if document is None:
        raise NotFound
    return document


def _can_correct(bulletin_id: UUID) -> bool:
    actor = current_actor().carrying(PERMISSIONS["bulletin.issue"])
    try:
        get_correctable(session(), bulletin_id, actor)
    except AppError:
        return False
    return True


def _settle(asked: Q, *, lock: bool = False) -> tuple[Q, Bulletin | None]:
    """What is reported on, and the report that it corrects. Raises what stands in the way of correcting that."""
    if asked.corrects is None:
        return asked, None
    corrects = get_correctable(session(), asked.corrects, current_actor(), lock=lock)
    return asked.same_as(corrects), corrects


def _words(
    asked: BulletinQuery, corrects: Bulletin | None, *, title: str = "", text: str = "", reason: str = ""
) -> dict[str, Any]:
    """What the report says of the figures of this moment, and what they are. Raises LookupError."""
    actor, now = current_actor(), clock.now()
    campaign_id = campaign_asked() if corrects is None else corrects.campaign_id
    union = get_subtree(session(), actor, asked.union)
    issuer, cut = get_issuer(session(), union, actor), asked.cut(clock.day_of(now))
    figures = read_figures(session(), union, campaign_id, cut, now)
    rows = rows_of(figures, Links(union.id, campaign_id, cut))
    words = words_of(
        title, text, rows, figures, union_name=union.name, issuer_name=issuer.name,
        campaign=name_of_campaign(session(), actor, campaign_id),
        corrects={"number": corrects.number, "title": corrects.title, "reason": reason} if corrects else None,
    )  # fmt: skip
    return {
        "words": words, "union": union, "issuer": issuer, "figures": figures, "cut": cut, "campaign_id": campaign_id,
        "names": list(values_of(rows, figures, union.name)),
    }  # fmt: skip


def _form_page(sent: BulletinQuery, form: Form[BulletinIn] | None = None, preview: dict[str, Any] | None = None) -> str:
    asked, corrects = _settle(sent)
    found, raw, today = _words(asked, corrects), form.raw if form else {}, clock.day_of(clock.now())
    title, text = _beginning(asked, corrects, found)
    return render_template(
        "bulletins/new.html", asked=asked, union=found["union"], figures=found["figures"], names=found["names"],
        kinds=KIND_NAMES, campaign_name=found["words"]["campaign"], corrects=corrects,
        choices=union_choices(session(), current_actor(), CONSOLE, found["union"].id), union_typed=asked_union_words(),
        preview=preview,
        is_monthly=asked.kind is BulletinKind.MONTHLY,
        months=[each for each in spans_back(Period.MONTH, today, found["cut"].on or today) if _is_over(each, today)],
        title=raw.get("title", title), text=raw.get("text", text), reason=raw.get("reason", ""),
        is_written=form is not None, errors=form.errors if form else asked.refusal(today),
    )  # fmt: skip


def _beginning(asked: BulletinQuery, corrects: Bulletin | None, found: dict[str, Any]) -> tuple[str, str]:
    """Title and text that the form begins with: of what is corrected its own, with the places as they were typed."""
    if corrects is not None:
        words = json.loads(_document(corrects.id).words)
        return f"{corrects.title.removesuffix(CORRECTED)}{CORRECTED}"[:TITLE_LENGTH], words.get("typed", words["text"])
    name = found["union"].short_name or found["union"].name
    return f"{name}职工安全隐患{KIND_NAMES[asked.kind]}（{found['figures'].span.name}）", FIRST_TEXT


def _is_over(offered: tuple[Span, bool], today: date) -> bool:
    """Whether a month can be reported on; the one that was asked for is shown in any case, with why it cannot."""
    span, is_chosen = offered
    return is_chosen or (span.until is not None and span.until < today)
