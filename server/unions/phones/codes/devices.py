"""Browsers that have proved a number before: what strangers ask for does not slow them down."""

from typing import cast

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from server.core.settings import Settings
from server.unions.phones.rules import keyed
from server.unions.sign_in.attempts.origins import Origin, origin_of_address

COOKIE = "ssp_phone"
PATH = "/api/v1/sign-in"
SECONDS = 180 * 24 * 3600
MOST = 4  # numbers that one browser may have proved


def find_phone_origin(phone: str) -> Origin:
    """The origin of this request, as seen by somebody who signs in by `phone`."""
    if _mark(phone) in _read():
        return Origin(f"phone-device:{_mark(phone)[:40]}", known=True)
    return origin_of_address()


def remember_phone(response: Response, phone: str) -> None:
    """Let this browser be known for a number from now on."""
    mark = _mark(phone)
    marks = [*(each for each in _read() if each != mark), mark][-MOST:]
    settings = cast(Settings, current_app.extensions["settings"])
    secure = request.is_secure or settings.public_url.startswith("https://")
    value = _serializer().dumps(marks)
    response.set_cookie(COOKIE, value, max_age=SECONDS, path=PATH, httponly=True, samesite="Lax", secure=secure)


def _mark(phone: str) -> str:
    return keyed(str(current_app.config["SECRET_KEY"]), "phone device", phone)


def _read() -> list[str]:
    try:
        marks = _serializer().loads(request.cookies.get(COOKIE, ""), max_age=SECONDS)
    except BadSignature:
        return []
    return marks if isinstance(marks, list) else []


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="phone device")
