"""Rate limits: per person, not per address, because a whole factory may share one address."""

from flask import Flask, request
from flask_limiter import Limiter, RequestLimit
from redis.backoff import NoBackoff
from redis.retry import Retry

from server.core.errors import TooMany
from server.core.settings import Settings
from server.core.web.access import find_actor

QUICK = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3, "retry": Retry(NoBackoff(), 0)}


def _who() -> str:
    actor = find_actor()
    return f"person:{getattr(actor, 'person_id', '')}" if actor is not None else f"address:{request.remote_addr}"


def _refuse(limit: RequestLimit) -> None:
    raise TooMany


limiter = Limiter(key_func=_who, on_breach=_refuse, headers_enabled=False)
"""Slices decorate what can be abused: `@limiter.limit("10/minute")`, above the view and below the route."""


def install(app: Flask, settings: Settings) -> None:
    """Count in this process, or in Redis where several processes must agree. Without Redis each counts for itself."""
    app.config.update(
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_STORAGE_OPTIONS=QUICK if settings.redis_url else {},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_STRATEGY="moving-window",
    )
    limiter.init_app(app)
    if settings.rate_limits:
        # Limits stand on views, and their decorator checks them. The check before every request would find nothing to
        # do, at a twentieth of the price of creating a submission.
        app.before_request_funcs[None].remove(limiter._check_request_limit)
