"""The page on which groups are made and people are put into them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, union_words
from server.core.web.schemas import In
from server.core.web.unit_of_work import session
from server.kit.scope import union_names
from server.oversight.supervision import actions, queries
from server.oversight.supervision.models import PlanStatus
from server.oversight.supervision.schemas import ChangeIn, MemberIn, MoveMemberIn, TeamIn
from server.oversight.supervision.texts import DUTY_NAMES
from server.unions.actor import Actor, current_actor
from server.unions.roles import Level
from server.unions.tree.lookup.picking import offer_unions

bp = Blueprint("teams", __name__, url_prefix="/<uuid:plan_id>/teams")
LEADING_LEVELS = frozenset({Level.CITY, Level.DISTRICT, Level.TOWN})
Write = Callable[[Session, Actor, datetime, Any], None]


@bp.get("")
@requires("supervision.lead")
def teams(plan_id: UUID) -> str:
    """Groups and people."""
    return _page(plan_id)


@bp.post("/add")
@requires("supervision.lead")
def add_team(plan_id: UUID) -> AnyResponse | tuple[str, int]:
    """One more group."""
    return _write(
        plan_id, TeamIn, lambda db, actor, now, form: actions.add_team(db, plan_id, form, actor=actor, now=now)
    )  # fmt: skip


@bp.post("/<uuid:team_id>/remove")
@requires("supervision.lead")
def remove_team(plan_id: UUID, team_id: UUID) -> AnyResponse | tuple[str, int]:
    """Take a group away."""

    def remove(db: Session, actor: Actor, now: datetime, form: ChangeIn) -> None:
        actions.remove_team(db, plan_id, team_id, form.reason, actor=actor, now=now)

    return _write(plan_id, ChangeIn, remove)


@bp.post("/members/add")
@requires("supervision.lead")
def add_member(plan_id: UUID) -> AnyResponse | tuple[str, int]:
    """Somebody more."""
    return _write(
        plan_id, MemberIn, lambda db, actor, now, form: actions.add_member(db, plan_id, form, actor=actor, now=now)
    )  # fmt: skip


@bp.post("/members/<uuid:member_id>/move")
@requires("supervision.lead")
def move_member(plan_id: UUID, member_id: UUID) -> AnyResponse | tuple[str, int]:
    """Put somebody into another group."""

    def move(db: Session, actor: Actor, now: datetime, form: MoveMemberIn) -> None:
        actions.move_member(db, plan_id, member_id, form.team, form.reason, actor=actor, now=now)

    return _write(plan_id, MoveMemberIn, move)


@bp.post("/members/<uuid:member_id>/remove")
@requires("supervision.lead")
def remove_member(plan_id: UUID, member_id: UUID) -> AnyResponse | tuple[str, int]:
    """Somebody less."""

    def remove(db: Session, actor: Actor, now: datetime, form: ChangeIn) -> None:
        actions.remove_member(db, plan_id, member_id, form.reason, actor=actor, now=now)

    return _write(plan_id, ChangeIn, remove)


def _write(plan_id: UUID, shape: type[In], write: Write) -> AnyResponse | tuple[str, int]:
    """Write what was posted, or show the page again with what was typed."""
    form, actor = form_data(shape), current_actor()
    if (words := union_words()) is not None:
        form.errors = {}
        return _page(plan_id, form, words=words), 200
    if form.value is None:
        return _page(plan_id, form, "有没填好的地方，请检查。"), 422
    try:
        write(session(), actor, clock.now(), form.value)
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        form.errors = dict(error.fields or {})
        return _page(plan_id, form, error.message), error.status
    flash("已保存。")
    return redirect(f"/console/supervision/{plan_id}/teams", code=303)


def _page(plan_id: UUID, form: Form[Any] | None = None, message: str = "", words: str | None = None) -> str:
    db, actor = session(), current_actor()
    plan = queries.get_plan(db, plan_id, actor)
    found = queries.list_teams(db, plan_id)
    raw = form.raw if form else {}
    return render_template(
        "supervision/teams.html", plan=plan, teams=found, by_team=queries.by_team(queries.list_members(db, plan_id)),
        names=union_names(db, {team.lead_union_id for team in found}), duties=list(DUTY_NAMES.items()),
        duty_names=DUTY_NAMES, candidates=queries.list_candidates(db, actor, plan),
        offered=offer_unions(db, actor, LEADING_LEVELS, str(raw.get("lead_union", "")), words),
        is_draft=plan.status is PlanStatus.DRAFT, raw=raw, errors=form.errors if form else {}, message=message,
    )  # fmt: skip
