"""What each path of api.weixin.qq.com does: a handler takes query and body, and answers or raises Refusal."""

import re
import secrets
import threading
from collections.abc import Callable
from typing import Any

from tests.simulators.wechat.fields import is_valid
from tests.simulators.wechat.pictures import code_picture
from tests.simulators.wechat.pushing import check_picture
from tests.simulators.wechat.state import MEDIA_SECONDS, Refusal, State

Query = dict[str, str]
Body = dict[str, Any]
Answer = dict[str, Any] | tuple[str, bytes]
Call = Callable[[State, Query, Body], Answer]

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
RISKY = {"赌博": 20006, "诈骗": 20008, "傻瓜": 20003}


def token(state: State, query: Query, _body: Body) -> Answer:
    if query.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")
    state.check_app(query.get("appid"), query.get("secret"))
    value, lives = state.issue_token(query["appid"], "plain", force=False)
    return {"access_token": value, "expires_in": lives}


def stable_token(state: State, _query: Query, body: Body) -> Answer:
    if body.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")
    state.check_app(body.get("appid"), body.get("secret"))
    value, lives = state.issue_token(body["appid"], "stable", force=body.get("force_refresh") is True)
    return {"access_token": value, "expires_in": lives}


def jscode2session(state: State, query: Query, _body: Body) -> Answer:
    state.check_app(query.get("appid"), query.get("secret"))
    if query.get("grant_type") != "authorization_code":
        raise Refusal(40002, "invalid grant_type")
    openid = state.use_code("login", query.get("js_code")).openid
    if openid in state.blocked:
        raise Refusal(40226, "code blocked")
    answer = {"openid": openid, "session_key": state.sign_in(openid)}
    return answer | ({"unionid": state.unionids[openid]} if openid in state.unionids else {})


def oauth(state: State, query: Query, _body: Body) -> Answer:
    state.check_app(query.get("appid"), query.get("secret"))
    openid = state.use_code("oauth", query.get("code")).openid
    answer = {"access_token": secrets.token_hex(8), "expires_in": 7200, "openid": openid, "scope": "snsapi_base"}
    return answer | ({"unionid": state.unionids[openid]} if openid in state.unionids else {})


def phone(state: State, query: Query, body: Body) -> Answer:
    code = state.use_code("phone", body.get("code"))
    if body.get("openid", code.openid) != code.openid:
        raise Refusal(40013, "invalid appid")
    app_id = state.check_token(query.get("access_token"))
    mark = {"timestamp": int(state.now()), "appid": app_id}
    number = {"phoneNumber": code.phone, "purePhoneNumber": code.phone, "countryCode": "86", "watermark": mark}
    return {"errcode": 0, "errmsg": "ok", "phone_info": number}


def unlimited_code(state: State, _query: Query, body: Body) -> Answer:
    scene, page, width = body.get("scene"), body.get("page", ""), body.get("width", 430)
    if not isinstance(scene, str) or not SCENE.fullmatch(scene):
        raise Refusal(40129, "invalid scene")
    if not isinstance(width, int) or not 280 <= width <= 1280:
        raise Refusal(40097, "invalid args")
    if page.startswith("/") or "?" in page or (body.get("check_path", True) and page not in state.pages):
        raise Refusal(41030, "invalid page")
    return "image/jpeg", code_picture(scene)


def subscribe_send(state: State, _query: Query, body: Body) -> Answer:
    openid, template_id = body.get("touser"), body.get("template_id")
    if openid not in state.seen:
        raise Refusal(40003, "invalid openid")
    if template_id not in state.templates:
        raise Refusal(40037, "invalid template_id")
    if body.get("miniprogram_state") not in ("formal", "trial", "developer") or body.get("lang") != "zh_CN":
        raise Refusal(47001, "data format error")
    if body.get("page") and str(body["page"]).partition("?")[0] not in state.pages:
        raise Refusal(41030, "invalid page")
    check_values(state.templates[str(template_id)], body.get("data"))
    if state.consents[str(openid), str(template_id)] <= 0:
        raise Refusal(43101, "user refuse to accept the msg")
    state.consents[str(openid), str(template_id)] -= 1
    return {"errcode": 0, "errmsg": "ok"}


def check_values(wanted: list[str], data: object) -> None:
    """Raises Refusal naming the first field that is missing or wrong."""
    given = data if isinstance(data, dict) else {}
    for key in wanted:
        value = given[key].get("value") if isinstance(given.get(key), dict) else None
        if not is_valid(key, value):
            raise Refusal(47003, f"argument invalid! data.{key}.value invalid")


def callback_ips(_state: State, _query: Query, _body: Body) -> Answer:
    return {"ip_list": ["127.0.0.1"]}


def templates(state: State, _query: Query, _body: Body) -> Answer:
    rows = [
        {
            "priTmplId": name,
            "title": "通知",
            "content": "".join(f"内容:{{{{{key}.DATA}}}}\n" for key in keys),
            "type": 2,
        }
        for name, keys in state.templates.items()
    ]
    return {"errcode": 0, "errmsg": "ok", "data": rows}


def message_check(state: State, _query: Query, body: Body) -> Answer:
    state.check_active(body.get("openid"))
    if body.get("scene") not in (1, 2, 3, 4):
        raise Refusal(40129, "invalid scene")
    content = body.get("content")
    if body.get("version") != 2 or not isinstance(content, str) or not content:
        raise Refusal(44002, "empty post data")
    if len(content) > 2500:
        raise Refusal(47001, "data format error")
    label = next((label for word, label in RISKY.items() if word in content), 100)
    found = {"suggest": "pass" if label == 100 else "risky", "label": label}
    return {"errcode": 0, "errmsg": "ok", "trace_id": secrets.token_hex(12), "result": found, "detail": []}


