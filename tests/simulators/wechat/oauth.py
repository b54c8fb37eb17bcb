"""WeChat's page that recognises a visitor: the browser is asked who it is, and sent back with a code."""

from html import escape
from urllib.parse import urlencode, urlsplit

from tests.simulators.wechat.state import State

Query = dict[str, str]
PEOPLE = ("o-visitor-1", "o-visitor-2")


def authorize(state: State, query: Query) -> tuple[int, str, bytes]:
    """Status, where to go (empty: nowhere) and page. `as` says who the visitor is; without it one chooses."""
    target, app_id = query.get("redirect_uri", ""), query.get("appid", "")
    known = query.get("response_type") == "code" and query.get("scope") in ("snsapi_base", "snsapi_userinfo")
    if app_id not in state.apps or urlsplit(target).scheme not in ("http", "https") or not known:
        return 400, "", "redirect_uri 参数错误".encode()
    who = query.get("as", "")
    if not who:
        links = "".join(
            f"<p><a href='?{escape(urlencode({**query, 'as': each}))}'>以 {escape(each)} 的身份打开</a></p>"
            for each in PEOPLE
        )
        return 200, "", f"<!doctype html><meta charset='utf-8'><title>微信</title>{links}".encode()
    with state.lock:
        code = state.new_code("oauth", who)
    back = urlencode({"code": code, "state": query.get("state", "")})
    return 302, f"{target}{'&' if '?' in target else '?'}{back}", b""
