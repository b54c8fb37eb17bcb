"""Pages of drills: what is due, the record of one, problems, rules."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from server.core import clock
from server.core.errors import AppError
from server.core.storage.base import ObjectStore
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, form_values
from server.core.web.unit_of_work import read_only_session, session
from server.kit.exports.books.sending import send_book
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.scope import Names, name_of, union_names
from server.oversight.drills import actions, queries, texts
from server.oversight.drills.listing import DUE_LIST, PROBLEM_LIST
from server.oversight.drills.models import EmergencyPlan, Phase, TriedPlan
from server.oversight.drills.plans import plan_pages
from server.oversight.drills.plans.queries import list_tried, offered_plans
from server.oversight.drills.schemas import DrillIn, ProblemIn, RuleIn
from server.oversight.drills.workbook import RECORD_BOOK
from server.oversight.training.archive.session_files import may_add
from server.oversight.training.queries import invited, leads_for
from server.unions.actor import current_actor

bp = Blueprint("drills_console", __name__, url_prefix="/console/drills", template_folder="templates")
bp.register_blueprint(plan_pages.bp)


@bp.get("")
@requires("drill.read")
def dues() -> str:
    """What is due."""
    return render_template("drills/dues.html", page=show_list(DUE_LIST))


@bp.get("/ledger.xlsx")
@requires("drill.read")
def dues_ledger() -> Response:
    """演练计划表."""
    return send_ledger(DUE_LIST)


@bp.get("/problems")
@requires("drill.read")
def problems() -> str:
    """What drills found."""
    return render_template("drills/problems.html", page=show_list(PROBLEM_LIST))


@bp.get("/problems/ledger.xlsx")
@requires("drill.read")
def problems_ledger() -> Response:
    """演练问题整改台账."""
    return send_ledger(PROBLEM_LIST)


@bp.get("/<uuid:session_id>")
@requires("drill.read")
def show(session_id: UUID) -> str:
    """The record of one."""
    return _page(session_id)


@bp.get("/<uuid:session_id>/record.xlsx")
@requires("drill.read")
def record_sheet(session_id: UUID) -> Response:
    """演练记录与评估表."""
    return send_book(RECORD_BOOK, session_id)


@bp.post("/<uuid:session_id>")
@requires("drill.record")
def save(session_id: UUID) -> ResponseReturnValue:
    """Keep the record."""
    posted = form_values()
    form = Form(DrillIn, {**posted.to_dict(), **{name: posted.getlist(name) for name in ("plans", "revise")}})
    if form.value is None:
        return _page(session_id, form), 422
    try:
        actions.record_drill(session(), session_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status != 422:
            raise
        session().rollback()
        form.errors = dict(error.fields)
        return _page(session_id, form), 422
    flash("演练记录已保存。")
    return redirect(f"/console/drills/{session_id}", code=303)


@bp.post("/<uuid:session_id>/problems")
@requires("drill.record")
def add_problem(session_id: UUID) -> ResponseReturnValue:
    """Note a problem."""
    typed = form_data(ProblemIn)
    raw = {name: value for name, value in typed.raw.items() if value or name != "enterprise"}
    form = Form(ProblemIn, raw)
    if form.value is None:
        return _page(session_id, problem=form), 422
    store = cast(ObjectStore, current_app.extensions["object_store"])
    try:
        actions.add_problem(session(), store, session_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status != 422:
            raise
        session().rollback()
        form.errors = dict(error.fields)
        return _page(session_id, problem=form), 422
    flash("已登记，成为一条隐患，按隐患审核、整改。")
    return redirect(f"/console/drills/{session_id}#problems", code=303)


@bp.get("/rules")
@requires("drill.set_rules")
def rules() -> str:
    """How often."""
    return _rules_page()


@bp.post("/rules")
@requires("drill.set_rules")
def add_rule() -> ResponseReturnValue:
    """Another rule."""
    form = form_data(RuleIn)
    if form.value is None:
        return _rules_page(form), 422
    actions.add_rule(session(), form.value, actor=current_actor(), now=clock.now())
    flash("已加上，应演练日期正在重新推算。")
    return redirect("/console/drills/rules", code=303)


@bp.post("/rules/<uuid:rule_id>")
@requires("drill.set_rules")
def change_rule(rule_id: UUID) -> ResponseReturnValue:
    """Say something else of a rule."""
    form = form_data(RuleIn)
    if form.value is None:
        return _rules_page(form), 422
    actions.change_rule(session(), rule_id, form.value, actor=current_actor(), now=clock.now())
    flash("已修改，应演练日期正在重新推算。")
    return redirect("/console/drills/rules", code=303)


def _rules_page(form: Form[RuleIn] | None = None) -> str:
    return render_template(
        "drills/rules.html", rules=queries.list_rules(session()), form=form, concerns=_choices(texts.CONCERNS_NAMES),
        duties=_choices(texts.DUTY_NAMES), concerns_names=texts.CONCERNS_NAMES, duty_names=texts.DUTY_NAMES,
    )  # fmt: skip


def _choices(names: Any) -> list[tuple[str, str]]:
    return [(key.value, name) for key, name in names.items()]


def _page(session_id: UUID, form: Form[DrillIn] | None = None, problem: Form[ProblemIn] | None = None) -> str:
    actor = current_actor()
    with read_only_session() as reader:
        row = queries.get_drill_session(reader, session_id, actor)
        drill, log = queries.find_drill(reader, row.id), queries.list_log(reader, row.id)
        found, asked = queries.list_problems(reader, row.id), invited(reader, row.id)
        tried = list_tried(reader, row.id)
        kept = {each.plan_id for each in tried if each.plan_id is not None}
        offered = offered_plans(reader, queries.enterprises_of(reader, row), kept)
        names = union_names(reader, {plan.enterprise_id for plan in offered})
    times = {phase.value: f"{clock.in_shanghai(log[phase].at):%H:%M:%S}" for phase in Phase if phase in log}
    return render_template(
        "drills/drill.html", row=row, drill=drill, raw=form.raw if form else _raw(drill, tried, times), times=times,
        errors=form.errors if form else {}, problems=found, problem=problem, invited=asked,
        may_record=leads_for(actor, row.organiser_id) is not None and may_add(row), kinds=_choices(texts.PLAN_NAMES),
        offered=[(plan.id, _describe(plan, names)) for plan in offered], tried=tried,
        registered=[(each, plan) for each in tried for plan in offered if each.plan_id == plan.id],
        revision=texts.revision_text(drill, tried) if drill else "",
        forms=_choices(texts.FORM_NAMES), scopes=_choices(texts.SCOPE_NAMES), aims=_choices(texts.AIM_NAMES),
        phases=_choices(texts.PHASE_NAMES), no_problem=texts.NO_PROBLEM, plan_names=texts.PLAN_NAMES,
    )  # fmt: skip


def _describe(plan: EmergencyPlan, names: Names) -> str:
    """With whose it is, where a drill was held for several."""
    whose = f"（{name_of(names, plan.enterprise_id)}）" if len(names) > 1 else ""
    return f"{plan.name}，{texts.PLAN_NAMES[plan.kind]}{whose}"


def _raw(drill: Any, tried: Sequence[TriedPlan], times: dict[str, str]) -> dict[str, Any]:
    if drill is None:
        return {"version": 0}
    kept = {name: getattr(drill, name) for name in DrillIn.model_fields if hasattr(drill, name)}
    return {
        **kept,
        **times,
        "plans": [str(each.plan_id) for each in tried if each.plan_id is not None],
        "revise": [str(each.plan_id) for each in tried if each.plan_id is not None and each.must_revise],
        **{
            name: value
            for each in tried
            if each.plan_id is None
            for name, value in (("plan_name", each.name), ("plan_version", each.edition), ("plan_kind", each.kind))
        },
        "must_revise": {None: "", True: "1", False: "0"}[drill.must_revise],
    }