def media_check(state: State, _query: Query, body: Body) -> Answer:
    state.check_active(body.get("openid"))
    if body.get("media_type") not in (1, 2):
        raise Refusal(40004, "invalid media type")
    url = body.get("media_url")
    if body.get("version") != 2 or not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise Refusal(47001, "data format error")
    trace_id = secrets.token_hex(12)
    threading.Thread(target=check_picture, args=(state, trace_id, url, body["openid"]), daemon=True).start()
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace_id}


def custom_send(state: State, _query: Query, body: Body) -> Answer:
    openid = str(body.get("touser"))
    if openid not in state.seen:
        raise Refusal(40003, "invalid openid")
    left = state.wrote.get(openid)
    if left is None or (left and max(left) <= state.now()):
        raise Refusal(45015, "response out of time limit")
    if not left:
        raise Refusal(45047, "out of response count limit")
    left.remove(max(left))
    kind = str(body.get("msgtype"))
    state.chats.append({"openid": openid, "by": "account", "kind": kind, "at": state.now(), "text": said(body, kind)})
    return {"errcode": 0, "errmsg": "ok"}


def said(body: Body, kind: str) -> str:
    """The text of a customer-service message. Raises Refusal if it has none."""
    content = body.get(kind)
    if not isinstance(content, dict) or not any(isinstance(value, str) and value for value in content.values()):
        raise Refusal(44004, "empty content")
    if len(str(content.get("content", "")).encode()) > 2048:
        raise Refusal(45002, "content size out of limit")
    return str(content.get("content") or content.get("title") or content)


def user_info(state: State, query: Query, _body: Body) -> Answer:
    openid = query.get("openid", "")
    if openid not in state.seen:
        raise Refusal(40003, "invalid openid")
    if openid not in state.following:
        return {"subscribe": 0, "openid": openid}
    answer = {"subscribe": 1, "openid": openid, "language": "zh_CN", "subscribe_time": int(state.now())}
    return answer | ({"unionid": state.unionids[openid]} if openid in state.unionids else {})


def menu_create(state: State, _query: Query, body: Body) -> Answer:
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Refusal(40016, "invalid button size")
    for button in buttons:
        check_button(button, longest=16)
        for inner in button.get("sub_button", []):
            check_button(inner, longest=60)
    state.menu = {"button": buttons}
    return {"errcode": 0, "errmsg": "ok"}


def check_button(button: Body, longest: int) -> None:
    """Raises Refusal for a button that WeChat would not show."""
    if not 0 < len(str(button.get("name", "")).encode()) <= longest:
        raise Refusal(40018, "invalid button name size")
    if len(button.get("sub_button", [])) > 5:
        raise Refusal(40023, "invalid sub button size")
    wanted = {"click": ("key",), "view": ("url",), "miniprogram": ("appid", "pagepath", "url")}
    for name in wanted.get(str(button.get("type")), ()):
        if not button.get(name):
            raise Refusal(40019 if name == "key" else 40020, f"invalid button {name}")


def menu_delete(state: State, _query: Query, _body: Body) -> Answer:
    state.menu = None
    return {"errcode": 0, "errmsg": "ok"}


def media_get(state: State, query: Query, _body: Body) -> Answer:
    kept = state.media.get(query.get("media_id", ""))
    if kept is None or state.now() - kept[2] > MEDIA_SECONDS:
        raise Refusal(40007, "invalid media_id")
    return kept[0], kept[1]


OPEN: dict[tuple[str, str], Call] = {
    ("GET", "/cgi-bin/token"): token,
    ("POST", "/cgi-bin/stable_token"): stable_token,
    ("GET", "/sns/jscode2session"): jscode2session,
    ("GET", "/sns/oauth2/access_token"): oauth,
}
WITH_TOKEN: dict[tuple[str, str], Call] = {
    ("POST", "/wxa/business/getuserphonenumber"): phone,
    ("POST", "/wxa/getwxacodeunlimit"): unlimited_code,
    ("POST", "/cgi-bin/message/subscribe/send"): subscribe_send,
    ("POST", "/cgi-bin/message/custom/send"): custom_send,
    ("POST", "/wxa/msg_sec_check"): message_check,
    ("POST", "/wxa/media_check_async"): media_check,
    ("POST", "/cgi-bin/menu/create"): menu_create,
    ("GET", "/cgi-bin/menu/delete"): menu_delete,
    ("GET", "/cgi-bin/media/get"): media_get,
    ("GET", "/cgi-bin/user/info"): user_info,
    ("GET", "/cgi-bin/getcallbackip"): callback_ips,
    ("GET", "/wxaapi/newtmpl/gettemplate"): templates,
}


def answer(state: State, method: str, path: str, query: Query, body: Body) -> Answer:
    """Do one call. Raises Refusal."""
    with state.lock:
        state.calls[path] += 1
        if state.calls[path] > state.quotas.get(path, 10_000_000):
            raise Refusal(45009, "reach max api daily quota limit")
        if call := OPEN.get((method, path)):
            return call(state, query, body)
        call = WITH_TOKEN.get((method, path))
        if call is None:
            raise (
                Refusal(43002, "require POST method") if ("POST", path) in WITH_TOKEN else Refusal(99999, "no such api")
            )
        state.check_token(query.get("access_token"))
        done = call(state, query, body)
        if method == "POST" and "check" not in path:
            state.received.append({"path": path, "at": state.now(), "body": body})
        return done
