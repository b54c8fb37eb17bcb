"""Workers sign in with WeChat's login code and get a bearer token."""

from datetime import datetime, timedelta
from typing import cast

from apiflask import APIBlueprint
from flask import Response, current_app, make_response, request
from sqlalchemy.orm import Session

from server.core import clock
from server.core.db import settings_of
from server.core.errors import Forbidden
from server.core.settings import Settings
from server.core.web.access import public, requires
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session
from server.unions.accounts.models import Door
from server.unions.accounts.sessions.actions import Visitor, end_session, start_session
from server.unions.actor import current_actor
from server.unions.people.models import Person
from server.unions.people.profile.actions import admit_wechat_user
from server.unions.people.queries import describe_me
from server.unions.sign_in.attempts import demo_door
from server.unions.sign_in.requests.authentication import note_session_seen
from server.unions.sign_in.schemas import SessionIn, SessionOut, SignInWays
from server.wechat.gateway import WechatGateway

bp = APIBlueprint("sign_in", __name__, url_prefix="/api/v1", tag="sign-in")
bp.after_app_request(note_session_seen)


@bp.post("/session")
@limiter.limit("300/minute")  # for one address, behind which a whole factory may sit
@public
@bp.input(SessionIn, arg_name="body")
@bp.output(SessionOut)
def create_session(body: SessionIn) -> SessionOut:
    """Exchange a login code for a token. A first-time worker is admitted without name, phone and enterprise."""
    settings = cast(Settings, current_app.extensions["settings"])
    app_id, openid, unionid = _identify(body.code, settings)  # asks WeChat: before the transaction, not within it
    now = clock.now()
    person = admit_wechat_user(session(), app_id, openid, unionid, now=now)
    return open_worker_session(session(), person, now=now)


@bp.get("/sign-in/ways")
@public
@bp.output(SignInWays)
def list_ways() -> SignInWays:
    """How one may sign in from here, outside of the mini program."""
    settings = cast(Settings, current_app.extensions["settings"])
    try:
        check_demo_here(settings)
        demo = True
    except Forbidden:
        demo = False
    sms = settings.sms_provider == "https" or (settings.sms_provider == "log" and demo)
    return SignInWays(wechat=bool(settings.official_account_app_id and settings.public_url), sms=sms, demo=demo)


@bp.delete("/session")
@requires("session.end")
@bp.output({}, status_code=204)
def delete_session() -> Response:
    """End the session of the token that came with the request."""
    actor = current_actor()
    end_session(session(), actor.session_id, person_id=actor.person_id, actor_id=actor.person_id, now=clock.now())
    return make_response("", 204)


def visitor() -> Visitor:
    """The device at the other end of this request."""
    return Visitor(address=request.remote_addr or "", user_agent=request.user_agent.string)


def open_worker_session(session: Session, person: Person, *, now: datetime) -> SessionOut:
    """A bearer token for somebody who has just proved who they are. Raises Forbidden if they may not sign in."""
    if not person.is_active:
        raise Forbidden("你的账号已停用，请联系所在工会。", code="person_inactive")
    lifetime = timedelta(days=settings_of(session).worker_token_days)
    started = start_session(session, person.id, door=Door.API, visitor=visitor(), now=now, lifetime=lifetime)
    return SessionOut(token=started.token, expires_at=started.expires_at, person=describe_me(session, person))


def check_demo_here(settings: Settings) -> None:
    """Raise Forbidden `demo_sign_in_off` unless the demo is on and this request was made on this machine."""
    demo_door.check_demo_allowed(
        enabled=settings.demo_sign_in,
        remote_addr=request.remote_addr,
        host=request.host,
        headers=request.headers.keys(),
    )


def _identify(code: str, settings: Settings) -> tuple[str, str, str | None]:
    """App id, openid and unionid behind a login code. Raises what the gateway and the demo door raise."""
    if demo_door.is_demo_code(code):
        check_demo_here(settings)
        return demo_door.APP_ID, demo_door.demo_openid(code), None
    gateway = WechatGateway.from_settings(settings)
    if not gateway.is_configured:
        raise Forbidden("微信登录还没有配置好，请联系管理员。", code="wechat_not_configured")
    known = gateway.code_to_session(code)
    return gateway.app_id, known.openid, known.unionid
