"""Pages of the register of plans."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from server.core import clock
from server.core.clock import day_of
from server.core.errors import AppError
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, form_values, query_params, union_words
from server.core.web.unit_of_work import read_only_session, session
from server.kit.enterprise_sheets import admit_sheets, send_template, show_sheet, take_sheet
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.scope import name_of, union_names
from server.oversight.drills.permissions import MAY_KEEP
from server.oversight.drills.plans import keeping, queries
from server.oversight.drills.plans.listing import PLAN_LIST
from server.oversight.drills.plans.sheet import SHEET
from server.oversight.drills.queries import dues_of_plan
from server.oversight.drills.schemas import EndPlanIn, EnterpriseQuery, PlanEdit, PlanFacts, PlanIn, RevisedIn
from server.oversight.drills.texts import PLAN_NAMES
from server.unions.actor import current_actor
from server.unions.roles import Level
from server.unions.tree.lookup.picking import offer_unions

ENTERPRISES = frozenset({Level.ENTERPRISE})
KINDS = [(kind.value, name) for kind, name in PLAN_NAMES.items()]
bp = Blueprint("plans", __name__, url_prefix="/plans")
admit_sheets(bp, "import_sheet")


@bp.get("")
@requires("drill.read")
def plans() -> str:
    """The register."""
    return render_template("drills/plans.html", page=show_list(PLAN_LIST))


@bp.get("/ledger.xlsx")
@requires("drill.read")
def plans_ledger() -> Response:
    """应急预案登记簿, which comes in again as a sheet."""
    return send_ledger(PLAN_LIST)


@bp.get("/import")
@requires("drill.keep_plans")
def show_import() -> str:
    """Where a sheet of many is sent."""
    return show_sheet(SHEET)


@bp.get("/import/template.xlsx")
@requires("drill.keep_plans")
def plan_template() -> Response:
    """The sheet to fill in."""
    return send_template(SHEET)


@bp.post("/import")
@requires("drill.keep_plans")
def import_sheet() -> str | tuple[str, int]:
    """Take the rows that are right, and say what is wrong with the others."""
    return take_sheet(SHEET)


@bp.get("/new")
@requires("drill.keep_plans")
def new() -> str:
    """A form, maybe with the enterprise of the address."""
    return _new_page({}, {}, query_params(EnterpriseQuery).enterprise)


@bp.post("")
@requires("drill.keep_plans")
def note() -> ResponseReturnValue:
    """Put one down; whoever only looked for an enterprise gets the form again."""
    posted = form_values().to_dict()
    if (words := union_words()) is not None:
        return _new_page(posted, {}, posted.get("enterprise"), words=words)
    form = form_data(PlanIn)
    if form.value is None:
        return _new_page(posted, form.errors, posted.get("enterprise")), 422
    try:
        plan = keeping.note_plan(
            session(), form.value.enterprise, form.value, actor=current_actor(), now=clock.now()
        )  # fmt: skip
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _new_page(posted, error.fields, posted.get("enterprise"), message=error.message), error.status
    flash("预案已登记，应演练日期正在推算。")
    return redirect(f"/console/drills/plans/{plan.id}", code=303)


@bp.get("/<uuid:plan_id>")
@requires("drill.read")
def show_plan(plan_id: UUID) -> str:
    """One of them, with the drills that tried it and what is due."""
    return _page(plan_id)


@bp.post("/<uuid:plan_id>/edit")
@requires("drill.keep_plans")
def edit(plan_id: UUID) -> ResponseReturnValue:
    """Say it anew."""
    return _write(plan_id, PlanEdit, keeping.edit_plan, "已保存。")


@bp.post("/<uuid:plan_id>/revised")
@requires("drill.keep_plans")
def revised(plan_id: UUID) -> ResponseReturnValue:
    """It was revised."""
    return _write(plan_id, RevisedIn, keeping.revise_plan, "修订日期已登记。")


@bp.post("/<uuid:plan_id>/end")
@requires("drill.keep_plans")
def end(plan_id: UUID) -> ResponseReturnValue:
    """It is given up."""
    return _write(plan_id, EndPlanIn, keeping.end_plan, "已停用，记录留着。")


def _write(plan_id: UUID, shape: Any, action: Any, words: str) -> ResponseReturnValue:
    form = form_data(shape)
    if form.value is None:
        return _page(plan_id, form, shape), 422
    try:
        action(session(), plan_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        form.errors.update(error.fields)
        return _page(plan_id, form, shape, error.message), error.status
    flash(words)
    return redirect(f"/console/drills/plans/{plan_id}", code=303)


def _new_page(
    raw: dict[str, Any], errors: Any, enterprise: Any, *, message: str = "", words: str | None = None
) -> str:  # fmt: skip
    return render_template(
        "drills/new_plan.html", raw=raw, errors=errors, message=message, kinds=KINDS,
        offered=offer_unions(session(), current_actor(), ENTERPRISES, enterprise, words),
    )  # fmt: skip


def _page(plan_id: UUID, form: Form[Any] | None = None, shape: Any = None, message: str = "") -> str:
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        plan = queries.get_plan(reader, plan_id, actor)
        dues, trials = dues_of_plan(reader, plan), queries.list_trials(reader, plan.id, actor)
        enterprise = name_of(union_names(reader, {plan.enterprise_id}), plan.enterprise_id)
    known = {name: getattr(plan, name) for name in PlanFacts.model_fields}
    return render_template(
        "drills/plan.html", plan=plan, dues=dues, trials=trials, enterprise=enterprise, form=form, message=message,
        kinds=KINDS, kind_name=PLAN_NAMES[plan.kind], today=day_of(now), posted=shape.__name__ if shape else "",
        raw=form.raw if form is not None and shape is PlanEdit else {**known, "kind": plan.kind.value},
        may_keep=actor.holds_over(plan, MAY_KEEP) and plan.ended_at is None,
    )  # fmt: skip
