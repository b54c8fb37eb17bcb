"""Pages of the enterprises of plans: the list, a new one with its last visits, one of them with what can be done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, query_params, union_words
from server.core.web.schemas import In
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.scope import area_of, union_names
from server.oversight.supervision import queries
from server.oversight.supervision.models import Origin, PlanStatus, PlanUnit
from server.oversight.supervision.schemas import ChangeIn, DayIn, DropIn, UnitIn, UnitQuery
from server.oversight.supervision.texts import ORIGIN_NAMES
from server.oversight.supervision.units import choosing, opening
from server.oversight.supervision.units.listing import UNIT_LIST
from server.oversight.visits.queries import visits_of_source
from server.oversight.visits.texts import STATUS_NAMES as VISIT_STATUS_NAMES
from server.unions.actor import Actor, current_actor
from server.unions.roles import Level
from server.unions.tree.lookup.picking import offer_unions

bp = Blueprint("units", __name__)
ENTERPRISES = frozenset({Level.ENTERPRISE})


@bp.get("/units")
@requires("supervision.read")
def units() -> str:
    """The list."""
    page, actor = show_list(UNIT_LIST), current_actor()
    plan_id = page.filters.plan
    plan = queries.get_plan(session(), plan_id, actor) if plan_id is not None else None
    is_leading = plan is not None and queries.leads(actor, plan.union_id)
    to_open = 0
    if plan is not None and is_leading and plan.status in queries.OPEN:
        planned, opened = queries.count_units(session(), plan.id)
        to_open = planned - opened
    return render_template(
        "supervision/units.html", page=page, plan=plan, is_leading=is_leading, to_open=to_open,
        may_add=is_leading and plan is not None and plan.status in (PlanStatus.DRAFT, *queries.OPEN),
    )  # fmt: skip


@bp.get("/units/ledger.xlsx")
@requires("supervision.read")
def units_ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(UNIT_LIST)


@bp.get("/<uuid:plan_id>/units/new")
@requires("supervision.lead")
def new_unit(plan_id: UUID) -> str:
    """An enterprise to choose; once it is chosen, its last visits of all levels."""
    return _new_page(plan_id, {"enterprise": query_params(UnitQuery).enterprise or ""}, {})


@bp.post("/<uuid:plan_id>/units")
@requires("supervision.lead")
def add_unit(plan_id: UUID) -> AnyResponse | tuple[str, int]:
    """One more enterprise."""
    form = form_data(UnitIn)
    if (words := union_words()) is not None:
        return _new_page(plan_id, form.raw, {}, words=words), 200
    if form.value is None:
        return _new_page(plan_id, form.raw, form.errors), 422
    try:
        choosing.add_unit(session(), plan_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        return _new_page(plan_id, form.raw, dict(error.fields or {}), error.message), error.status
    flash("已加上这家企业。")
    return redirect(f"{UNIT_LIST.path}?plan={plan_id}", code=303)


@bp.post("/<uuid:plan_id>/units/open")
@requires("supervision.lead")
def open_ready(plan_id: UUID) -> AnyResponse:
    """Open the visits of all where it is known who goes."""
    opened, left = opening.open_ready(session(), plan_id, actor=current_actor(), now=clock.now())
    flash(f"安排了 {opened} 家的督导。" if opened else "没有可以安排的企业。")
    if left:
        flash(f"还有 {left} 家没有人去：先分组、排组，或者抽取检查人员。", "error")
    return redirect(f"{UNIT_LIST.path}?plan={plan_id}", code=303)


@bp.get("/units/<uuid:unit_id>")
@requires("supervision.read")
def unit(unit_id: UUID) -> str:
    """One enterprise of a plan."""
    return _page(unit_id)


@bp.post("/units/<uuid:unit_id>/day")
@requires("supervision.lead")
def set_day(unit_id: UUID) -> AnyResponse | tuple[str, int]:
    """Another day or group."""
    return _write(unit_id, DayIn, choosing.set_day, "已保存。")


@bp.post("/units/<uuid:unit_id>/drop")
@requires("supervision.lead")
def drop(unit_id: UUID) -> AnyResponse | tuple[str, int]:
    """Do not go there."""
    return _write(unit_id, DropIn, choosing.drop_unit, "已去掉，原因写在计划页的改动里。")


@bp.post("/units/<uuid:unit_id>/replace")
@requires("supervision.lead")
def replace(unit_id: UUID) -> AnyResponse | tuple[str, int]:
    """Another one goes in its place."""
    return _write(unit_id, DropIn, choosing.replace_unit, "已换成备用的下一家。")


@bp.post("/units/<uuid:unit_id>/open")
@requires("supervision.lead")
def open_one(unit_id: UUID) -> AnyResponse | tuple[str, int]:
    """Open the visit."""

    def write(db: Session, unit_id: UUID, _form: Any, *, actor: Actor, now: datetime) -> None:
        opening.open_unit(db, unit_id, actor=actor, now=now)

    return _write(unit_id, ChangeIn, write, "督导已安排，去的人在手机上能看到。")


def _write(unit_id: UUID, shape: type[In], write: Callable[..., object], done: str) -> AnyResponse | tuple[str, int]:
    form = form_data(shape)
    if form.value is None:
        return _page(unit_id, form, "请写明原因。" if "reason" in form.errors else ""), 422
    try:
        write(session(), unit_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        form.errors = dict(error.fields or {})
        return _page(unit_id, form, error.message), error.status
    flash(done)
    found = session().get_one(PlanUnit, unit_id)
    return redirect(f"{UNIT_LIST.path}/{found.replaced_by_id or unit_id}", code=303)


def _new_page(
    plan_id: UUID, raw: dict[str, Any], errors: dict[str, str], message: str = "", words: str | None = None
) -> str:
    db, actor = session(), current_actor()
    plan = queries.get_plan(db, plan_id, actor)
    chosen = str(raw.get("enterprise") or "")
    offered = offer_unions(db, actor, ENTERPRISES, chosen, words)
    seen = None
    if offered.chosen:
        seen = choosing.look_at(db, plan, [UUID(offered.chosen)])[UUID(offered.chosen)]
    return render_template(
        "supervision/unit_new.html", plan=plan, raw=raw, errors=errors, message=message, offered=offered, seen=seen,
        teams=queries.list_teams(db, plan_id), is_draft=plan.status is PlanStatus.DRAFT,
        chosen_name=next((each.name for each in offered.items if str(each.id) == offered.chosen), ""),
    )  # fmt: skip


def _page(unit_id: UUID, form: Form[Any] | None = None, message: str = "") -> str:
    db, actor, now = session(), current_actor(), clock.now()
    found, plan = queries.get_unit(db, unit_id, actor)
    enterprise_id = cast(UUID, found.enterprise_id)
    names = union_names(db, {enterprise_id, found.district_id, found.town_id})
    going = opening.who_goes(db, plan, found, clock.day_of(now))
    people = {each.id: each for each in queries.list_members(db, plan.id)}
    is_leading = queries.leads(actor, plan.union_id)
    is_waiting = found.opened_at is None and found.dropped_at is None
    return render_template(
        "supervision/unit.html", unit=found, plan=plan, name=names[enterprise_id].name,
        area=area_of(names, found), going=going, people=[people[each.id] for each in going.members],
        seen=choosing.look_at(db, plan, [enterprise_id])[enterprise_id],
        origin_name=ORIGIN_NAMES[found.origin], is_drawn=found.origin is not Origin.NAMED, form=form, message=message,
        may_change=is_leading and is_waiting and plan.status in (PlanStatus.DRAFT, *queries.OPEN),
        may_open=is_leading and is_waiting and plan.status in queries.OPEN, raw=form.raw if form else {},
        errors=form.errors if form else {}, teams=queries.list_teams(db, plan.id),
        is_draft=plan.status is PlanStatus.DRAFT, visits=visits_of_source(db, [unit_id])[unit_id],
        visit_status_names=VISIT_STATUS_NAMES,
    )  # fmt: skip
