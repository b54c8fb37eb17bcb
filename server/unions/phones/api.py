"""JSON for the worker's side: signing in by a code in a short message, and the phone number by WeChat's button."""

from typing import cast

from apiflask import APIBlueprint
from flask import Response, current_app, jsonify, make_response

from server.core import clock
from server.core.errors import AppError, Forbidden, Unauthorized
from server.core.settings import Settings
from server.core.web.access import public, requires
from server.core.web.limits import limiter
from server.core.web.unit_of_work import database, independent_transaction, session
from server.unions.actor import current_actor
from server.unions.people.queries import describe_me
from server.unions.people.schemas import Me
from server.unions.phones.actions import (
    admit_phone_user,
    begin_code,
    check_may_send,
    drop_code,
    keep_proved_phone,
    record_wrong_code,
    use_code,
)
from server.unions.phones.codes.devices import find_phone_origin, remember_phone
from server.unions.phones.codes.senders import SmsSender, sender_of
from server.unions.phones.rules import LIFETIME, new_code
from server.unions.phones.schemas import PhoneCodeIn, SmsCodeIn, SmsCodeOut, SmsSignIn
from server.unions.sign_in.api import check_demo_here, open_worker_session
from server.unions.sign_in.schemas import SessionOut
from server.wechat.gateway import WechatGateway

bp = APIBlueprint("phones", __name__, url_prefix="/api/v1", tag="sign-in")


@bp.post("/sign-in/sms-codes")
@limiter.limit("300/minute")
@public
@bp.input(SmsCodeIn, arg_name="body")
@bp.output(SmsCodeOut, status_code=201)
def send_sms_code(body: SmsCodeIn) -> SmsCodeOut:
    """Send a code to a phone. The answer does not tell whether anybody uses that number."""
    sender, now, code, origin = _sender(), clock.now(), new_code(), find_phone_origin(body.phone)
    with independent_transaction() as writer:
        challenge = begin_code(writer, body.phone, code, origin=origin.key, now=now)
    try:
        with independent_transaction() as reader:
            check_may_send(reader, challenge, body.phone, origin=origin.key, known=origin.known, now=now)
        sender.send(body.phone, code, challenge)  # takes its time: no transaction is open
    except AppError:
        with independent_transaction() as writer:
            drop_code(writer, challenge)
        raise
    return SmsCodeOut(id=challenge, expires_at=now + LIFETIME)


@bp.post("/sign-in/sms")
@limiter.limit("300/minute")
@public
@bp.input(SmsSignIn, arg_name="body")
@bp.output(SessionOut)
def sign_in_by_sms(body: SmsSignIn) -> Response:
    """Exchange a code for a token. A first-time worker is admitted with nothing but the number."""
    now = clock.now()
    with independent_transaction() as writer:
        right = use_code(writer, body.id, body.phone, body.code, now=now)
        if not right:
            record_wrong_code(writer, now)
    if not right:
        raise Unauthorized("验证码不对，或者已经过期，请核对后再试，或者重新获取。", code="sms_code_wrong")
    person = admit_phone_user(session(), body.phone, now=now)
    response = make_response(jsonify(open_worker_session(session(), person, now=now).model_dump(mode="json")))
    remember_phone(response, body.phone)
    return response


@bp.post("/me/phone")
@limiter.limit("20/minute")  # WeChat takes money for each
@requires("me.edit")
@bp.input(PhoneCodeIn, arg_name="body")
@bp.output(Me)
def put_wechat_phone(body: PhoneCodeIn) -> Me:
    """Take one's phone number from WeChat, with the code that its button gave."""
    gateway = WechatGateway.from_settings(_settings(), database())
    if not gateway.is_configured:
        raise Forbidden("现在不能从微信取手机号，请手动填写。", code="wechat_not_configured")
    phone = gateway.phone_number(body.code)  # asks WeChat: before the transaction, not within it
    person_id = current_actor().person_id
    return describe_me(session(), keep_proved_phone(session(), person_id, phone, by="wechat", now=clock.now()))


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _sender() -> SmsSender:
    """Who sends codes. Raises Forbidden where nobody does, or where it is the demo and this is not its machine."""
    sender = sender_of(_settings())
    if sender is None:
        raise Forbidden("没有开通短信登录，请从微信打开。", code="sms_off")
    if _settings().sms_provider == "log":
        check_demo_here(_settings())
    return sender
