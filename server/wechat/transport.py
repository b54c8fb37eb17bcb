"""HTTP to WeChat: bounded in time, in size and in number, and given up for a while when nothing comes back."""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import requests
import urllib3

from server.wechat.outcomes import WechatSilent

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 3.05, 5.0, 8.0
MAX_ANSWER = 64 * 1024  # bytes of JSON; real answers have some hundred
MAX_AT_ONCE = 20  # calls of one process; the web threads beyond that serve people
FAILURES_TO_OPEN, OPEN_SECONDS = 5, 30.0
PIECE = 64 * 1024

# urllib3 writes the path of each request, and so the secret, to its debug log.
logging.getLogger("urllib3").setLevel(logging.INFO)


@dataclass(slots=True)
class Breaker:
    """Refuses calls at once after several failures in a row; then lets one try whether things are better."""

    failures: int = 0
    open_until: float = 0.0
    running: int = 0
    stopped: dict[str, float] = field(default_factory=dict)  # call → moment until which its quota is used up
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def call(self, name: str) -> Iterator[None]:
        """The length of one call. Raises WechatSilent when it may not begin."""
        self._begin(name)
        try:
            yield
        except WechatSilent:
            self._end(failed=True)
            raise
        except BaseException:
            self._end(failed=False)
            raise
        self._end(failed=False)

    def _begin(self, name: str) -> None:
        with self.lock:
            now = time.monotonic()
            if now < self.open_until:
                raise WechatSilent(name, "given up for a while", maybe_done=False)
            if self.running >= MAX_AT_ONCE:
                raise WechatSilent(name, "too many calls at once", maybe_done=False)
            if self.failures >= FAILURES_TO_OPEN:  # this one tries; the others wait for how it ends
                self.open_until = now + OPEN_SECONDS
            self.running += 1

    def _end(self, *, failed: bool) -> None:
        with self.lock:
            self.running -= 1
            self.failures = self.failures + 1 if failed else 0
            self.open_until = time.monotonic() + OPEN_SECONDS if self.failures >= FAILURES_TO_OPEN else 0.0


@cache
def breaker_of(app_id: str, api_url: str) -> Breaker:
    """The one breaker of this process for an application."""
    return Breaker()


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
