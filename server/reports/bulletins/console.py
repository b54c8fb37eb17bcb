"""Pages of reports: the list, a new one with its text, one of them with its files."""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from server.core import clock
from server.core.errors import Conflict, Invalid, NotFound
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, query_params
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
from server.reports.bulletins.models import BulletinKind
from server.reports.bulletins.queries import get_bulletin, get_issuer
from server.reports.bulletins.schemas import BulletinIn, BulletinQuery
from server.reports.bulletins.texts import FIRST_TEXT, KIND_NAMES
from server.reports.figures.cuts.periods import Period, spans_back
from server.reports.figures.items.links import Links
from server.reports.figures.items.rows import rows_of
from server.reports.figures.queries import get_subtree, read_figures
from server.unions.actor import current_actor
from server.unions.campaigns.choosing.choice import campaign_asked, name_of_campaign
from server.unions.roles import CONSOLE

bp = Blueprint("bulletins_console", __name__, url_prefix=PATH, template_folder="templates")


@bp.get("")
@requires("bulletin.read")
def bulletins() -> str:
    """The list."""
    return render_template("bulletins/list.html", page=show_list(BULLETINS), kinds=KIND_NAMES)


@bp.get("/new")
@requires("bulletin.issue")
def new() -> str:
    """A form, with the text that it begins with."""
    return _form_page(query_params(BulletinQuery))


@bp.post("")
@requires("bulletin.issue")
def issue() -> Response | str | tuple[str, int]:
    """Issue one, or show it first. A text with places that nothing belongs into comes again."""
    form = form_data(BulletinIn)
    if form.value is None:
        return _form_page(query_params(BulletinQuery), form), 422
    try:
        found = _words(form.value, form.value.title, form.value.text)
    except LookupError as error:
        form.errors = {"text": f"没有叫 {error} 的数字，请从下面的名称里选。"}
        return _form_page(form.value, form), 422
    if form.value.is_preview:
        return _form_page(form.value, form, found["words"])
    if found["figures"].waiting:
        raise Conflict("刚有变动还没有计入，请过一分钟再生成。", code="being_counted")
    days = found["figures"].span
    if days.since is None or days.until is None:
        raise Invalid("请选择起止日期。")
    made = issue_bulletin(
        session(), form.value.kind, found["union"], found["issuer"], (days.since, days.until),
        campaign_id=campaign_asked(), words=found["words"], actor=current_actor(), now=clock.now(),
    )  # fmt: skip
    flash("已生成。")
    return redirect(f"{PATH}/{made.id}", code=303)


@bp.get("/<uuid:bulletin_id>")
@requires("bulletin.read")
def bulletin(bulletin_id: UUID) -> str:
    """One of them, as it was issued, with its files."""
    found = get_bulletin(session(), bulletin_id, current_actor())
    document = _document(bulletin_id)
    return render_template(
        "bulletins/bulletin.html", bulletin=found, document=document, words=json.loads(document.words),
        kind_name=KIND_NAMES[found.kind], has_office=has_office(),
    )  # fmt: skip


@bp.post("/<uuid:bulletin_id>/pdf")
@requires("bulletin.read")
def ask_pdf(bulletin_id: UUID) -> Response:
    """Have the PDF made. Raises Conflict where LibreOffice is not installed."""
    require_office()
    get_bulletin(session(), bulletin_id, current_actor())
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


def _words(asked: BulletinQuery, title: str, text: str) -> dict[str, Any]:
    """What the report says of the figures of this moment, and what they are. Raises LookupError."""
    actor, now, campaign_id = current_actor(), clock.now(), campaign_asked()
    union = get_subtree(session(), actor, asked.union)
    issuer, cut = get_issuer(session(), union, actor), asked.cut(clock.day_of(now))
    figures = read_figures(session(), union, campaign_id, cut, now)
    rows = rows_of(figures, Links(union.id, campaign_id, cut))
    words = words_of(
        title, text, rows, figures, union_name=union.name, issuer_name=issuer.name,
        campaign=name_of_campaign(session(), actor, campaign_id),
    )  # fmt: skip
    names = list(values_of(rows, figures, union.name))
    return {"words": words, "union": union, "issuer": issuer, "figures": figures, "names": names, "cut": cut}


def _form_page(
    asked: BulletinQuery, form: Form[BulletinIn] | None = None, preview: dict[str, Any] | None = None
) -> str:
    found = _words(asked, "", "")
    union, figures, raw = found["union"], found["figures"], form.raw if form else {}
    title = f"{union.short_name or union.name}职工安全隐患{KIND_NAMES[asked.kind]}（{figures.span.name}）"
    return render_template(
        "bulletins/new.html", asked=asked, union=union, figures=figures, names=found["names"], kinds=KIND_NAMES,
        campaign_name=found["words"]["campaign"],
        choices=union_choices(session(), current_actor(), CONSOLE, union.id), preview=preview,
        is_monthly=asked.kind is BulletinKind.MONTHLY,
        months=spans_back(Period.MONTH, clock.day_of(clock.now()), found["cut"].on or clock.day_of(clock.now())),
        title=raw.get("title", title), text=raw.get("text", FIRST_TEXT), is_written=form is not None,
        errors=form.errors if form else {},
    )  # fmt: skip
