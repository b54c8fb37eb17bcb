"""Pages of coverage: the table, who is left, and one enterprise with what it is divided by."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.clock import day_of
from server.core.errors import AppError, Invalid
from server.core.web.access import requires
from server.core.web.forms import Form, asked_union_words, form_data, query_params
from server.core.web.unit_of_work import read_only_session, session
from server.kit.enterprise_sheets import admit_sheets, send_template, show_sheet, take_sheet
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.filters import read_filters
from server.kit.listing import show_list
from server.kit.scope import union_choices
from server.kit.selections import picked_of_list
from server.oversight.coverage.actions import end_officer, enter_denominator, get_enterprise, name_officer
from server.oversight.coverage.listing import ABSENT, GAPS, GapFilter, has_gaps
from server.oversight.coverage.permissions import MAY_ENTER, MAY_READ
from server.oversight.coverage.queries import (
    CoverageTable,
    Period,
    find_period,
    is_summed,
    list_periods,
    read_enterprise,
    read_table,
)
from server.oversight.coverage.reminding.sending import remind
from server.oversight.coverage.schemas import CoverageQuery, DenominatorIn, OfficerIn
from server.oversight.coverage.sheets.denominators import DENOMINATORS
from server.oversight.coverage.sheets.table import TITLE
from server.oversight.coverage.sheets.table import table_sheet as lay_out_table
from server.oversight.coverage.texts import (
    DEFINITIONS,
    OFFICER_CHIPS,
    OFFICER_NAMES,
    PART_NAMES,
    SOURCE_NAMES,
    rate,
)
from server.unions.actor import current_actor
from server.unions.tree.lookup.flags import FLAG_TEXTS, Flag
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope

bp = Blueprint("coverage_console", __name__, url_prefix="/console/coverage", template_folder="templates")
Page = str | tuple[str, int] | AnyResponse


@bp.get("")
@requires("coverage.read")
def coverage() -> Page:
    """The table below a union; an enterprise has a page of its own."""
    wanted, actor = query_params(CoverageQuery), current_actor()
    with read_only_session() as reader:
        union = get_union_in_scope(reader, wanted.union or actor.roles[0].union_id, actor)
        if not is_summed(union):
            return _enterprise_page(union.id)
        periods, period, table = _read(reader, union, wanted)
        return render_template(
            "coverage/coverage.html",
            union=union, wanted=wanted, periods=periods, period=period, table=table, rate=rate,
            choices=union_choices(reader, actor, MAY_READ, union.id), union_typed=asked_union_words(),
            cuts=PART_NAMES, flags=FLAG_TEXTS, definitions=DEFINITIONS,
            gaps_href=lambda union_id, status="": GAPS.href(_gaps(wanted, period, union_id, status)),
        )  # fmt: skip


def _gaps(wanted: CoverageQuery, period: Period | None, union_id: UUID, status: str) -> str:
    flags = {flag: getattr(wanted, flag) for flag in Flag}
    return GapFilter(period=period.id if period else None, union=union_id, status=status, **flags).to_query()


def _read(
    reader: Any, union: Union, wanted: CoverageQuery
) -> tuple[Sequence[Period], Period | None, CoverageTable | None]:
    periods = list_periods(reader)
    period = find_period(periods, wanted.period)
    flags = [flag for flag in Flag if getattr(wanted, flag)]
    return periods, period, read_table(reader, union, period, wanted.by, flags) if period else None


@bp.get("/table.xlsx")
@requires("coverage.read")
def table_sheet() -> Response:
    """培训覆盖情况统计表."""
    wanted, actor, now = query_params(CoverageQuery), current_actor(), clock.now()
    with read_only_session() as reader:
        union = get_union_in_scope(reader, wanted.union or actor.roles[0].union_id, actor)
        _, period, table = _read(reader, union, wanted)
        name = union.name
    if period is None or table is None:
        raise Invalid("统计还没有生成，请过一会儿再下载。")
    flags = "、".join(FLAG_TEXTS[flag] for flag in Flag if getattr(wanted, flag))
    return send_workbook(f"{name} {TITLE} {period.name}", lay_out_table(table, name, period, wanted.by, flags, now))


# --- who is left ------------------------------------------------------------------------------------------------------


@bp.get("/gaps")
@requires("coverage.read")
def gaps() -> str:
    """Enterprises, by what is left of them."""
    return render_template("coverage/gaps.html", page=show_list(GAPS))


@bp.get("/gaps/ledger.xlsx")
@requires("coverage.read")
def gaps_ledger() -> Response:
    """The same as a sheet."""
    return send_ledger(GAPS)


@bp.post("/gaps/remind")
@requires("coverage.lead")
def remind_picked() -> AnyResponse:
    """Remind the enterprises that were picked."""
    filters = read_filters(GapFilter)
    selection = picked_of_list(GAPS, has_gaps())
    period = find_period(list_periods(session()), filters.period)
    if period is None:
        raise Invalid("统计还没有生成，请过一会儿再提醒。")
    picked = [each.id for each in selection.rows]
    decided = remind(session(), period, picked, actor=current_actor(), now=clock.now())
    flash(selection.say(decided.say("已提醒 {} 家企业。")), "error" if decided.refusals else "success")
    return redirect(GAPS.href(filters.to_query()), code=303)


@bp.get("/absent")
@requires("coverage.read")
def absent() -> str:
    """People of one enterprise who were not there."""
    return render_template("coverage/absent.html", page=show_list(ABSENT))


@bp.get("/absent/ledger.xlsx")
@requires("coverage.read")
def absent_ledger() -> Response:
    """未参训名单."""
    return send_ledger(ABSENT)


# --- one enterprise ---------------------------------------------------------------------------------------------------


@bp.get("/enterprises/<uuid:enterprise_id>")
@requires("coverage.read")
def enterprise(enterprise_id: UUID) -> str:
    """How it stands, what it is divided by, who answers for safety."""
    return _enterprise_page(enterprise_id)


@bp.post("/enterprises/<uuid:enterprise_id>/denominators")
@requires("coverage.enter")
def enter(enterprise_id: UUID) -> Page:
    """Keep what it had on a day."""
    form = form_data(DenominatorIn)
    if form.value is None:
        return _enterprise_page(enterprise_id, form), 422
    try:
        enter_denominator(session(), enterprise_id, form.value, actor=current_actor(), now=clock.now())
    except Invalid as error:
        session().rollback()
        form.errors.update(error.fields)
        return _enterprise_page(enterprise_id, form), 422
    flash("已保存。覆盖率过一会儿按新的数重新统计。")
    return redirect(f"/console/coverage/enterprises/{enterprise_id}", code=303)


@bp.post("/enterprises/<uuid:enterprise_id>/officers")
@requires("coverage.enter")
def name_one(enterprise_id: UUID) -> Page:
    """Name somebody who answers for safety."""
    form = form_data(OfficerIn)
    if form.value is None:
        return _enterprise_page(enterprise_id, officer=form), 422
    try:
        name_officer(session(), enterprise_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status != 409:
            raise
        session().rollback()
        return _enterprise_page(enterprise_id, officer=form, message=error.message), error.status
    flash("已登记。")
    return redirect(f"/console/coverage/enterprises/{enterprise_id}", code=303)


@bp.post("/officers/<uuid:officer_id>/end")
@requires("coverage.enter")
def end_one(officer_id: UUID) -> AnyResponse:
    """They answer for safety no more."""
    enterprise_id = end_officer(session(), officer_id, actor=current_actor(), now=clock.now())
    flash("已登记离任。")
    return redirect(f"/console/coverage/enterprises/{enterprise_id}", code=303)


def _enterprise_page(
    enterprise_id: UUID, form: Form[DenominatorIn] | None = None, officer: Form[OfficerIn] | None = None,
    message: str = "",
) -> str:  # fmt: skip
    actor = current_actor()
    with read_only_session() as reader:
        union = get_enterprise(reader, enterprise_id, actor)
        return render_template(
            "coverage/enterprise.html",
            union=union, found=read_enterprise(reader, union), form=form, officer=officer, message=message, rate=rate,
            may_enter=actor.holds_over(union, MAY_ENTER), today=day_of(clock.now()).isoformat(),
            source_names=SOURCE_NAMES, officer_names=OFFICER_NAMES, officer_chips=OFFICER_CHIPS,
        )  # fmt: skip


# --- a sheet of denominators ------------------------------------------------------------------------------------------

admit_sheets(bp, "import_sheet")


@bp.get("/import")
@requires("coverage.lead")
def show_import() -> str:
    """Where the sheet is sent."""
    return show_sheet(DENOMINATORS)


@bp.get("/import/template.xlsx")
@requires("coverage.lead")
def template() -> Response:
    """The sheet to fill in."""
    return send_template(DENOMINATORS)


@bp.post("/import")
@requires("coverage.lead")
def import_sheet() -> Page:
    """Take the rows that are right, and say what is wrong with the others."""
    return take_sheet(DENOMINATORS)
