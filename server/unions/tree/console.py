"""Reviewers browse the tree and keep it up to date."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session

from server.core import clock
from server.core.audit.actions import record
from server.core.errors import AppError, Forbidden
from server.core.web.access import requires
from server.core.web.forms import (
    Form,
    form_data,
    form_values,
    posted_or_invalid,
    posted_version,
    query_params,
    union_words,
)
from server.core.web.unit_of_work import independent_transaction, read_only_session, session
from server.unions.actor import Actor, current_actor
from server.unions.roles import Level
from server.unions.tree import actions
from server.unions.tree.lookup.picking import UnionField, offer_unions
from server.unions.tree.models import Union
from server.unions.tree.queries import describe_traits, find_area_text, get_union_in_scope, list_ancestors
from server.unions.tree.rules import (
    LEVEL_NAMES,
    NEW_NAMES,
    PARENT_LEVELS,
    editable_fields,
    fields_for,
    is_above,
    may_answer_traits,
    may_give_invite_code,
    new_levels,
)
from server.unions.tree.schemas import ActiveIn, MoveIn, NewUnionIn, NewUnionQuery, TraitsIn, UnionIn
from server.unions.tree.texts import AFFILIATION_NAMES, OWNERSHIP_NAMES, SIZE_NAMES

bp = Blueprint("unions_console", __name__, url_prefix="/console", template_folder="templates")

Answer = str | tuple[str, int] | Response
WORDS = {
    "LEVEL_NAMES": LEVEL_NAMES,
    "NEW_NAMES": NEW_NAMES,
    "OWNERSHIP_NAMES": OWNERSHIP_NAMES,
    "SIZE_NAMES": SIZE_NAMES,
    "AFFILIATION_NAMES": AFFILIATION_NAMES,
}


@bp.get("/unions/<uuid:union_id>")
@requires("union.read")
def show_union(union_id: UUID) -> Answer:
    """One union: its data, to edit as far as one may."""
    return _union_page(union_id, {}, {}, None, 200)


@bp.post("/unions/<uuid:union_id>")
@requires("union.edit")
def edit_union(union_id: UUID) -> Answer:
    """Save the data."""
    form = form_data(UnionIn, drop=("version",))
    version = posted_version()
    if form.value is None:
        return _union_page(union_id, form.raw, form.errors, None, 422)
    try:
        actions.update_union(session(), union_id, form.value, version=version, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _union_page(union_id, form.raw, error.fields, error.message, error.status)
    flash("已保存。")
    return _to(union_id)


@bp.get("/unions/new")
@requires("union.create")
def show_new_union() -> Answer:
    """An empty form below `under`."""
    wanted = query_params(NewUnionQuery)
    return _new_page(_parent(wanted.under), wanted.level, {}, {}, None, 200)


@bp.post("/unions/new")
@requires("union.create")
def create_union() -> Answer:
    """Add a union."""
    form = form_data(NewUnionIn)
    if form.value is None:
        named = Form(NewUnionQuery, {"under": form.raw.get("parent_id"), "level": form.raw.get("level")})
        wanted = named.value or NewUnionQuery()
        return _new_page(_parent(wanted.under), wanted.level, form.raw, form.errors, None, 422)
    try:
        union = actions.create_union(session(), form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        parent = _parent(form.value.parent_id)
        return _new_page(parent, form.value.level, form.raw, error.fields, error.message, error.status)
    flash("已新建。")
    return _to(union.id)


@bp.post("/unions/<uuid:union_id>/move")
@requires("union.move")
def move_union(union_id: UUID) -> Answer:
    """Hang a union under another parent."""
    form = form_data(MoveIn)
    chosen = str(form.raw.get("parent_id", ""))
    if union_words() is not None:
        return _union_page(union_id, {}, {}, None, 200, new_parent=chosen)
    if form.value is None:
        return _union_page(union_id, {}, {}, "请选择新的上级。", 422, new_parent=chosen)
    wanted = form.value
    try:
        actions.move_union(
            session(), union_id, wanted.parent_id, version=wanted.version, actor=current_actor(), now=clock.now()
        )
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        return _union_page(union_id, {}, {}, error.message, error.status, new_parent=chosen)
    flash("已移到新的上级。")
    return _to(union_id)


@bp.post("/unions/<uuid:union_id>/active")
@requires("union.edit")
def set_active(union_id: UUID) -> Answer:
    """Take a union out of use, or back."""
    form = posted_or_invalid(ActiveIn)
    actions.set_active(session(), union_id, form.active, version=form.version, actor=current_actor(), now=clock.now())
    flash("已重新启用。" if form.active else "已停用。")
    return _to(union_id)


@bp.post("/unions/<uuid:union_id>/traits")
@requires("union.traits")
def answer_traits(union_id: UUID) -> Answer:
    """Say what an enterprise has and has not; what is left open stays open."""
    said = {code: word == "yes" for code, word in form_values().items() if word in ("yes", "no")}
    body = Form(TraitsIn, {"answers": said}).require()
    is_new = actions.answer_traits(session(), union_id, body.answers, actor=current_actor(), now=clock.now())
    flash("企业情况已保存。" if is_new else "企业情况没有变化。")
    return _to(union_id)


@bp.post("/unions/<uuid:union_id>/invite-code")
@requires("union.edit")
def renew_invite_code(union_id: UUID) -> Answer:
    """A new invite code."""
    actions.renew_invite_code(session(), union_id, actor=current_actor(), now=clock.now())
    flash("邀请码已更换，旧的不能再用。")
    return _to(union_id)


def _union_page(
    union_id: UUID, raw: dict[str, object], errors: dict[str, str], message: str | None, status: int,
    *, new_parent: str | None = None,
) -> tuple[str, int]:  # fmt: skip
    actor = current_actor()
    with read_only_session() as reader:
        union = get_union_in_scope(reader, union_id, actor)
        editable = editable_fields(actor, union)
        if union.safety_officer_phone and "safety_officer_phone" in editable and not raw:
            _note_view(union)
        movable = union.level in (Level.TOWN, Level.ENTERPRISE) and is_above(actor, union)
        page = render_template(
            "unions/union.html",
            union=union,
            raw=raw,
            errors=errors,
            message=message,
            shown=_shown(raw, union),
            area=find_area_text(reader, union),
            way=list_ancestors(reader, union, actor),
            editable=editable,
            fields=fields_for(union.level),
            traits=describe_traits(reader, union_id, actor) if may_answer_traits(actor, union) else None,
            may_give_code=may_give_invite_code(actor, union),
            parents=_parents(reader, union, actor, new_parent) if movable else None,
            **WORDS,
        )
    return page, status


def _parents(reader: Session, union: Union, actor: Actor, chosen: str | None) -> UnionField:
    """Where a town or an enterprise may be moved to."""
    chosen_id = union.parent_id if chosen is None else chosen
    return offer_unions(reader, actor, PARENT_LEVELS[union.level], chosen_id, union_words())


def _shown(raw: dict[str, object], union: Union) -> Callable[[str], object]:
    """What stands in a field: what was posted, else what is stored."""
    return lambda name: raw.get(name, "") if raw else getattr(union, name)


def _note_view(union: Union) -> None:
    """The form shows the safety officer's number in full."""
    with independent_transaction() as writer:
        record(
            writer,
            "union.private_viewed",
            subject_type="union",
            subject_id=union.id,
            actor_id=current_actor().person_id,
            at=clock.now(),
            detail={"fields": ["safety_officer_phone"]},
        )


def _new_page(
    parent: Union, level: Level | None, raw: dict[str, object], errors: dict[str, str], message: str | None, status: int
) -> tuple[str, int]:
    levels = new_levels(parent, current_actor())
    if not levels:
        raise Forbidden("您不能在这里新建工会。")
    chosen = next((one for one in levels if one is level), levels[0])
    page = render_template(
        "unions/new.html",
        parent=parent,
        level=chosen,
        levels=levels,
        errors=errors,
        message=message,
        shown=_shown(raw or {"name": ""}, parent),
        fields=fields_for(chosen) - {"is_active"},
        **WORDS,
    )
    return page, status


def _parent(union_id: UUID | None) -> Union:
    if union_id is None:
        raise AppError("没有说明在哪个工会下面新建。", status=404, code="union_not_found")
    with read_only_session() as reader:
        return get_union_in_scope(reader, union_id, current_actor())


def _to(union_id: UUID) -> Response:
    return make_response(redirect(url_for(".show_union", union_id=union_id), 303))
