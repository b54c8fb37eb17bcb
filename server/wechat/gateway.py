"""The one place that talks to WeChat's servers."""

import json
import logging
import time
from dataclasses import dataclass
from typing import Any

import requests

from server.core.errors import AppError, TooMany, Unauthorized, Unavailable
from server.core.settings import Settings

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 3.05, 5.0, 8.0
MAX_ANSWER = 64 * 1024  # bytes; real answers have some hundred

CODE_INVALID = frozenset({40029, 40163})  # unknown or expired; used before
BLOCKED = 40226
TOO_OFTEN = frozenset({45009, 45011})

BUSY_MESSAGE = "微信暂时没有响应，请稍后再试。已填写的内容都保存在手机里。"

# urllib3 writes the path of each request, and so the secret, to its debug log.
logging.getLogger("urllib3").setLevel(logging.INFO)


@dataclass(frozen=True, slots=True, repr=False)
class WechatSession:
    """What WeChat says about whoever made a login code. Has no repr: nothing of it may end up in a log."""

    openid: str
    unionid: str | None
    session_key: str


class WechatGateway:
    """Calls to WeChat for one mini program."""

    def __init__(self, app_id: str, app_secret: str, api_url: str) -> None:
        self.app_id = app_id
        self._app_secret = app_secret
        self._api_url = api_url.rstrip("/")

    @classmethod
    def from_settings(cls, settings: Settings) -> "WechatGateway":
        """The gateway of the configured mini program."""
        return cls(settings.wechat_app_id, settings.wechat_app_secret.get_secret_value(), settings.wechat_api_url)

    @property
    def is_configured(self) -> bool:
        """Whether there is a mini program to ask for."""
        return bool(self.app_id)

    def code_to_session(self, code: str) -> WechatSession:
        """Exchange a login code. Codes are good once, so nothing is tried twice.

        Raises Unauthorized `wechat_code_invalid`, AppError 403 `wechat_user_blocked`, TooMany `wechat_busy`,
        Unavailable `wechat_unavailable`.
        """
        answer = self._get(
            "/sns/jscode2session",
            {"appid": self.app_id, "secret": self._app_secret, "js_code": code, "grant_type": "authorization_code"},
        )
        _raise_for(answer)
        openid, session_key, unionid = answer.get("openid"), answer.get("session_key"), answer.get("unionid")
        if not (isinstance(openid, str) and 0 < len(openid) <= 64 and isinstance(session_key, str)):
            raise _unavailable()
        return WechatSession(
            openid, unionid if isinstance(unionid, str) and 0 < len(unionid) <= 64 else None, session_key
        )

    def _get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        # The cause of a failure is dropped on purpose: requests puts the whole address, with the secret, into it.
        try:
            with requests.get(
                self._api_url + path,
                params=query,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                stream=True,
                allow_redirects=False,
            ) as response:
                body = _read(response) if response.status_code == 200 else b""
            answer = json.loads(body)
        except (requests.RequestException, ValueError, RecursionError):
            raise _unavailable() from None
        if not isinstance(answer, dict):
            raise _unavailable()
        return answer


def _read(response: requests.Response) -> bytes:
    """The body, unless it is too big or trickles in for too long. Raises ValueError then."""
    deadline = time.monotonic() + TOTAL_SECONDS
    body = b""
    for piece in response.iter_content(1):  # a bigger piece would be waited for until it is full
        body += piece
        if len(body) > MAX_ANSWER or time.monotonic() > deadline:
            raise ValueError("answer too big or too slow")
    return body


def _raise_for(answer: dict[str, Any]) -> None:
    """WeChat answers errors with 200; success has no errcode, or 0."""
    errcode = answer.get("errcode", 0)
    if errcode in (0, "0"):
        return
    if not isinstance(errcode, int):
        raise _unavailable()
    if errcode in CODE_INVALID:
        raise Unauthorized("微信登录已过期，请重新打开小程序再试。", code="wechat_code_invalid")
    if errcode == BLOCKED:
        raise AppError("微信认为此账号有风险，暂时不能登录。", code="wechat_user_blocked", status=403)
    if errcode in TOO_OFTEN:
        raise TooMany("登录的人太多了，请过一分钟再试。", code="wechat_busy")
    raise _unavailable()


def _unavailable() -> Unavailable:
    return Unavailable(BUSY_MESSAGE, code="wechat_unavailable")
