"""To WeChat's page and back, and the token for the H5 page.

Where to go afterwards is not said in any address: the way back ends at one fixed page, which asks for the token with
its cookie. So there is nothing to redirect to elsewhere, and no token in addresses, logs or the browser's history.
"""

from typing import cast

from apiflask import APIBlueprint
from flask import Response, current_app, jsonify, make_response, redirect, request

from server.core import clock
from server.core.errors import AppError, Unauthorized
from server.core.settings import Settings
from server.core.web.access import public
from server.core.web.limits import limiter
from server.core.web.unit_of_work import aside, peek, session
from server.unions.oauth.actions import (
    HAND_OVER,
    LIFETIME,
    begin_visit,
    come_back,
    is_recognised,
    recognise,
    take_visit,
)
from server.unions.people.queries import get_person
from server.unions.sign_in.api import open_worker_session
from server.unions.sign_in.schemas import SessionOut
from server.wechat.gateway import WechatGateway

bp = APIBlueprint("oauth", __name__, url_prefix="/api/v1/sign-in", tag="sign-in")

COOKIE = "ssp_oauth"
PATH = "/api/v1/sign-in"
PAGE = "/h5/#/pages/profile/wechat"


@bp.get("/wechat")
@limiter.limit("300/minute")
@public
@bp.doc(hide=True)
def set_out() -> Response:
    """Send the browser to WeChat's page."""
    settings = _settings()
    gateway = WechatGateway.of_official_account(settings)
    if request.method != "GET" or not (gateway.is_configured and settings.public_url):
        return _to_page("wechat_not_configured")
    with aside() as writer:
        visit = begin_visit(writer, now=clock.now())
    there = f"{settings.public_url.rstrip('/')}{PATH}/wechat/return"
    response = _plain(gateway.oauth_url(there, visit.state, base=settings.wechat_oauth_url))
    _set_cookie(response, visit.browser, int((LIFETIME + HAND_OVER).total_seconds()))
    return response


@bp.get("/wechat/return")
@limiter.limit("300/minute")
@public
@bp.doc(hide=True)
def come_home() -> Response:
    """The browser comes back from WeChat's page with a code and the state that it took along."""
    code, state = request.args.get("code", "")[:200], request.args.get("state", "")[:200]
    browser, now = request.cookies.get(COOKIE, "")[:200], clock.now()
    if request.method != "GET" or not (state and browser):
        return _to_page("oauth_expired")
    with aside() as writer:
        visit_id = come_back(writer, state, browser, now=now)
    if visit_id is None:
        with peek() as reader:
            again = is_recognised(reader, state, browser, now=now)
        return _to_page("" if again else "oauth_expired")
    if not code:
        return _to_page("oauth_refused")
    gateway = WechatGateway.of_official_account(_settings())
    try:
        user = gateway.oauth_user(code)  # asks WeChat: between the transactions, not within one
    except AppError as error:
        return _to_page(error.code)
    with aside() as writer:
        recognise(writer, visit_id, gateway.app_id, user.openid, user.unionid, now=clock.now())
    return _to_page("")


@bp.post("/wechat")
@limiter.limit("300/minute")
@public
@bp.output(SessionOut)
def take_token() -> Response:
    """The token for the browser that has just come back from WeChat, once."""
    now = clock.now()
    person_id = take_visit(session(), request.cookies.get(COOKIE, "")[:200], now=now)
    if person_id is None:
        raise Unauthorized("微信登录超时了，请重新登录。", code="oauth_expired")
    person = get_person(session(), person_id)
    response = make_response(jsonify(open_worker_session(session(), person, now=now).model_dump(mode="json")))
    response.headers["Cache-Control"] = "no-store"
    _set_cookie(response, "", 0)
    return response


def _to_page(fault: str) -> Response:
    return _plain(f"{PAGE}?fault={fault}" if fault else PAGE)


def _plain(target: str) -> Response:
    """A redirect that nobody keeps."""
    response = make_response(redirect(target, 303))
    response.headers["Cache-Control"] = "no-store"
    return response


def _set_cookie(response: Response, value: str, seconds: int) -> None:
    secure = request.is_secure or _settings().public_url.startswith("https://")
    response.set_cookie(COOKIE, value, max_age=seconds, path=PATH, httponly=True, samesite="Lax", secure=secure)


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])
