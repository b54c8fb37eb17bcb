"""The console's side of scanning: the code on the screen, looking whether it was confirmed, and in."""

from functools import partial
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for

from server.core import clock
from server.core.errors import Unauthorized
from server.core.settings import Settings
from server.core.web.access import find_actor, public, requires
from server.core.web.errors import is_htmx
from server.core.web.forms import form_values, posted_or_invalid, query_params
from server.core.web.limits import limiter
from server.core.web.safe_next import safe_next
from server.core.web.unit_of_work import database, independent_transaction, read_only_session, session
from server.unions.accounts.actions import get_account_of
from server.unions.actor import current_actor
from server.unions.people.actions import get_managed
from server.unions.people.queries import get_person
from server.unions.scans.actions import begin_scan, enter_by_scan, finish_link, unlink_phone
from server.unions.scans.codes.pictures import draw_scan_code
from server.unions.scans.models import ScanPurpose
from server.unions.scans.queries import find_scan_of_browser, list_linked_phones
from server.unions.scans.schemas import ShownQuery
from server.unions.sign_in.api import visitor
from server.unions.sign_in.attempts.checking import find_candidate_of
from server.unions.sign_in.attempts.confirming import PasswordForm, confirm_password
from server.unions.sign_in.console import go_on
from server.unions.sign_in.schemas import NextQuery
from server.wechat.gateway import WechatGateway

bp = Blueprint("scans_console", __name__, url_prefix="/console", template_folder="templates")

COOKIE = "ssp_scan"
SECONDS = 180
UNLINKED = "已解除绑定，那部手机不能再扫码登录。"
Answer = str | Response


@bp.get("/sign-in/scan")
@public
def show_scan() -> Answer:
    """The page on which the code will appear; somebody signed in already goes on."""
    wanted = safe_next(query_params(NextQuery).next)
    if find_actor() is not None:
        return make_response(redirect(wanted, 303))
    return render_template("scans/sign_in.html", wanted=wanted)


@bp.post("/sign-in/scan/codes")
@limiter.limit("60/minute")  # one address may be a whole office
@public
def new_code() -> Answer:
    """A fresh code for this browser."""
    return _fresh_code(ScanPurpose.SIGN_IN, None, safe_next(form_values().get("next")))


@bp.get("/sign-in/scan/state")
@public
def show_state() -> Answer:
    """What has become of this browser's code; nothing (204) while that is what the page shows already."""
    with read_only_session() as reader:
        scan = find_scan_of_browser(reader, request.cookies.get(COOKIE, "")[:200], clock.now())
        person = get_person(reader, scan.person_id) if scan is not None and scan.person_id else None
    state = scan.state.value if scan is not None else "expired"
    shown = query_params(ShownQuery)
    if state == shown.shown:
        return make_response("", 204)
    purpose = scan.purpose.value if scan is not None else shown.purpose
    wanted = scan.wanted if scan is not None else ""
    return render_template("scans/_state.html", state=state, purpose=purpose, wanted=wanted, person=person)


@bp.post("/sign-in/scan/enter")
@public
def enter() -> Answer:
    """In, once, where the phone has confirmed: to the second factor where one is due."""
    now = clock.now()
    scan = enter_by_scan(session(), request.cookies.get(COOKIE, "")[:200], now=now)
    candidate = find_candidate_of(session(), scan.account_id) if scan is not None and scan.account_id else None
    if scan is None or candidate is None or candidate.must_change_password:
        raise Unauthorized("登录超时了，请重新扫码。", code="scan_expired")
    answer = make_response(go_on(candidate, passed_code=False, wanted=scan.wanted, now=now))
    if is_htmx():
        answer.headers["HX-Redirect"] = answer.headers["Location"]
        answer.status_code = 200
    answer.delete_cookie(COOKIE, path="/console")
    return answer


@bp.get("/account/phones")
@requires("account.own")
def show_phones() -> Answer:
    """Which phones may sign in to my account by scanning."""
    with read_only_session() as reader:
        account = get_account_of(reader, current_actor().person_id)
        phones = list_linked_phones(reader, account.person_id)
    return render_template("scans/phones.html", phones=phones, account=account, unlink_url=_unlink_url)


def _unlink_url(person_id: UUID) -> str:
    return url_for("scans_console.unlink", person_id=person_id)


@bp.post("/account/phones/codes")
@limiter.limit("60/minute")
@requires("account.own")
def new_link_code() -> Answer:
    """A code that links the phone that scans it to my account; asks for the password."""
    confirm_password(posted_or_invalid(PasswordForm).current)
    return _fresh_code(ScanPurpose.LINK, current_actor().person_id, "")


@bp.post("/account/phones/links")
@requires("account.own")
def finish() -> Answer:
    """Yes, that is my phone."""
    browser = request.cookies.get(COOKIE, "")[:200]
    if finish_link(session(), browser, account_id=current_actor().person_id, now=clock.now()):
        flash("手机已绑定，以后可以用它扫码登录。")
    else:
        flash("绑定超时了，请重新扫码。", "error")
    return make_response(redirect(url_for(".show_phones"), 303))


@bp.post("/account/phones/<uuid:person_id>/unlink")
@requires("account.own")
def unlink(person_id: UUID) -> Answer:
    """A phone may not sign in any more."""
    mine = current_actor().person_id
    unlink_phone(session(), person_id, account_id=mine, actor_id=mine, now=clock.now())
    flash(UNLINKED)
    return make_response(redirect(url_for(".show_phones"), 303))


@bp.get("/people/<uuid:account_id>/phones")
@requires("person.edit")
def show_phones_of(account_id: UUID) -> Answer:
    """Which phones may sign in to the account of somebody whom I manage."""
    with read_only_session() as reader:
        person = get_managed(reader, account_id, current_actor())
        account, phones = get_account_of(reader, account_id), list_linked_phones(reader, account_id)
    unlink_url = partial(url_for, "scans_console.unlink_of", account_id=account_id)
    return render_template(
        "scans/phones_of.html", phones=phones, account=account, person=person,
        unlink_url=lambda person_id: unlink_url(person_id=person_id),
    )  # fmt: skip


@bp.post("/people/<uuid:account_id>/phones/<uuid:person_id>/unlink")
@requires("person.edit")
def unlink_of(account_id: UUID, person_id: UUID) -> Answer:
    """Somebody whom I manage has lost a phone, or a stranger's is linked."""
    actor = current_actor()
    get_managed(session(), account_id, actor)
    unlink_phone(session(), person_id, account_id=account_id, actor_id=actor.person_id, now=clock.now())
    flash(UNLINKED)
    return make_response(redirect(url_for(".show_phones_of", account_id=account_id), 303))


def _fresh_code(purpose: ScanPurpose, account_id: UUID | None, wanted: str) -> Response:
    settings = cast(Settings, current_app.extensions["settings"])
    with independent_transaction() as writer:
        scan = begin_scan(writer, purpose, account_id=account_id, visitor=visitor(), wanted=wanted, now=clock.now())
    gateway = WechatGateway.from_settings(settings, database())
    picture = draw_scan_code(scan.code, gateway, settings.public_url or request.host_url)  # may ask WeChat
    response = make_response(
        render_template("scans/_state.html", state="waiting", purpose=purpose.value, wanted=wanted, picture=picture)
    )
    response.set_cookie(
        COOKIE,
        scan.browser,
        max_age=SECONDS,
        path="/console",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure or settings.public_url.startswith("https://"),
    )
    response.headers["Cache-Control"] = "no-store"
    return response
