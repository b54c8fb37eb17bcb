"""Pages of plans: the list, a new one, one of them with its moves, how a union plans."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.forms.models import FormRecord
from server.assignments.forms.queries import in_reach
from server.core import clock
from server.core.errors import AppError, Invalid, NotFound
from server.core.web.access import requires
from server.core.web.forms import Form, form_data
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.scope import union_names
from server.kit.workflow import offers, perform
from server.oversight.supervision import actions, queries
from server.oversight.supervision.drawing import draw_pages
from server.oversight.supervision.listing import PLAN_LIST
from server.oversight.supervision.models import Plan, PlanMode, PlanMove, PlanStatus
from server.oversight.supervision.rota import rota_pages
from server.oversight.supervision.schemas import CancelIn, EditIn, NewPlanIn, SettingsIn, VersionIn
from server.oversight.supervision.teams import team_pages
from server.oversight.supervision.texts import (
    CHIPS,
    DRAW_STATUS_NAMES,
    DUTY_NAMES,
    MODE_NAMES,
    STATUS_NAMES,
    WEIGHT_NAMES,
)
from server.oversight.supervision.units import unit_pages
from server.oversight.supervision.workflow import PLANS
from server.unions.actor import current_actor

bp = Blueprint("supervision_console", __name__, template_folder="templates")
desk = Blueprint("desk", __name__, url_prefix="/console/supervision")
for pages in (team_pages, unit_pages, draw_pages, rota_pages):
    desk.register_blueprint(pages.bp)
bp.register_blueprint(draw_pages.door)
FORMS: dict[PlanMove, type[VersionIn] | type[CancelIn]] = {
    PlanMove.PUBLISH: VersionIn,
    PlanMove.CLOSE: VersionIn,
    PlanMove.CANCEL: CancelIn,
}


@desk.get("")
@requires("supervision.read")
def plans() -> str:
    """The list."""
    return render_template("supervision/list.html", page=show_list(PLAN_LIST), may_plan=bool(_mine()))


@desk.get("/ledger.xlsx")
@requires("supervision.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(PLAN_LIST)


@desk.get("/new")
@requires("supervision.lead")
def new() -> str:
    """An empty plan."""
    return _form_page({"mode": PlanMode.RANDOM}, {})


@desk.post("")
@requires("supervision.lead")
def create() -> AnyResponse | tuple[str, int]:
    """Keep a draft."""
    form = form_data(NewPlanIn)
    if form.value is None:
        return _form_page(form.raw, form.errors), 422
    try:
        plan = actions.draft_plan(session(), form.value, actor=current_actor(), now=clock.now())
    except Invalid as error:
        session().rollback()
        return _form_page(form.raw, error.fields), 422
    flash("草稿已保存。接着安排谁去、去哪些企业，再发布。")
    return redirect(f"{PLAN_LIST.path}/{plan.id}", code=303)


@desk.get("/<uuid:plan_id>")
@requires("supervision.read")
def plan(plan_id: UUID) -> str:
    """One plan, with what can be done."""
    return _page(plan_id)


@desk.get("/<uuid:plan_id>/edit")
@requires("supervision.lead")
def edit(plan_id: UUID) -> str:
    """The same form, filled in."""
    found = queries.get_plan(session(), plan_id, current_actor())
    names = ("title", "mode", "starts_on", "ends_on", "basis", "form_id")
    return _form_page({name: getattr(found, name) for name in names}, {}, found)


@desk.post("/<uuid:plan_id>/edit")
@requires("supervision.lead")
def save(plan_id: UUID) -> AnyResponse | tuple[str, int]:
    """Keep another plan."""
    form, actor = form_data(EditIn), current_actor()
    found = queries.get_plan(session(), plan_id, actor)
    if form.value is None:
        return _form_page(form.raw, form.errors, found), 422
    try:
        actions.edit_plan(session(), plan_id, form.value, actor=actor, now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        return _form_page(form.raw, dict(error.fields or {}), found, error.message), error.status
    flash("已保存。")
    return redirect(f"{PLAN_LIST.path}/{plan_id}", code=303)


@desk.post("/<uuid:plan_id>/move/<move>")
@requires("supervision.lead")
def make(plan_id: UUID, move: str) -> AnyResponse | tuple[str, int]:
    """Make a move. Refused, the page comes again with the reason and with what was typed."""
    if move not in {each.value for each in FORMS}:
        raise NotFound
    chosen = PlanMove(move)
    form = form_data(FORMS[chosen])
    if form.value is None:
        return _page(plan_id, form), 422
    try:
        perform(PLANS, session(), plan_id, chosen, form=form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _page(plan_id, form, error.message), error.status
    flash(PLANS.find(chosen).done)
    return redirect(f"{PLAN_LIST.path}/{plan_id}", code=303)


@desk.get("/settings")
@requires("supervision.lead")
def settings() -> str:
    """How a union plans."""
    return _settings_page()


@desk.post("/settings/<uuid:union_id>")
@requires("supervision.lead")
def save_settings(union_id: UUID) -> AnyResponse | tuple[str, int]:
    """Keep it."""
    form = form_data(SettingsIn)
    if form.value is None:
        return _settings_page(form), 422
    actions.save_settings(session(), union_id, form.value, actor=current_actor(), now=clock.now())
    flash("设置已保存，以后的抽取按新的来。")
    return redirect(f"{PLAN_LIST.path}/settings", code=303)


def _settings_page(form: Form[SettingsIn] | None = None) -> str:
    mine = _mine()
    kept = queries.settings_of(session(), mine[0][0]) if mine else SettingsIn()
    return render_template(
        "supervision/settings.html", union=mine[0] if mine else None, shown=form.raw if form else kept.model_dump(),
        errors=form.errors if form else {}, weight_names=WEIGHT_NAMES,
    )  # fmt: skip


def _mine() -> list[tuple[UUID, str]]:
    return [(each.union_id, each.union_name) for each in queries.leading(current_actor())]


def _form_page(raw: object, errors: dict[str, str], plan: Plan | None = None, message: str = "") -> str:
    statement = select(FormRecord.id, FormRecord.title).where(
        in_reach(current_actor()), FormRecord.is_active.is_(True), FormRecord.field_count > 0
    )
    forms = [(row.id, row.title) for row in session().execute(statement.order_by(FormRecord.id.desc()).limit(200))]
    return render_template(
        "supervision/plan_form.html", raw=raw, errors=errors, plan=plan, message=message, unions=_mine(), forms=forms,
        modes=list(MODE_NAMES.items()), is_draft=plan is None or plan.status is PlanStatus.DRAFT,
    )  # fmt: skip


def _page(plan_id: UUID, form: Form[VersionIn] | Form[CancelIn] | None = None, message: str = "") -> str:
    db, actor, now = session(), current_actor(), clock.now()
    found = queries.get_plan(db, plan_id, actor)
    teams = queries.list_teams(db, plan_id)
    units, opened = queries.count_units(db, plan_id)
    checklist = db.get(FormRecord, found.form_id) if found.form_id is not None else None
    return render_template(
        "supervision/plan.html", plan=found, teams=teams, by_team=queries.by_team(queries.list_members(db, plan_id)),
        names=union_names(db, {found.union_id, *(team.lead_union_id for team in teams)}),
        moves={each.name: each.label for each in offers(PLANS, db, found, actor=actor, now=now)},
        questions=PLANS.questions(), is_leading=queries.leads(actor, found.union_id),
        is_open=found.status not in (PlanStatus.CLOSED, PlanStatus.CANCELLED), mode_name=MODE_NAMES[found.mode],
        status_name=STATUS_NAMES[found.status], chip=CHIPS[found.status], duty_names=DUTY_NAMES, units=units,
        opened=opened, checklist=checklist, form=form, message=message, draws=queries.list_draws(db, plan_id),
        draw_status_names=DRAW_STATUS_NAMES, changes=queries.list_changes(db, plan_id),
    )  # fmt: skip


bp.register_blueprint(desk)
