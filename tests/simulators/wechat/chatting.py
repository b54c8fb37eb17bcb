"""Followers of the official account: what they do is pushed, what comes back is what they see."""

import base64
import binascii
import secrets
import threading
import xml.etree.ElementTree as ET
from typing import Any

from tests.simulators.wechat.pushing import decrypt, deliver
from tests.simulators.wechat.state import State

ACCOUNT = "gh_official"
NOTICE = "该公众号提供的服务出现故障，请稍后再试"
AFTER_WRITING, AFTER_EVENT = (48 * 3600, 5), (60, 3)


def act(state: State, given: dict[str, Any]) -> dict[str, Any]:
    """Do what a follower does: kind text, image, voice, location, click, scan, subscribe, unsubscribe or raw.

    Returns the last answer, and all of them when it was delivered several times at once (`copies`).
    """
    openid, kind = given["openid"], given["kind"]
    with state.lock:
        state.seen.setdefault(openid, state.now())
        if given.get("unionid"):
            state.unionids[openid] = given["unionid"]
        event = _event(state, openid, kind, given)
        _allow(state, openid, kind)
        shown = given.get("text") or given.get("label") or given.get("key") or given.get("scene") or kind
        state.chats.append({"openid": openid, "by": "follower", "kind": kind, "at": state.now(), "text": shown,
                            "media_id": event.get("MediaId", "")})  # fmt: skip
    answers: list[str] = []
    copies = [
        threading.Thread(target=lambda: answers.append(_push(state, openid, event)))
        for _ in range(int(given.get("copies", 1)))
    ]
    for one in copies:
        one.start()
    for one in copies:
        one.join()
    return {"answers": answers, "event": event}


def _event(state: State, openid: str, kind: str, given: dict[str, Any]) -> dict[str, Any]:
    event: dict[str, Any] = {"ToUserName": ACCOUNT, "FromUserName": openid, "CreateTime": int(state.now())}
    if kind == "text":
        return event | {"MsgType": "text", "Content": given["text"], "MsgId": _message_id()}
    if kind == "image":
        media_id = given.get("media_id") or keep_media(state, base64.b64decode(given["content"]), given.get("type", ""))
        return event | {"MsgType": "image", "PicUrl": "http://mmbiz.example/0", "MediaId": media_id,
                        "MsgId": _message_id()}  # fmt: skip
    if kind == "location":
        return event | {"MsgType": "location", "Location_X": given["latitude"], "Location_Y": given["longitude"],
                        "Scale": 20, "Label": given.get("label", ""), "MsgId": _message_id()}  # fmt: skip
    if kind == "voice":
        media_id = given.get("media_id") or secrets.token_urlsafe(32)  # WeChat does not have what it was not sent
        return event | {"MsgType": "voice", "MediaId": media_id, "Format": "amr",
                        "Recognition": given.get("heard", ""), "MsgId": _message_id()}  # fmt: skip
    if kind == "raw":
        return {**event, **given["fields"]}
    event["MsgType"] = "event"
    scene = given.get("scene", "")
    if kind == "click":
        return event | {"Event": "CLICK", "EventKey": given["key"]}
    if kind == "scan" and openid in state.following:
        return event | {"Event": "SCAN", "EventKey": scene, "Ticket": secrets.token_hex(12)}
    if kind in ("subscribe", "scan"):
        state.following.add(openid)
        known = {"EventKey": f"qrscene_{scene}", "Ticket": secrets.token_hex(12)} if scene else {"EventKey": ""}
        return event | {"Event": "subscribe", **known}
    state.following.discard(openid)
    return event | {"Event": "unsubscribe", "EventKey": ""}


def _allow(state: State, openid: str, kind: str) -> None:
    """What may be said to the follower from now on."""
    if kind == "unsubscribe":
        state.wrote.pop(openid, None)
        return
    lasts, number = AFTER_WRITING if kind in ("text", "image", "voice", "location", "raw") else AFTER_EVENT
    left = [until for until in state.wrote.get(openid, []) if until > state.now() + lasts]
    state.wrote[openid] = left + [state.now() + lasts] * max(0, number - len(left))


def keep_media(state: State, content: bytes, media_type: str = "") -> str:
    """Keep a file as a follower sends it; it can be fetched for three days."""
    media_id = secrets.token_urlsafe(48)
    state.media[media_id] = (media_type or "image/jpeg", content, state.now())
    return media_id


def _message_id() -> int:
    return secrets.randbits(62)


def _push(state: State, openid: str, event: dict[str, Any]) -> str:
    """Deliver until it is taken, three times at most; show what was answered."""
    where, answer = state.chat_push, ""
    for _ in range(where.tries):
        answer = deliver(state, where, event, state.chat_app_id)
        if not answer.startswith("failed: "):
            break
    said, is_well = _said(state, answer)
    with state.lock:
        state.pushed.append({"event": event, "answer": answer})
        if not is_well or said:
            state.chats.append({"openid": openid, "by": "account" if is_well else "wechat", "kind": "text",
                                "at": state.now(), "text": said if is_well else NOTICE})  # fmt: skip
    return answer


def _said(state: State, answer: str) -> tuple[str, bool]:
    """The text of an answer, empty if it says nothing; and whether WeChat understands it."""
    if answer in ("", "success"):
        return "", True
    try:
        root = ET.fromstring(answer)  # noqa: S314  (from the service that is tested)
        sealed = root.findtext("Encrypt")
        if sealed:
            inner, app_id = decrypt(state.chat_push.aes_key, sealed)
            if app_id != state.chat_app_id:
                return "", False
            root = ET.fromstring(inner)  # noqa: S314
        if not all(root.findtext(name) for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType")):
            return "", False
        return root.findtext("Content") or "", True
    except (ET.ParseError, binascii.Error, ValueError, IndexError):
        return "", False
