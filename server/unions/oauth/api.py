"""The token for the H5 page that has come back from WeChat's page."""

from apiflask import APIBlueprint
from flask import Response, jsonify, make_response, request

from server.core import clock
from server.core.errors import Unauthorized
from server.core.web.access import public
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session
from server.unions.oauth.actions import take_visit
from server.unions.oauth.console import COOKIE, set_visit_cookie
from server.unions.sign_in.api import open_worker_session
from server.unions.sign_in.schemas import SessionOut

bp = APIBlueprint("oauth", __name__, url_prefix="/api/v1/sign-in", tag="sign-in")


@bp.post("/wechat")
@limiter.limit("300/minute")
@public
@bp.output(SessionOut)
def take_token() -> Response:
    """The token for the browser that has just come back from WeChat, once."""
    now = clock.now()
    person = take_visit(session(), request.cookies.get(COOKIE, "")[:200], now=now)
    if person is None:
        raise Unauthorized("微信登录超时了，请重新登录。", code="oauth_expired")
    response = make_response(jsonify(open_worker_session(session(), person, now=now).model_dump(mode="json")))
    response.headers["Cache-Control"] = "no-store"
    set_visit_cookie(response, "", 0)
    return response
