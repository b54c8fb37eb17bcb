"""HTTP to WeChat: bounded in time, in size and in number, and given up for a while when nothing comes back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from server.core import http_exchange
from server.core.breaker import Breaker, NotAsked
from server.core.http_exchange import Bounds, NoAnswer, Reply
from server.wechat.outcomes import WechatSilent

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 3.05, 5.0, 8.0
MAX_ANSWER = 64 * 1024  # bytes of JSON; real answers have some hundred
MAX_AT_ONCE = 20  # calls of one process; the web threads beyond that serve people
OPEN_SECONDS = 30.0  # after several failures, until one call tries again


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
    """One request and its whole answer. Raises WechatSilent."""
    bounds = Bounds(CONNECT_SECONDS, READ_SECONDS, total_seconds or TOTAL_SECONDS, max_bytes)
    headers = {"Content-Type": "application/json; charset=utf-8"} if body is not None else {}
    try:
        return http_exchange.exchange(method, url, bounds, params=params, body=body, headers=headers)
    except NoAnswer as silence:
        raise WechatSilent(call, silence.why, maybe_done=silence.maybe_done) from None
