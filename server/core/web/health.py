"""/healthz (the process lives), /readyz (it can do its work), /metrics (for Prometheus)."""

import hmac
import threading
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import cast

import structlog
from flask import Blueprint, Flask, Response, current_app, jsonify, request
from redis.backoff import NoBackoff
from redis.client import Redis
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.core import metrics
from server.core.errors import Forbidden, Unavailable
from server.core.jobs.queries import count_by_state, oldest_due_seconds
from server.core.settings import Settings
from server.core.storage.base import ObjectStore, StorageError
from server.core.web.access import public
from server.core.web.unit_of_work import peek

log = structlog.get_logger(__name__)

bp = Blueprint("health", __name__)

FRESH_SECONDS = 2.0  # the check writes an object: asking in a loop must not become a load of its own

Check = Callable[[], None]


def install(app: Flask) -> None:
    """Add the three addresses."""
    app.extensions["readiness"] = Readiness(app.extensions["settings"], app.extensions["object_store"])
    app.register_blueprint(bp)


class Readiness:
    """What the service needs, and whether it is there."""

    def __init__(self, settings: Settings, store: ObjectStore) -> None:
        self._checks: dict[str, Check] = {"database": _ask_database, "object_store": store.check}
        if settings.redis_url:
            self._redis = Redis.from_url(
                settings.redis_url, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0)
            )
            self._checks["redis"] = lambda: cast(None, self._redis.ping())
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._down: dict[str, str] = {}

    @property
    def parts(self) -> list[str]:
        """What is checked."""
        return list(self._checks)

    def down(self) -> dict[str, str]:
        """The parts that cannot be used now, each with a Chinese word on it. At most FRESH_SECONDS old."""
        with self._lock:
            if time.monotonic() - self._asked_at >= FRESH_SECONDS:
                self._down = {name: "不可用" for name, check in self._checks.items() if not _passes(name, check)}
                self._asked_at = time.monotonic()
            return dict(self._down)


def _ask_database() -> None:
    with peek() as session:
        session.execute(text("SELECT 1"))


def _passes(name: str, check: Check) -> bool:
    try:
        check()
    except (SQLAlchemyError, StorageError, RedisError, OSError) as error:
        log.warning("part_down", part=name, error=type(error).__name__)
        return False
    return True


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process lives."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> Response:
    """Every part can be used; otherwise 503 with the ones that cannot as `fields`."""
    readiness = cast(Readiness, current_app.extensions["readiness"])
    if down := readiness.down():
        raise Unavailable(code="not_ready", fields=down)
    return jsonify(status="ok", parts=dict.fromkeys(readiness.parts, "ok"))


@bp.get("/metrics")
@public
def prometheus_metrics() -> Response:
    """Prometheus' text format, for this machine or whoever knows the token."""
    if not _may_scrape():
        raise Forbidden
    return Response(metrics.exposition(_gauges()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_scrape() -> bool:
    token = cast(Settings, current_app.extensions["settings"]).metrics_token.get_secret_value()
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False  # came through a proxy on this machine
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _gauges() -> metrics.Gauges:
    try:
        with peek() as session:
            counts = {state.value: float(number) for state, number in count_by_state(session).items()}
            waiting = {"ready": oldest_due_seconds(session)}
    except SQLAlchemyError:
        return [("suishoupai_database_up", "Whether the database answers", {"": 0.0})]
    return [
        ("suishoupai_database_up", "Whether the database answers", {"": 1.0}),
        ("suishoupai_jobs_in_table", "Jobs by state", counts),
        ("suishoupai_oldest_due_job_seconds", "How long the oldest due job has been waiting", waiting),
    ]
