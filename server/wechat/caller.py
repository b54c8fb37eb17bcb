"""One call to WeChat with its token, its replays and its errors; wechatpy's methods go through the same door."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from wechatpy import WeChatClient

from server.core import clock
from server.core.db import Database
from server.core.http_exchange import Reply
from server.core.leased_values import LeasedValue
from server.wechat.outcomes import Course, WechatRefused, WechatSilent
from server.wechat.tokens import TokenKeeper
from server.wechat.transport import MAX_ANSWER, exchange, line_of

T = TypeVar("T")
log = structlog.get_logger(__name__)

BACK_OFF = (0.2, 0.8)  # seconds before the second and third try of a call that may be repeated


class Caller:
    """Calls for one application (mini program or official account)."""

    def __init__(self, app_id: str, app_secret: str, api_url: str, database: Database | None) -> None:
        self.app_id, self._app_secret, self._api_url = app_id, app_secret, api_url.rstrip("/")
        self._line = line_of(app_id, self._api_url)
        slot = LeasedValue(database, f"wechat_token:{app_id}") if database is not None else None
        self._tokens = TokenKeeper(slot, self._fetch_token) if slot is not None else None
        self.wechatpy = _Wechatpy(self)

    def with_secret(self, path: str, **query: str) -> dict[str, Any]:
        """GET that names app and secret instead of a token; never tried twice, for codes are good once."""
        return self._json(path, "GET", {"appid": self.app_id, "secret": self._app_secret, **query}, None)

    def with_token(
        self, method: str, path: str, body: object = None, *, again: bool = False, query: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """JSON in and out. `again`: nothing is lost if WeChat does it twice. Raises WechatRefused, WechatSilent."""
        return self._replaying(again, lambda token: self._json(path, method, {**(query or {}), **token}, body))

    def bytes_with_token(
        self, method: str, path: str, body: object = None, *, query: dict[str, str] | None = None, max_bytes: int
    ) -> Reply:
        """An answer that is a file; an error comes as JSON. Raises WechatRefused, WechatSilent."""

        def call(token: dict[str, str]) -> Reply:
            reply = self._exchange(path, method, {**(query or {}), **token}, body, max_bytes, 60.0)
            if reply.content_type.startswith("text/") or reply.content_type.endswith("json") or reply.body[:1] == b"{":
                self._parse(path, reply)
                raise WechatSilent(path, "no file in the answer", maybe_done=True)
            return reply

        return self._replaying(True, call)

    def _replaying(self, again: bool, call: Callable[[dict[str, str]], T]) -> T:
        if self._tokens is None:
            raise WechatSilent("stable_token", "no database to keep it in", maybe_done=False)
        token, replaced, pauses = self._tokens.token(), False, list(BACK_OFF if again else ())
        while True:
            try:
                return call({"access_token": token})
            except WechatRefused as error:
                if error.course is Course.REFRESH and not replaced:
                    token, replaced = self._tokens.replace(token), True
                elif error.errcode == -1 and pauses:
                    time.sleep(pauses.pop(0))
                else:
                    raise

    def _fetch_token(self, force: bool) -> tuple[str, int]:
        body = {"grant_type": "client_credential", "appid": self.app_id, "secret": self._app_secret}
        answer = self._json("/cgi-bin/stable_token", "POST", {}, {**body, "force_refresh": force})
        token, lives = answer.get("access_token"), answer.get("expires_in")
        if not (isinstance(token, str) and 0 < len(token) <= 2048 and isinstance(lives, int) and 0 < lives <= 86400):
            raise WechatSilent("stable_token", "no token in the answer", maybe_done=True)
        return token, lives

    def _json(self, path: str, method: str, query: dict[str, str], body: object) -> dict[str, Any]:
        return self._parse(path, self._exchange(path, method, query, body, MAX_ANSWER, None))

    def _exchange(
        self, path: str, method: str, query: dict[str, str], body: object, max_bytes: int, seconds: float | None
    ) -> Reply:
        if self._line.stopped.get(path, 0) > clock.now().timestamp():
            raise WechatRefused(path, 45009)
        sent = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        with self._line.call(path):
            reply = exchange(path, method, self._api_url + path, params=query, body=sent, max_bytes=max_bytes,
                             total_seconds=seconds)  # fmt: skip
            if reply.content_type == "text/html":
                raise WechatSilent(path, "a web page", maybe_done=True)
            return reply

    def _parse(self, path: str, reply: Reply) -> dict[str, Any]:
        try:
            answer = json.loads(reply.body)
        except (ValueError, RecursionError):
            raise WechatSilent(path, "not JSON", maybe_done=True) from None
        if not isinstance(answer, dict):
            raise WechatSilent(path, "not an object", maybe_done=True)
        errcode = answer.get("errcode", 0)  # absent on success, or 0
        if isinstance(errcode, str) and errcode.lstrip("-").isdecimal():
            errcode = int(errcode[:12])
        if not isinstance(errcode, int):
            raise WechatSilent(path, "no errcode", maybe_done=True)
        if errcode != 0:
            raise self._refused(path, errcode, answer.get("errmsg"))
        return answer

    def _refused(self, path: str, errcode: int, errmsg: object) -> WechatRefused:
        error = WechatRefused(path, errcode, errmsg)
        if error.course is Course.TOMORROW:
            self._line.stopped[path] = tomorrow(clock.now()).timestamp()
        if error.course in (Course.ADMIN, Course.TOMORROW):
            log.error("wechat_needs_attention", call=path, errcode=errcode, course=error.course.value)
        return error


def tomorrow(now: datetime) -> datetime:
    """When WeChat's day of quotas begins anew: midnight in China."""
    return (clock.in_shanghai(now) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


class _Wechatpy(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """wechatpy's shapes of requests, over our transport: its own waits without limit and replays without end."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller.app_id, "", auto_retry=False)
        self._caller = caller

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> dict[str, Any]:
        path = urlsplit(f"{kwargs.get('api_base_url', self.API_BASE_URL)}{url_or_endpoint}").path
        return self._caller.with_token(method.upper(), path, kwargs.get("data"), query=kwargs.get("params"))
