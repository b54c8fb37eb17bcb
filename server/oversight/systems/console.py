"""Pages of safety systems: the table, the list, one enterprise, and what a city asks about."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.clock import day_of
from server.core.errors import AppError, NotFound
from server.core.web.access import requires
from server.core.web.forms import Form, asked_union_words, form_data, query_params
from server.core.web.unit_of_work import read_only_session, session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.files.queries import list_files
from server.kit.listing import show_list
from server.kit.scope import union_choices
from server.kit.workflow import offers, perform
from server.oversight.systems.actions import add_system, city_of, edit_system, use_shipped
from server.oversight.systems.listing import HELD_SYSTEMS
from server.oversight.systems.models import HeldStatus, HeldSystem
from server.oversight.systems.papers.documents import DOCUMENTS, LIMITS
from server.oversight.systems.permissions import MAY_READ, MAY_STATE
from server.oversight.systems.queries import list_held, list_systems, read_table
from server.oversight.systems.schemas import AdmitIn, CheckIn, ReturnIn, StateIn, SystemIn, SystemsQuery
from server.oversight.systems.texts import CHIPS, STATUS_NAMES
from server.oversight.systems.workbook import share, table_sheets
from server.oversight.systems.workflow import HELD, HeldMove, get_held
from server.unions.actor import current_actor
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope

bp = Blueprint("systems_console", __name__, url_prefix="/console/systems", template_folder="templates")
FORMS: dict[HeldMove, Any] = {
    HeldMove.STATE: StateIn,
    HeldMove.ADMIT: AdmitIn,
    HeldMove.CHECK: CheckIn,
    HeldMove.RETURN: ReturnIn,
}
Page = str | tuple[str, int] | AnyResponse


def _asked_union(reader: Any) -> Union:
    actor = current_actor()
    return get_union_in_scope(reader, query_params(SystemsQuery).union or actor.roles[0].union_id, actor)


@bp.get("")
@requires("system.read")
def table() -> Page:
    """How many enterprises have which; an enterprise has a page of its own."""
    with read_only_session() as reader:
        union = _asked_union(reader)
        if union.level is Level.ENTERPRISE:
            return _enterprise_page(union.id)
        return render_template(
            "systems/table.html", union=union, table=read_table(reader, union), share=share, names=STATUS_NAMES,
            choices=union_choices(reader, current_actor(), MAY_READ, union.id), union_typed=asked_union_words(),
        )  # fmt: skip


@bp.get("/table.xlsx")
@requires("system.read")
def table_sheet() -> Response:
    """安全制度建立情况统计表."""
    with read_only_session() as reader:
        union = _asked_union(reader)
        title = f"{union.name} 安全制度建立情况统计表 {day_of(clock.now())}"
        return send_workbook(title, *table_sheets(read_table(reader, union), title))


@bp.get("/list")
@requires("system.read")
def held_list() -> str:
    """Who has which, who lacks what."""
    return render_template("systems/list.html", page=show_list(HELD_SYSTEMS))


@bp.get("/list/ledger.xlsx")
@requires("system.read")
def held_ledger() -> Response:
    """The same as a sheet."""
    return send_ledger(HELD_SYSTEMS)


# --- one enterprise ---------------------------------------------------------------------------------------------------


@bp.get("/enterprises/<uuid:enterprise_id>")
@requires("system.read")
def enterprise(enterprise_id: UUID) -> str:
    """Every system that is asked about, what the enterprise says of it, its documents."""
    return _enterprise_page(enterprise_id)


@bp.post("/held/<uuid:held_id>/<any('state', 'admit'):move>")
@requires("system.state")
def say(held_id: UUID, move: str) -> Page:
    """The enterprise has it, or has none."""
    return _make(held_id, move)


@bp.post("/held/<uuid:held_id>/<any('check', 'return'):move>")
@requires("system.check")
def look(held_id: UUID, move: str) -> Page:
    """A union looked at it."""
    return _make(held_id, move)


def _make(held_id: UUID, move: str) -> Page:
    """Make a move. Refused, the page comes again with the reason and with what was typed."""
    chosen, actor, now = HeldMove(move), current_actor(), clock.now()
    form = form_data(FORMS[chosen])
    held = get_held(session(), held_id, actor)
    enterprise_id = held.enterprise_id
    if form.value is None:
        return _enterprise_page(enterprise_id, held_id, form), 422
    try:
        perform(HELD, session(), held_id, chosen, actor=actor, now=now, form=form.value)
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        form.errors.update(error.fields)
        return _enterprise_page(enterprise_id, held_id, form, error.message), error.status
    flash("已保存。")
    return redirect(f"/console/systems/enterprises/{enterprise_id}#held-{held_id}", code=303)


def _enterprise_page(
    enterprise_id: UUID, held_id: UUID | None = None, form: Form[Any] | None = None, message: str = ""
) -> str:
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        union = get_union_in_scope(reader, enterprise_id, actor)
        if union.level is not Level.ENTERPRISE:
            raise NotFound
        held = list_held(reader, union.id)
        files = list_files(reader, DOCUMENTS.subject, [row.id for row, _ in held])
        return render_template(
            "systems/enterprise.html",
            union=union, held=held, files=files,
            limits=LIMITS, may_fill=actor.holds_over(union, MAY_STATE), form=form, held_id=held_id, message=message,
            moves={row.id: _moves(reader, row, actor, now) for row, _ in held}, names=STATUS_NAMES, chips=CHIPS,
            today=day_of(now), checked=HeldStatus.CHECKED,
        )  # fmt: skip


def _moves(reader: Any, row: HeldSystem, actor: Any, now: Any) -> dict[str, Any]:
    return {str(each.name): each for each in offers(HELD, reader, row, actor=actor, now=now)}


# --- what is asked about ----------------------------------------------------------------------------------------------


@bp.get("/choice")
@requires("system.choose")
def choice() -> str:
    """The list of a city, to edit."""
    return _choice_page()


@bp.post("/choice/shipped")
@requires("system.choose")
def begin_list() -> AnyResponse:
    """Begin with the shipped ones."""
    new = use_shipped(session(), actor=current_actor(), now=clock.now())
    flash(f"已加入 {new} 项。企业几分钟后能看到。" if new else "现成的都已经在清单里。")
    return redirect("/console/systems/choice", code=303)


@bp.post("/choice")
@requires("system.choose")
def add() -> Page:
    """One more."""
    return _keep(None)


@bp.post("/choice/<uuid:system_id>")
@requires("system.choose")
def edit(system_id: UUID) -> Page:
    """Other words for one of them."""
    return _keep(system_id)


def _keep(system_id: UUID | None) -> Page:
    form, actor, now = form_data(SystemIn), current_actor(), clock.now()
    if form.value is None:
        return _choice_page(form, system_id), 422
    try:
        if system_id is None:
            add_system(session(), form.value, actor=actor, now=now)
        else:
            edit_system(session(), system_id, form.value, actor=actor, now=now)
    except AppError as error:
        if error.status != 409:
            raise
        session().rollback()
        return _choice_page(form, system_id, error.message), error.status
    flash("已保存。")
    return redirect("/console/systems/choice", code=303)


def _choice_page(form: Form[SystemIn] | None = None, system_id: UUID | None = None, message: str = "") -> str:
    with read_only_session() as reader:
        systems = list_systems(reader, city_of(current_actor()), asked_alone=False)
        if system_id not in (None, *(each.id for each in systems)):
            raise NotFound
        return render_template(
            "systems/choice.html", systems=systems, form=form, system_id=system_id, message=message
        )  # fmt: skip
