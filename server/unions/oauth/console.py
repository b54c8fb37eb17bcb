"""To WeChat's page and back.

Where to go afterwards is not said in any address: the way back ends at one fixed page, which asks for the token with
its cookie. So there is nothing to redirect to elsewhere, and no token in addresses, logs or the browser's history.
"""

from typing import cast

from flask import Blueprint, Response, current_app, make_response, redirect, request

from server.core import clock
from server.core.errors import AppError
from server.core.settings import Settings
from server.core.web.access import public
from server.core.web.forms import query_params
from server.core.web.limits import limiter
from server.core.web.unit_of_work import independent_transaction, read_only_session
from server.unions.oauth.actions import (
    HAND_OVER,
    LIFETIME,
    begin_visit,
    come_back,
    is_recognised,
    recognise,
)
from server.unions.oauth.schemas import ReturnQuery
from server.wechat.gateway import WechatGateway

COOKIE = "ssp_oauth"
PREFIX = "/sign-in/wechat"
PAGE = "/h5/#/pages/profile/wechat"

bp = Blueprint("oauth_pages", __name__, url_prefix=PREFIX)


@bp.get("")
@limiter.limit("300/minute")
@public
def set_out() -> Response:
    """Send the browser to WeChat's page."""
    settings = _settings()
    gateway = WechatGateway.of_official_account(settings)
    if request.method != "GET" or not (gateway.is_configured and settings.public_url):
        return _to_page("wechat_not_configured")
    with independent_transaction() as writer:
        visit = begin_visit(writer, now=clock.now())
    there = f"{settings.public_url.rstrip('/')}{PREFIX}/return"
    response = _plain(gateway.oauth_url(there, visit.state, base=settings.wechat_oauth_url))
    set_visit_cookie(response, visit.browser, int((LIFETIME + HAND_OVER).total_seconds()))
    return response


@bp.get("/return")
@limiter.limit("300/minute")
@public
def come_home() -> Response:
    """The browser comes back from WeChat's page with a code and the state that it took along."""
    sent = query_params(ReturnQuery)
    code, state = sent.code, sent.state
    browser, now = request.cookies.get(COOKIE, "")[:200], clock.now()
    if request.method != "GET" or not (state and browser):
        return _to_page("oauth_expired")
    with independent_transaction() as writer:
        visit_id = come_back(writer, state, browser, now=now)
    if visit_id is None:
        with read_only_session() as reader:
            again = is_recognised(reader, state, browser, now=now)
        return _to_page("" if again else "oauth_expired")
    if not code:
        return _to_page("oauth_refused")
    gateway = WechatGateway.of_official_account(_settings())
    try:
        user = gateway.oauth_user(code)  # asks WeChat: between the transactions, not within one
    except AppError as error:
        return _to_page(error.code)
    with independent_transaction() as writer:
        recognise(writer, visit_id, gateway.app_id, user.openid, user.unionid, now=clock.now())
    return _to_page("")


def _to_page(fault: str) -> Response:
    return _plain(f"{PAGE}?fault={fault}" if fault else PAGE)


def _plain(target: str) -> Response:
    """A redirect that nobody keeps."""
    response = make_response(redirect(target, 303))
    response.headers["Cache-Control"] = "no-store"
    return response


def set_visit_cookie(response: Response, value: str, seconds: int) -> None:
    """The cookie that binds a visit to its browser; of no age to forget it."""
    secure = request.is_secure or _settings().public_url.startswith("https://")
    response.set_cookie(COOKIE, value, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=secure)


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])
