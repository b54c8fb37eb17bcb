"""A reviewer's own account: password, second factor, sessions."""

from typing import Annotated
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from markupsafe import Markup
from pydantic import StringConstraints

from server.core import clock
from server.core.audit.queries import AuditFilter, list_entries
from server.core.errors import AppError, Conflict
from server.core.web.access import requires
from server.core.web.forms import form_data
from server.core.web.schemas import AsTyped, Code, In
from server.core.web.unit_of_work import read_only_session, session
from server.unions.accounts.actions import get_account_of, set_password, set_totp_secret
from server.unions.accounts.credentials.passwords import check_strength
from server.unions.accounts.credentials.recovery_codes import (
    count_recovery_codes,
    make_recovery_codes,
    replace_recovery_codes,
)
from server.unions.accounts.models import Account
from server.unions.accounts.sessions.actions import end_session, end_sessions, list_sessions
from server.unions.actor import current_actor
from server.unions.sign_in.attempts.confirming import PasswordForm, Typed, confirm_password
from server.unions.sign_in.requests.authentication import console_idle
from server.unions.sign_in.requests.devices import describe_device
from server.unions.sign_in.schemas import Password
from server.unions.sign_in.second_factor.obligation import is_second_factor_due
from server.unions.sign_in.second_factor.totp import enrolment_svg, matching_step, new_secret

ENROLMENT_SECONDS = 900
CHANGES_SHOWN = 10
CHANGES = {
    "account.created": "开通账号",
    "account.password_set": "设置密码",
    "account.totp_on": "开启动态验证码",
    "account.totp_off": "关闭动态验证码",
    "account.recovery_codes_made": "生成备用码",
    "account.recovery_code_used": "用备用码登录",
    "account.phone_linked": "绑定扫码登录的手机",
    "account.phone_unlinked": "解除扫码登录的手机",
}

bp = Blueprint("account", __name__, url_prefix="/account")  # its templates are found in the sign-in's folder
Answer = str | tuple[str, int] | Response


class ChangePasswordForm(In):
    """The old password, and the new one twice."""

    current: Password
    password: Password
    again: Password


class EnrolForm(In):
    """The code that the app shows for the secret in `enrolment` (signed by us), and the password."""

    current: Typed = ""
    enrolment: Annotated[str, AsTyped(), StringConstraints(max_length=500)]  # signed by us
    code: Annotated[Code, StringConstraints(min_length=1, max_length=12)]


@bp.get("")
@requires("account.own")
def show_account() -> Answer:
    """Password, second factor, where I am signed in."""
    return _account_page({}, None, 200)


@bp.post("/password")
@requires("account.own")
def change_password() -> Answer:
    """Replace the password; every other session ends."""
    actor, now = current_actor(), clock.now()
    form = form_data(ChangePasswordForm)
    if form.value is None:
        return _account_page(form.errors, None, 422)
    if form.value.password != form.value.again:
        return _account_page({"again": "两次输入的密码不一样"}, None, 422)
    try:
        username = confirm_password(form.value.current)
        check_strength(form.value.password, username=username)
    except AppError as error:
        return _account_page(error.fields, error.message, error.status)
    account = get_account_of(session(), actor.person_id)
    set_password(session(), account, form.value.password, good_until=None, actor_id=actor.person_id, now=now)
    end_sessions(session(), actor.person_id, actor_id=actor.person_id, now=now, keep=actor.session_id)
    flash("密码已修改，其他设备上的登录都已退出。")
    return _back()


@bp.post("/sessions/<uuid:session_id>/end")
@requires("account.own")
def end_own_session(session_id: UUID) -> Answer:
    """End one of my sessions."""
    actor = current_actor()
    end_session(session(), session_id, person_id=actor.person_id, actor_id=actor.person_id, now=clock.now())
    flash("已退出那台设备上的登录。")
    return _back()


@bp.post("/sessions/end-others")
@requires("account.own")
def end_other_sessions() -> Answer:
    """End all my sessions but this one."""
    actor = current_actor()
    end_sessions(session(), actor.person_id, actor_id=actor.person_id, now=clock.now(), keep=actor.session_id)
    flash("其他设备上的登录都已退出。")
    return _back()


@bp.get("/totp")
@requires("account.enrol")
def show_enrolment() -> Answer:
    """A fresh secret as a QR code."""
    account = get_account_of(session(), current_actor().person_id)
    if account.totp_secret:
        return _back()
    return _enrolment_page(account, new_secret(), None, 200)


