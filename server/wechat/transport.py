"""HTTP to WeChat: bounded in time, in size and in number, and given up for a while when nothing comes back."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import requests
import urllib3

from server.core.breaker import Breaker, NotAsked
from server.wechat.outcomes import WechatSilent

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 3.05, 5.0, 8.0
MAX_ANSWER = 64 * 1024  # bytes of JSON; real answers have some hundred
MAX_AT_ONCE = 20  # calls of one process; the web threads beyond that serve people
OPEN_SECONDS = 30.0  # after several failures, until one call tries again
PIECE = 64 * 1024

# urllib3 writes the path of each request, and so the secret, to its debug log.
logging.getLogger("urllib3").setLevel(logging.INFO)


class Line:
    """The one way of this process to an application at WeChat."""

    def __init__(self) -> None:
        self.stopped: dict[str, float] = {}  # call → moment until which its quota is used up
        self._breaker = Breaker(at_once=MAX_AT_ONCE, open_seconds=OPEN_SECONDS)

    @contextmanager
    def call(self, name: str) -> Iterator[None]:
        """The length of one call. Raises WechatSilent when it may not begin."""
        try:
            with self._breaker.call(WechatSilent):
                yield
        except NotAsked:
            raise WechatSilent(name, "given up for a while", maybe_done=False) from None


@cache
def line_of(app_id: str, api_url: str) -> Line:
    """The one line of this process for an application."""
    return Line()


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What came back with status 200."""

    content_type: str
    body: bytes


def exchange(
    call: str,
    method: str,
    url: str,
    *,
    params: Mapping[str, str],
    body: bytes | None = None,
    max_bytes: int = MAX_ANSWER,
    total_seconds: float | None = None,
) -> Reply:
    """One request and its whole answer. Raises WechatSilent.

    Causes are dropped on purpose: requests puts the whole address, with secret or token, into them.
    """
    deadline = time.monotonic() + (total_seconds or TOTAL_SECONDS)
    headers = {"Content-Type": "application/json; charset=utf-8"} if body is not None else {}
    arguments: dict[str, Any] = {"params": params, "data": body, "headers": headers, "allow_redirects": False}
    try:
        with requests.request(method, url, timeout=(CONNECT_SECONDS, READ_SECONDS), stream=True, **arguments) as got:
            if got.status_code != 200:
                raise WechatSilent(call, f"status {got.status_code}", maybe_done=got.status_code != 429)
            content_type = got.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return Reply(content_type, _read(call, got, max_bytes, deadline))
    except requests.ConnectTimeout:
        raise WechatSilent(call, "no connection", maybe_done=False) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise WechatSilent(call, type(error).__name__, maybe_done=not _is_refused(error)) from None


def _is_refused(error: Exception) -> bool:
    """Whether the connection was never made."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _read(call: str, response: requests.Response, max_bytes: int, deadline: float) -> bytes:
    """The body, unless it is too big or trickles in for too long."""
    body = bytearray()
    while piece := response.raw.read1(PIECE, decode_content=True):  # what is there, without waiting for more
        body += piece
        if len(body) > max_bytes:
            raise WechatSilent(call, "answer too big", maybe_done=True)
        if time.monotonic() > deadline:
            raise WechatSilent(call, "answer too slow", maybe_done=True)
    return bytes(body)
