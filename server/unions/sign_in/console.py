"""Reviewers sign in and out: name and password, then the code or a new password where one is due."""

from datetime import datetime, timedelta
from typing import Annotated, cast

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from pydantic import StringConstraints
from sqlalchemy import update

from server.core import clock
from server.core.audit.actions import record
from server.core.errors import AppError
from server.core.settings import Settings
from server.core.web.access import find_actor, public
from server.core.web.forms import form_data, form_values, query_params
from server.core.web.safe_next import safe_next
from server.core.web.schemas import Code, In
from server.core.web.unit_of_work import independent_transaction, read_only_session, session
from server.unions.accounts.actions import get_account_of, set_password
from server.unions.accounts.credentials.passwords import check_strength, hash_password, needs_rehash, verify_password
from server.unions.accounts.models import Account, Door
from server.unions.accounts.sessions.actions import end_session, end_sessions, start_session
from server.unions.actor import Actor
from server.unions.sign_in.account import account_pages
from server.unions.sign_in.api import visitor
from server.unions.sign_in.attempts.checking import Candidate, check_code, check_password
from server.unions.sign_in.attempts.origins import find_origin, remember_device
from server.unions.sign_in.requests.authentication import COOKIE_PATH, SESSION_COOKIE
from server.unions.sign_in.schemas import NextQuery, Password
from server.unions.sign_in.second_factor import pending
from server.unions.throttle.actions import forgive_attempts

bp = Blueprint("sign_in_console", __name__, url_prefix="/console", template_folder="templates")
bp.register_blueprint(account_pages.bp)

Answer = str | Response | tuple[str, int]


class SignInForm(In):
    """Name and password."""

    username: Annotated[Code, StringConstraints(min_length=1, max_length=40)]
    password: Password


class CodeForm(In):
    """A code of the second factor, or a recovery code."""

    code: Annotated[Code, StringConstraints(min_length=1, max_length=40)]


class NewPasswordForm(In):
    """A new password, typed twice."""

    password: Password
    again: Password


@bp.get("/sign-in")
@public
def show_sign_in() -> Answer:
    """The form; somebody signed in already goes on."""
    wanted = safe_next(query_params(NextQuery).next)
    if find_actor() is not None:
        return make_response(redirect(wanted, 303))
    return render_template("sign_in/sign_in.html", wanted=wanted, errors={}, username="", message=None)


@bp.post("/sign-in")
@public
def sign_in() -> Answer:
    """Check name and password."""
    wanted = safe_next(form_values().get("next"))
    form = form_data(SignInForm, drop=("next",))
    now = clock.now()

    def again(errors: dict[str, str], message: str | None, status: int) -> Answer:
        page = render_template(
            "sign_in/sign_in.html", wanted=wanted, errors=errors, message=message, username=form.raw.get("username", "")
        )
        return page, status

    if form.value is None:
        return again(form.errors, None, 422)
    try:
        candidate = check_password(form.value.username, form.value.password, now)
    except AppError as error:
        return again({}, error.message, error.status)
    if needs_rehash(candidate.password_hash):
        _rehash(candidate, form.value.password)
    return go_on(candidate, passed_code=False, wanted=wanted, now=now)


@bp.get("/sign-in/code")
@public
def show_code() -> Answer:
    """Ask for the code."""
    with read_only_session() as reader:
        pending.resume(reader, clock.now())
    return render_template("sign_in/code.html", message=None)


@bp.post("/sign-in/code")
@public
def give_code() -> Answer:
    """Check the code."""
    now = clock.now()
    with read_only_session() as reader:
        candidate, _, wanted = pending.resume(reader, now)
    form = form_data(CodeForm)
    if form.value is None:
        return render_template("sign_in/code.html", message="请输入 6 位数字的验证码，或者一个备用码。"), 422
    try:
        check_code(candidate, form.value.code, now)
    except AppError as error:
        return render_template("sign_in/code.html", message=error.message), error.status
    return go_on(candidate, passed_code=True, wanted=wanted, now=now)


