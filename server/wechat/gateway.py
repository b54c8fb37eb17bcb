"""The one place that talks to WeChat's servers. Never call it within a database transaction: it may take seconds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from server.core.db import Database
from server.core.settings import Settings
from server.wechat.caller import Caller
from server.wechat.outcomes import WechatSilent

MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})
VOICE_TYPES = frozenset({"audio/amr", "voice/amr", "application/octet-stream"})
OAUTH_PAGES = "https://open.weixin.qq.com"
MAX_MEDIA = 10 * 1024 * 1024
MAX_VOICE = 1024 * 1024
MAX_CODE = 2 * 1024 * 1024
MAX_CHECKED = 2500  # characters that one text check takes

_FIELDS = re.compile(r"\{\{([a-z_]+\d+)\.DATA\}\}")

Suggest = Literal["pass", "review", "risky"]


@dataclass(frozen=True, slots=True, repr=False)
class WechatSession:
    """What WeChat says about whoever made a login code. Has no repr: nothing of it may end up in a log."""

    openid: str
    unionid: str | None
    session_key: str


@dataclass(frozen=True, slots=True, repr=False)
class WechatUser:
    """Who followed an OAuth link within WeChat."""

    openid: str
    unionid: str | None


@dataclass(frozen=True, slots=True)
class TextVerdict:
    """What the content check says of a text; `label` 100 is harmless."""

    suggest: Suggest
    label: int


@dataclass(frozen=True, slots=True, repr=False)
class Media:
    """A file that somebody sent in WeChat. Its type is what WeChat says: check the bytes before use."""

    content_type: str
    content: bytes


class WechatGateway:
    """Calls to WeChat for one application. Every method raises WechatRefused and WechatSilent, both AppErrors."""

    def __init__(self, app_id: str, app_secret: str, api_url: str, database: Database | None = None) -> None:
        self.app_id = app_id
        self._caller = Caller(app_id, app_secret, api_url, database)

    @classmethod
    def from_settings(cls, settings: Settings, database: Database | None = None) -> "WechatGateway":
        """The gateway of the configured mini program; all but login codes need the database, for the shared token."""
        secret = settings.wechat_app_secret.get_secret_value()
        return cls(settings.wechat_app_id, secret, settings.wechat_api_url, database)

    @classmethod
    def of_official_account(cls, settings: Settings, database: Database | None = None) -> "WechatGateway":
        """The gateway of the configured official account."""
        secret = settings.official_account_app_secret.get_secret_value()
        return cls(settings.official_account_app_id, secret, settings.wechat_api_url, database)

    @property
    def is_configured(self) -> bool:
        """Whether there is an application to ask for."""
        return bool(self.app_id)

    def code_to_session(self, code: str) -> WechatSession:
        """Exchange a login code. Codes are good once, so nothing is tried twice."""
        answer = self._caller.with_secret("/sns/jscode2session", js_code=code, grant_type="authorization_code")
        session_key = answer.get("session_key")
        if not isinstance(session_key, str):
            raise WechatSilent("/sns/jscode2session", "no session key", maybe_done=True)
        return WechatSession(_openid(answer), _unionid(answer), session_key)

    def oauth_url(self, redirect_uri: str, state: str, *, ask: bool = False, base: str = OAUTH_PAGES) -> str:
        """Where a page within WeChat sends its visitor to be recognised; `ask`: with name and picture, by consent."""
        query = urlencode(
            {
                "appid": self.app_id,
                "redirect_uri": redirect_uri,
                "response_type": "code",
                "scope": "snsapi_userinfo" if ask else "snsapi_base",
                "state": state,
            }
        )
        return f"{base.rstrip('/')}/connect/oauth2/authorize?{query}#wechat_redirect"

    def oauth_user(self, code: str) -> WechatUser:
        """Who came back from `oauth_url` with this code. Good once."""
        answer = self._caller.with_secret("/sns/oauth2/access_token", code=code, grant_type="authorization_code")
        return WechatUser(_openid(answer), _unionid(answer))

    def phone_number(self, code: str, openid: str | None = None) -> str:
        """The number behind the phone button's code, without country code if it is China's. Good once."""
        body = {"code": code, **({"openid": openid} if openid else {})}
        path = "/wxa/business/getuserphonenumber"
        info = self._caller.with_token("POST", path, body).get("phone_info")
        if not isinstance(info, dict):
            raise WechatSilent(path, "no phone", maybe_done=True)
        number, country, mark = info.get("purePhoneNumber"), str(info.get("countryCode", "")), info.get("watermark")
        issued_for = mark.get("appid") if isinstance(mark, dict) else None
        if not (isinstance(number, str) and number.isdecimal() and len(number) <= 17 and issued_for == self.app_id):
            raise WechatSilent(path, "no phone of this application", maybe_done=True)
        return number if country in ("86", "") else f"+{country}{number}"

    def unlimited_code(
        self, scene: str, page: str, *, width: int = 430, release: Literal["release", "trial", "develop"] = "release"
    ) -> bytes:
        """The picture of a code that opens `page` (no leading slash) with `scene` (at most 32 characters)."""
        body = {
            "scene": scene,
            "page": page,
            "check_path": release == "release",
            "env_version": release,
            "width": width,
        }
        reply = self._caller.bytes_with_token("POST", "/wxa/getwxacodeunlimit", body, max_bytes=MAX_CODE)
        return reply.body

    def send_subscribe(
        self,
        openid: str,
        template_id: str,
        values: Mapping[str, str],
        *,
        page: str | None = None,
        state: Literal["formal", "trial", "developer"] = "formal",
    ) -> None:
        """Send one subscribe message; it uses up one consent. Not repeated on −1: that is for the job, later."""
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in values.items()},
            "miniprogram_state": state,
            "lang": "zh_CN",
            **({"page": page} if page else {}),
        }
        self._caller.with_token("POST", "/cgi-bin/message/subscribe/send", body)

    def check_text(self, openid: str, content: str, *, scene: Literal[1, 2, 3, 4]) -> TextVerdict:
        """Ask what WeChat thinks of a text by somebody who used the mini program within two hours (else 61010)."""
        path = "/wxa/msg_sec_check"
        body = {"version": 2, "scene": scene, "openid": openid, "content": content[:MAX_CHECKED]}
        result = self._caller.with_token("POST", path, body, again=True).get("result")
        found = verdict_of(result)
        if found is None:
            raise WechatSilent(path, "no verdict", maybe_done=True)
        return found

    def check_media(self, openid: str, url: str, *, scene: Literal[1, 2, 3, 4]) -> str:
        """Have a picture checked that WeChat can fetch at `url`. Returns the id under which the verdict is pushed."""
        path = "/wxa/media_check_async"
        body = {"media_url": url, "media_type": 2, "version": 2, "scene": scene, "openid": openid}
        answer = self._caller.with_token("POST", path, body)
        trace_id = answer.get("trace_id") or answer.get("traceId")
        if not isinstance(trace_id, str) or len(trace_id) > 200:
            raise WechatSilent(path, "no trace id", maybe_done=True)
        return trace_id

    def follower_unionid(self, openid: str) -> str | None:
        """The id by which a follower of the official account is the same person in the mini program, if there is one.

        Only there for applications that are bound to the same Open Platform account.
        """
        path = "/cgi-bin/user/info"
        return _unionid(self._caller.with_token("GET", path, again=True, query={"openid": openid, "lang": "zh_CN"}))

    def check_access(self) -> None:
        """Ask for nothing of consequence, to see whether WeChat lets us in."""
        self._caller.with_token("GET", "/cgi-bin/getcallbackip", again=True)

    def list_templates(self) -> dict[str, frozenset[str]]:
        """The subscribe-message templates of the account: id → names of their fields."""
        found = self._caller.with_token("GET", "/wxaapi/newtmpl/gettemplate", again=True).get("data")
        rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
        return {str(row.get("priTmplId")): frozenset(_FIELDS.findall(str(row.get("content", "")))) for row in rows}

    def send_text(self, openid: str, text: str) -> None:
        """A customer-service message, within the hours after somebody wrote."""
        self._caller.wechatpy.message.send_text(openid, text)

    def set_menu(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Replace the official account's menu."""
        self._caller.wechatpy.menu.create({"button": list(buttons)})

    def remove_menu(self) -> None:
        """Take the official account's menu away."""
        self._caller.wechatpy.menu.delete()

    def download_media(self, media_id: str) -> Media:
        """A picture that somebody sent; WeChat keeps it for three days."""
        return self._download(media_id, MEDIA_TYPES, MAX_MEDIA)

    def download_voice(self, media_id: str) -> Media:
        """A voice message that somebody sent, AMR of a minute at most."""
        return self._download(media_id, VOICE_TYPES, MAX_VOICE)

    def _download(self, media_id: str, types: frozenset[str], max_bytes: int) -> Media:
        path = "/cgi-bin/media/get"
        reply = self._caller.bytes_with_token("GET", path, query={"media_id": media_id}, max_bytes=max_bytes)
        if reply.content_type not in types:
            raise WechatSilent(path, "another kind of file", maybe_done=True)
        return Media(reply.content_type, reply.body)


def verdict_of(result: object) -> TextVerdict | None:
    """The verdict in an answer or a push, where labels are numbers or texts; None if there is none."""
    if not isinstance(result, dict):
        return None
    suggest, label = result.get("suggest"), str(result.get("label", ""))
    if suggest not in ("pass", "review", "risky") or not label.isdecimal() or len(label) > 9:
        return None
    return TextVerdict(suggest, int(label))


def _openid(answer: Mapping[str, Any]) -> str:
    openid = answer.get("openid")
    if not (isinstance(openid, str) and 0 < len(openid) <= 64):
        raise WechatSilent("/sns", "no openid", maybe_done=True)
    return openid


def _unionid(answer: Mapping[str, Any]) -> str | None:
    unionid = answer.get("unionid")
    return unionid if isinstance(unionid, str) and 0 < len(unionid) <= 64 else None
