"""Pages of the register: the list with a form below it, a sheet of many, one taken back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError, Invalid
from server.core.kept_files.files import let_in, posted_file
from server.core.web.access import requires
from server.core.web.forms import form_data, posted_or_invalid, union_words
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.listing import show_list
from server.oversight.supervision.accidents.listing import ACCIDENTS
from server.oversight.supervision.accidents.registering import (
    COLUMNS,
    enter_accident,
    take_accidents,
    template_sheet,
    withdraw_accident,
)
from server.oversight.supervision.queries import leading
from server.oversight.supervision.schemas import AccidentIn, DropIn
from server.unions.actor import current_actor
from server.unions.imports.sheets.workbook import MAX_BYTES, read_rows
from server.unions.roles import Level
from server.unions.tree.lookup.picking import offer_unions

bp = Blueprint("accidents", __name__, url_prefix="/accidents")
SHEET = "supervision-accidents"
ENTERPRISES = frozenset({Level.ENTERPRISE})
Page = str | tuple[str, int] | AnyResponse


@bp.get("")
@requires("supervision.read")
def accidents() -> str:
    """The list."""
    may_enter = bool(leading(current_actor()))
    return render_template("supervision/accidents.html", page=show_list(ACCIDENTS), may_enter=may_enter)


@bp.get("/ledger.xlsx")
@requires("supervision.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(ACCIDENTS)


@bp.get("/new")
@requires("supervision.lead")
def new() -> str:
    """One to be entered, or a sheet of many."""
    return _page({}, {})


@bp.post("")
@requires("supervision.lead")
def enter() -> Page:
    """Keep one."""
    form = form_data(AccidentIn)
    if (words := union_words()) is not None:
        return _page(form.raw, {}, words=words), 200
    if form.value is None:
        return _page(form.raw, form.errors), 422
    try:
        enter_accident(session(), form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        return _page(form.raw, dict(error.fields or {}), error.message), error.status
    flash("已登记。以后的抽取里这家企业权重更高。")
    return redirect(ACCIDENTS.path, code=303)


@bp.post("/<uuid:accident_id>/withdraw")
@requires("supervision.lead")
def withdraw(accident_id: UUID) -> AnyResponse:
    """It was entered by mistake."""
    form = posted_or_invalid(DropIn, "请写明为什么撤掉。")
    withdraw_accident(session(), accident_id, form.reason[:200], actor=current_actor(), now=clock.now())
    flash("已撤掉，原因留在“撤掉的”里。")
    return redirect(ACCIDENTS.path, code=303)


@bp.url_value_preprocessor
def _take_files(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Sheets may be bigger than forms."""
    if (endpoint or "").endswith(".accidents.import_sheet"):
        let_in(MAX_BYTES)


@bp.get("/template.xlsx")
@requires("supervision.lead")
def template() -> Response:
    """The sheet to fill in."""
    return send_workbook("事故登记模板", template_sheet())


@bp.post("/import")
@requires("supervision.lead")
def import_sheet() -> Page:
    """Take the rows that are right, and say what is wrong with the others."""
    actor = current_actor()
    try:
        file = posted_file(SHEET, actor.person_id, MAX_BYTES)
        if file is None:
            raise Invalid("请选择表格文件。")
        rows = read_rows(file.content, COLUMNS)
    except AppError as error:
        return _page({}, {}, error.message), error.status
    return _page({}, {}, reports=take_accidents(session(), rows, actor=actor, now=clock.now()))


def _page(
    raw: dict[str, Any], errors: dict[str, str], message: str = "", words: str | None = None, reports: Any = None
) -> str:
    offered = offer_unions(session(), current_actor(), ENTERPRISES, str(raw.get("enterprise", "")), words)
    return render_template(
        "supervision/accident_new.html", raw=raw, errors=errors, message=message, offered=offered, reports=reports,
        columns=COLUMNS, today=clock.day_of(clock.now()),
    )  # fmt: skip
