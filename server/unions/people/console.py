"""Reviewers look after the people of their subtree."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session

from server.core import clock
from server.core.audit.actions import record
from server.core.errors import AppError
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, posted_or_invalid, query_params, union_words
from server.core.web.limits import limiter
from server.core.web.unit_of_work import independent_transaction, read_only_session, session
from server.unions.accounts.actions import find_account_of
from server.unions.accounts.sessions.expiry import one_time_until
from server.unions.actor import Actor, current_actor, in_scope
from server.unions.people import actions
from server.unions.people.models import PhoneSource
from server.unions.people.permissions import MANAGERS, PERMISSIONS
from server.unions.people.queries import get_person_in_scope, is_in_scope, list_other_workplaces, list_posts
from server.unions.people.rules import PHONE_SOURCES, grantable_roles, mask_phone, may_grant, may_manage
from server.unions.people.schemas import (
    AccountIn,
    GrantIn,
    PersonActiveIn,
    PersonEditIn,
    RoleQuery,
    UsernameIn,
)
from server.unions.roles import CONSOLE, ROLE_LEVEL, Role
from server.unions.tree.lookup.picking import UnionField, offer_unions
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union

bp = Blueprint("people_console", __name__, url_prefix="/console", template_folder="templates")

Answer = str | tuple[str, int] | Response


@bp.get("/people/<uuid:person_id>")
@requires("person.read")
def show_person(person_id: UUID) -> Answer:
    """One person: data, roles, account. The phone number is masked."""
    return _person_page(person_id)


@bp.get("/people/<uuid:person_id>/phone")
@requires("person.read_private")
@limiter.limit("60/hour")
def show_phone(person_id: UUID) -> Answer:
    """The same page with the phone number in full; who looked is kept."""
    with independent_transaction() as writer:
        get_person_in_scope(writer, person_id, current_actor())
        record(
            writer,
            "person.private_viewed",
            subject_type="person",
            subject_id=person_id,
            actor_id=current_actor().person_id,
            at=clock.now(),
            detail={"fields": ["phone"]},
        )
    page, _ = _person_page(person_id, reveal=True)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/people/<uuid:person_id>")
@requires("person.edit")
def edit_person(person_id: UUID) -> Answer:
    """Save name, phone and enterprise."""
    form = form_data(PersonEditIn)
    if form.value is None:
        return _person_page(person_id, raw=form.raw, errors=form.errors, status=422)
    try:
        actions.update_person(
            session(), person_id, form.value, version=form.value.version, actor=current_actor(), now=clock.now()
        )
    except AppError as error:
        if error.status not in (404, 409, 422):
            raise
        return _person_page(person_id, raw=form.raw, errors=error.fields, message=error.message, status=error.status)
    flash("已保存。")
    return _to(person_id)


@bp.post("/people/<uuid:person_id>/active")
@requires("person.edit")
def set_active(person_id: UUID) -> Answer:
    """Shut somebody out, or let them in again."""
    form = posted_or_invalid(PersonActiveIn)
    actions.set_person_active(
        session(), person_id, form.active, version=form.version, actor=current_actor(), now=clock.now()
    )
    flash("已重新启用。" if form.active else "已停用，此人的登录都已退出。")
    return _to(person_id)


@bp.post("/people/<uuid:person_id>/roles")
@requires("person.grant")
def grant_role(person_id: UUID) -> Answer:
    """Give a role."""
    form = form_data(GrantIn)
    if union_words() is not None:
        return _person_page(person_id, grant=form.raw)
    if form.value is None:
        return _person_page(person_id, grant=form.raw, message="请选择角色和工会。", status=422)
    wanted = form.value
    try:
        actions.grant_role(session(), person_id, wanted.role, wanted.union_id, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        return _person_page(person_id, grant=form.raw, message=error.message, status=error.status)
    flash("已授予角色。")
    return _to(person_id)


@bp.post("/people/<uuid:person_id>/roles/<uuid:post_id>/revoke")
@requires("person.grant")
def revoke_role(person_id: UUID, post_id: UUID) -> Answer:
    """Take a role away."""
    actions.revoke_role(session(), person_id, post_id, actor=current_actor(), now=clock.now())
    flash("已撤销角色。")
    if _still_visible(person_id):
        return _to(person_id)
    return make_response(redirect("/console/people", 303))  # without the role they have left the caller's scope


@bp.post("/people/<uuid:person_id>/sessions/end")
@requires("person.edit")
def end_sessions(person_id: UUID) -> Answer:
    """End all sessions of somebody."""
    actions.end_all_sessions(session(), person_id, actor=current_actor(), now=clock.now())
    flash("此人的登录都已退出。")
    return _to(person_id)


@bp.post("/people/<uuid:person_id>/totp/off")
@requires("person.edit")
def switch_totp_off(person_id: UUID) -> Answer:
    """Help somebody who lost the phone with the codes."""
    actions.switch_totp_off(session(), person_id, actor=current_actor(), now=clock.now())
    flash("已关闭动态验证码，请提醒本人重新开启。")
    return _to(person_id)


@bp.post("/people/<uuid:person_id>/password")
@requires("person.edit")
def reset_password(person_id: UUID) -> Answer:
    """A one-time password, shown once."""
    now = clock.now()
    return _shown_once(
        actions.reset_password(session(), person_id, good_until=one_time_until(now), actor=current_actor(), now=now)
    )


@bp.post("/people/<uuid:person_id>/account")
@requires("person.edit")
def open_account(person_id: UUID) -> Answer:
    """An account for somebody who has none."""
    form, now = posted_or_invalid(UsernameIn), clock.now()
    created = actions.open_account(
        session(), person_id, form.username, good_until=one_time_until(now), actor=current_actor(), now=now
    )
    return _shown_once(created)


@bp.get("/people/new")
@requires("person.edit")
def show_new_reviewer() -> Answer:
    """First the role and the union, then who."""
    return _new_page({}, {}, None, 200)


@bp.post("/people/new")
@requires("person.edit")
def create_reviewer() -> Answer:
    """A new account with a role; its one-time password is shown once."""
    form, now = form_data(AccountIn), clock.now()
    if union_words() is not None:
        return _new_page(form.raw, {}, None, 200)
    if form.value is None:
        return _new_page(form.raw, form.errors, None, 422)
    try:
        created = actions.create_reviewer(
            session(), form.value, good_until=one_time_until(now), actor=current_actor(), now=now
        )
    except AppError as error:
        return _new_page(form.raw, error.fields, error.message, error.status)
    return _shown_once(created)


def _shown_once(created: actions.NewAccount) -> Response:
    response = make_response(render_template("people/password.html", created=created))
    response.headers["Cache-Control"] = "no-store"
    return response


def _still_visible(person_id: UUID) -> bool:
    try:
        get_person_in_scope(session(), person_id, current_actor())
    except AppError:
        return False
    return True


def _person_page(
    person_id: UUID,
    *,
    raw: dict[str, object] | None = None,
    errors: dict[str, str] | None = None,
    message: str | None = None,
    status: int = 200,
    reveal: bool = False,
    grant: Mapping[str, object] = MappingProxyType({}),
) -> tuple[str, int]:
    actor = current_actor()
    with read_only_session() as reader:
        person = get_person_in_scope(reader, person_id, actor)
        posts = list_posts(reader, [person_id]).get(person_id, [])
        role, roles = asked_role(grant), grantable_roles(actor)
        account = find_account_of(reader, person_id)
        page = render_template(
            "people/person.html",
            person=person,
            posts=posts,
            raw=raw or {},
            errors=errors or {},
            message=message,
            phone=person.phone if reveal else mask_phone(person.phone),
            revealed=reveal,
            phone_source=PHONE_SOURCES[person.phone_source],
            unproved=account is None and (not person.phone or person.phone_source is PhoneSource.TYPED),
            enterprise=get_union(reader, person.enterprise_id) if person.enterprise_id else None,
            also_at=list_other_workplaces(reader, person_id, in_scope(actor, Union, CONSOLE)),
            account=account,
            manageable=may_manage(actor, posts) and is_in_scope(reader, person_id, actor, MANAGERS),
            may_read_phone=is_in_scope(reader, person_id, actor, PERMISSIONS["person.read_private"]),
            revocable={post.id for post in posts if may_grant(actor, post.role, post.union)},
            roles=roles,
            role=role,
            actor=actor,
            unions=_unions_for(reader, actor, role, grant) if roles else None,
        )
    return page, status


def asked_role(posted: Mapping[str, object]) -> Role:
    """Which role the page is asked to offer: as posted, else as in its address."""
    form = Form(RoleQuery, {"role": posted["role"]} if "role" in posted else {})
    role = form.value.role if "role" in posted and form.value else query_params(RoleQuery).role
    roles = grantable_roles(current_actor())
    return role if role in roles or not roles else roles[0]


def _unions_for(reader: Session, actor: Actor, role: Role, posted: Mapping[str, object]) -> UnionField:
    return offer_unions(reader, actor, {ROLE_LEVEL[role]}, str(posted.get("union_id", "")), union_words())


def _new_page(raw: dict[str, object], errors: dict[str, str], message: str | None, status: int) -> tuple[str, int]:
    actor, role = current_actor(), asked_role(raw)
    with read_only_session() as reader:
        unions = _unions_for(reader, actor, role, raw)
    page = render_template(
        "people/new.html",
        raw=raw,
        errors=errors,
        message=message,
        role=role,
        roles=grantable_roles(actor),
        unions=unions,
    )
    return page, status


def _to(person_id: UUID) -> Response:
    return make_response(redirect(url_for(".show_person", person_id=person_id), 303))