@bp.get("/sign-in/new-password")
@public
def show_new_password() -> Answer:
    """Ask for a password of one's own in place of the one-time password."""
    with read_only_session() as reader:
        pending.resume(reader, clock.now())
    return render_template("sign_in/new_password.html", message=None)


@bp.post("/sign-in/new-password")
@public
def give_new_password() -> Answer:
    """Set the new password and go on."""
    now = clock.now()
    with read_only_session() as reader:
        candidate, passed_code, wanted = pending.resume(reader, now)
    if candidate.totp_secret and not passed_code:
        return make_response(redirect(url_for(".show_code"), 303))
    if not candidate.must_change_password:
        return make_response(redirect(url_for(".show_sign_in"), 303))
    form = form_data(NewPasswordForm)
    try:
        if form.value is None or form.value.password != form.value.again:
            raise AppError("两次输入的密码不一样，请重新输入。", status=422)
        check_strength(form.value.password, username=candidate.username)
        if verify_password(candidate.password_hash, form.value.password):
            raise AppError("新密码不能和一次性密码相同。", status=422)
    except AppError as error:
        return render_template("sign_in/new_password.html", message=error.message), error.status
    account = get_account_of(session(), candidate.person_id)
    set_password(session(), account, form.value.password, good_until=None, actor_id=account.person_id, now=now)
    end_sessions(session(), candidate.person_id, actor_id=candidate.person_id, now=now)
    return _enter(candidate, wanted, now)


@bp.post("/sign-out")
@public
def sign_out() -> Answer:
    """End the session of this browser."""
    actor = cast(Actor | None, find_actor())
    if actor is not None:
        end_session(session(), actor.session_id, person_id=actor.person_id, actor_id=actor.person_id, now=clock.now())
    pending.forget()
    response = make_response(redirect(url_for(".show_sign_in"), 303))
    response.delete_cookie(SESSION_COOKIE, path=COOKIE_PATH)
    return response


def go_on(candidate: Candidate, *, passed_code: bool, wanted: str, now: datetime) -> Answer:
    """The next check that is due, or in."""
    if candidate.totp_secret and not passed_code:
        pending.remember(candidate, passed_code=False, wanted=wanted, now=now)
        return make_response(redirect(url_for("sign_in_console.show_code"), 303))
    if candidate.must_change_password:
        pending.remember(candidate, passed_code=passed_code, wanted=wanted, now=now)
        return make_response(redirect(url_for("sign_in_console.show_new_password"), 303))
    return _enter(candidate, wanted, now)


def _enter(candidate: Candidate, wanted: str, now: datetime) -> Response:
    """Start a fresh session, end the one this browser had, and let the device be known from now on."""
    settings = cast(Settings, current_app.extensions["settings"])
    origin, before = find_origin(candidate.person_id), cast(Actor | None, find_actor())
    if before is not None:
        end_session(session(), before.session_id, person_id=before.person_id, actor_id=before.person_id, now=now)
    for subject in (f"account:{candidate.username}", f"totp:{candidate.person_id.hex}"):
        forgive_attempts(session(), subject=subject, origin=origin.key)
    lifetime = timedelta(hours=settings.console_session_hours)
    started = start_session(
        session(), candidate.person_id, door=Door.CONSOLE, visitor=visitor(), lifetime=lifetime, now=now
    )
    record(
        session(),
        "sign_in.succeeded",
        subject_type="person",
        subject_id=candidate.person_id,
        actor_id=candidate.person_id,
        at=now,
        detail={"known_device": origin.known},
    )
    pending.forget()
    secure = request.is_secure or settings.public_url.startswith("https://")
    response = make_response(redirect(wanted, 303))
    response.set_cookie(
        SESSION_COOKIE,
        started.token,
        max_age=int(lifetime.total_seconds()),
        path=COOKIE_PATH,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )
    remember_device(response, candidate.person_id, secure=secure)
    return response


def _rehash(candidate: Candidate, password: str) -> None:
    """Keep the password with today's parameters. Not a change of the account: pending sign-ins stay good."""
    with independent_transaction() as writer:
        writer.execute(
            update(Account)
            .where(Account.person_id == candidate.person_id, Account.password_hash == candidate.password_hash)
            .values(password_hash=hash_password(password))
        )
