"""Rate limits: per person, not per address, because a whole factory may share one address."""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter, RateLimitExceeded
from limits.storage import MemoryStorage
from redis.backoff import NoBackoff
from redis.retry import Retry

from server.core.errors import TooMany
from server.core.settings import Settings
from server.core.web.access import find_actor

QUICK = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3, "retry": Retry(NoBackoff(), 0)}
DAY = "day"
SWEEP_SECONDS = 60
CHANGES_OF_MIND = "60/hour"
"""For what one person may switch to and fro about themselves: each time is a row in a log that is kept for good."""

MEGABYTE = 1024 * 1024
View = TypeVar("View", bound=Callable[..., Any])


def _who() -> str:
    actor = find_actor()
    return f"person:{getattr(actor, 'person_id', '')}" if actor is not None else f"address:{request.remote_addr}"


class SweptMemory(MemoryStorage):
    """Counts in this process; what has run out is dropped by whoever comes first in a minute.

    The library's own starts a thread with nearly every request, which goes through all counts and keeps a list for
    everybody who ever came: a sixth of the time of creating a submission, and more with each person.
    """

    STORAGE_SCHEME = ["swept-memory"]
    _sweep_at = 0.0

    def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802 (by this name the library calls it)
        now = time()
        if now < self._sweep_at:
            return
        self._sweep_at = now + SWEEP_SECONDS
        for key in list(self.events):
            with self.locks[key]:
                if kept := [each for each in self.events.get(key, []) if each.expiry > now]:
                    self.events[key] = kept
                else:
                    self.events.pop(key, None)
                    self.locks.pop(key, None)


class DayQuotaUsed(TooMany):
    """What one person may send in a day is used up; what is on their phone stays there and goes tomorrow."""

    code = "day_quota_used"
    message = "今天发送的已经到了每人每天的上限，请明天再发。已经收到的不受影响。"


def _refuse(error: RateLimitExceeded) -> ResponseReturnValue:
    is_of_day = error.limit.limit.GRANULARITY.name == DAY
    return current_app.handle_user_exception(DayQuotaUsed() if is_of_day else TooMany())


limiter = Limiter(key_func=_who, headers_enabled=False)
"""Slices decorate what can be abused: `@limiter.limit("10/minute")`, above the view and below the route."""


def day_quota(
    setting: str, *, status: int = 201, megabytes: bool = False, is_known: Callable[..., bool] | None = None
) -> Callable[[View], View]:
    """What one person may send in 24 hours, by the setting of that name: requests that were answered with `status`, or
    megabytes of their bodies. Place it as `limiter.limit`.

    `is_known`, given the values of the path, tells of what came before: a phone that missed the answer gets it again,
    however much is used up.
    """
    limit = cast(
        Callable[[View], View],
        limiter.limit(
            lambda: f"{getattr(current_app.extensions['settings'], setting)}/{DAY}",
            scope=setting,
            deduct_when=lambda response: response.status_code == status,
            cost=_megabytes if megabytes else 1,
        ),
    )
    return limit if is_known is None else lambda view: _answering_again(view, limit(view), is_known)


def _answering_again(view: View, limited: View, is_known: Callable[..., bool]) -> View:
    @wraps(view)
    def answer(*args: Any, **values: Any) -> Any:
        try:
            return limited(*args, **values)
        except RateLimitExceeded:
            if not is_known(**(request.view_args or {})):
                raise
            return view(*args, **values)

    return cast(View, answer)


def _megabytes() -> int:
    """A body that does not say its length in its head counts as the largest: what it held is known only afterwards."""
    length = request.content_length
    if length is None:
        length = current_app.extensions["settings"].photo_max_bytes
    return 1 + length // MEGABYTE


def install(app: Flask, settings: Settings) -> None:
    """Count in this process, or in Redis where several processes must agree. Without Redis each counts for itself."""
    app.config.update(
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "swept-memory://",
        RATELIMIT_STORAGE_OPTIONS=QUICK if settings.redis_url else {},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_STRATEGY="moving-window",
    )
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, _refuse)
    if settings.rate_limits:
        # Limits stand on views, and their decorator checks them. The check before every request would find nothing to
        # do, at a twentieth of the price of creating a submission.
        app.before_request_funcs[None].remove(limiter._check_request_limit)
