"""Pushes at the door: read in small memory, checked, written down once, answered at once."""

from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from server.channels.official_account.models import Door
from server.channels.official_account.texts import WELCOME, Keyword, help_text, keyword_of, play_text
from server.core.errors import NotFound
from server.core.settings import Settings
from server.wechat.parsing import PushMalformed
from server.wechat.pushes import Push
from server.wechat.sealing import Keyhole

MAX_PUSH = 64 * 1024  # bytes; WeChat's largest have some five thousand


def keyhole(settings: Settings, door: Door) -> Keyhole:
    """What pushes at this door are checked with. Raises NotFound if none are expected."""
    app_id, prefix = settings.wechat_app_id, "wechat_push"
    if door is Door.OFFICIAL_ACCOUNT:
        app_id, prefix = settings.official_account_app_id, "official_account"
    token, current, previous = (
        getattr(settings, f"{prefix}_{part}").get_secret_value() for part in ("token", "aes_key", "aes_key_previous")
    )
    if not token:
        raise NotFound
    return Keyhole(app_id, token, tuple(key for key in (current, previous) if key))


def read_body(request: Request) -> bytes:
    """The body, if it is of a push's size. Raises PushMalformed before more than that is in memory."""
    request.max_content_length = MAX_PUSH
    if (request.content_length or 0) > MAX_PUSH:
        raise PushMalformed
    try:
        body = request.stream.read(MAX_PUSH + 1)
    except (RequestEntityTooLarge, OSError):
        raise PushMalformed from None
    if len(body) > MAX_PUSH:
        raise PushMalformed
    return bytes(body)


def instant_answer(push: Push, settings: Settings) -> str | None:
    """The answer that needs neither database nor WeChat, None if the answer has to come later."""
    if push.event == "subscribe" and not push.scene:
        return WELCOME
    asked = asked_for(push)
    if asked is Keyword.HELP:
        return help_text(settings)
    return play_text(settings) if asked is Keyword.PLAY else None


def asked_for(push: Push) -> Keyword | None:
    """The keyword that was written, or tapped in the menu."""
    if push.kind == "text":
        return keyword_of(push.text)
    return keyword_of(push.event_key) if push.event == "click" else None


def content_of(push: Push) -> dict[str, Any]:
    """The push as it is kept until it is dealt with."""
    point, checked = push.point, push.media_checked
    return {
        "kind": push.kind,
        "event": push.event,
        "event_key": push.event_key,
        "text": push.text,
        "media_id": push.media_id,
        "point": [point.latitude, point.longitude, point.label] if point else None,
        "media_checked": [checked.trace_id, checked.errcode, checked.suggest, checked.label] if checked else None,
    }