@bp.post("/totp")
@requires("account.enrol")
def enrol() -> Answer:
    """Switch the second factor on once the app shows the right code."""
    actor, now = current_actor(), clock.now()
    form = form_data(EnrolForm)
    with read_only_session() as reader:
        account = get_account_of(reader, actor.person_id)
    if account.totp_secret:
        raise Conflict("动态验证码已经开启了。", code="totp_on_already")
    try:
        value = form.raw.get("enrolment", "")
        person, secret = _enrolments().loads(value, max_age=ENROLMENT_SECONDS)
    except (BadSignature, ValueError):
        flash("二维码已过期，请重新扫描。", "error")
        return make_response(redirect(url_for(".show_enrolment"), 303))
    step = matching_step(secret, form.value.code, now) if form.value and person == actor.person_id.hex else None
    if step is None:
        return _enrolment_page(account, secret, "验证码不对，请输入应用里现在显示的 6 位数字。", 422)
    try:
        confirm_password(form.value.current if form.value else "")
    except AppError as error:
        return _enrolment_page(account, secret, error.message, error.status)
    account = get_account_of(session(), actor.person_id)
    set_totp_secret(session(), account, secret, last_step=step, actor_id=actor.person_id, now=now)
    end_sessions(session(), actor.person_id, actor_id=actor.person_id, now=now, keep=actor.session_id)
    codes = make_recovery_codes(session(), account, actor_id=actor.person_id, now=now)
    return _shown_once(codes, "动态验证码已开启，下次登录时要用。")


@bp.post("/totp/off")
@requires("account.own")
def switch_totp_off() -> Answer:
    """Switch the second factor off; asks for the password."""
    actor = current_actor()
    form = form_data(PasswordForm)
    try:
        confirm_password(form.value.current if form.value else "")
    except AppError as error:
        return _account_page({}, error.message, error.status)
    account = get_account_of(session(), actor.person_id)
    set_totp_secret(session(), account, None, actor_id=actor.person_id, now=clock.now())
    flash("动态验证码已关闭。")
    return _back()


@bp.post("/recovery-codes")
@requires("account.own")
def make_codes_anew() -> Answer:
    """Ten fresh recovery codes in place of those before; asks for the password."""
    actor = current_actor()
    form = form_data(PasswordForm)
    try:
        confirm_password(form.value.current if form.value else "")
    except AppError as error:
        return _account_page({}, error.message, error.status)
    account = get_account_of(session(), actor.person_id)
    codes = replace_recovery_codes(session(), account, actor_id=actor.person_id, now=clock.now())
    return _shown_once(codes, "以前的备用码都已失效。")


def _shown_once(codes: list[str], title: str) -> Response:
    response = make_response(render_template("account/recovery_codes.html", codes=codes, title=title))
    response.headers["Cache-Control"] = "no-store"
    return response


def _account_page(errors: dict[str, str], message: str | None, status: int) -> tuple[str, int]:
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        account = get_account_of(reader, actor.person_id)
        sessions = list_sessions(reader, actor.person_id, now, idle=console_idle())
        mine = AuditFilter(actions=tuple(CHANGES), subject_type="person", subject_id=str(actor.person_id))
        codes_left = count_recovery_codes(reader, actor.person_id)
        changes = list_entries(reader, mine, limit=CHANGES_SHOWN)
    page = render_template(
        "account/account.html",
        account=account,
        codes_left=codes_left,
        sessions=sessions,
        changes=[(CHANGES[entry.action], entry.at, entry.actor_id == actor.person_id) for entry in changes],
        actor=actor,
        errors=errors,
        message=message,
        describe_device=describe_device,
    )
    return page, status


def _enrolment_page(account: Account, secret: str, message: str | None, status: int) -> tuple[str, int]:
    page = render_template(
        "account/totp.html",
        svg=Markup(enrolment_svg(secret, account.username)),  # noqa: S704  (made by us from the secret and the login name)
        secret=secret,
        enrolment=_enrolments().dumps([account.person_id.hex, secret]),
        message=message,
        is_due=is_second_factor_due(current_actor()),
    )
    return page, status


def _enrolments() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="totp enrolment")


def _back() -> Response:
    return make_response(redirect(url_for("sign_in_console.account.show_account"), 303))
