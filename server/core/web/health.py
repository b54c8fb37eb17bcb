"""/healthz (the process lives), /readyz (it can do its work), /metrics (for Prometheus)."""

import hmac
import threading
import time
from collections.abc import Callable
from typing import cast

import structlog
from flask import Blueprint, Flask, Response, current_app, jsonify, request
from redis.backoff import NoBackoff
from redis.client import Redis
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.core import clock, metrics
from server.core.db import Database
from server.core.errors import Forbidden, Unavailable
from server.core.jobs.clock_jumps import noticed_jump
from server.core.jobs.queries import count_by_state, oldest_due_seconds
from server.core.settings import Settings, is_loopback
from server.core.storage.base import ObjectStore, StorageError
from server.core.web.access import public
from server.core.web.unit_of_work import read_only_session

log = structlog.get_logger(__name__)

bp = Blueprint("health", __name__)

FRESH_SECONDS = 2.0  # the check writes an object: asking in a loop must not become a load of its own
LONGEST_CHECK = 1.5  # seconds; whoever asks wants an answer within two, whatever hangs

Check = Callable[[], None]


class ReadOnly(Exception):
    """The database answers and takes nothing."""


class WasWrong(Exception):
    """This machine's clock, within the last day."""


def install(app: Flask) -> None:
    """Add the three addresses."""
    app.extensions["readiness"] = Readiness(
        app.extensions["settings"], app.extensions["database"], app.extensions["object_store"]
    )
    app.register_blueprint(bp)


class Readiness:
    """What the service needs, and whether it is there. What is not needed is told of all the same."""

    def __init__(self, settings: Settings, database: Database, store: ObjectStore) -> None:
        self._needed = {"database": Part(lambda: _ask_database(database)), "object_store": Part(store.check)}
        self._helpful = {"clock": Part(lambda: _ask_clock(database))}
        if settings.redis_url:
            client = Redis.from_url(
                settings.redis_url, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0)
            )
            self._helpful["redis"] = Part(lambda: cast(None, client.ping()))

    def down(self) -> dict[str, str]:
        """The parts that are needed and cannot be used now, each with a Chinese word on it."""
        return {name: word for name, word in self._look(self._needed).items() if word}

    def parts(self) -> dict[str, str]:
        """What is checked, each with `ok` or a Chinese word on it."""
        return {name: word or "ok" for name, word in self._look(self._needed | self._helpful).items()}

    @staticmethod
    def _look(parts: dict[str, "Part"]) -> dict[str, str]:
        deadline = time.monotonic() + LONGEST_CHECK
        for part in parts.values():
            part.begin()
        return {name: part.word(deadline) for name, part in parts.items()}


class Part:
    """One part, looked at in a thread of its own: one at a time, so that a part that hangs holds one thread."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._running = False
        self._known_at = float("-inf")
        self._word = ""

    def begin(self) -> None:
        """Start looking, unless somebody is at it or has just been."""
        with self._lock:
            if self._running or time.monotonic() - self._known_at < FRESH_SECONDS:
                return
            self._running = True
            self._done.clear()
        threading.Thread(target=self._look, name="readiness", daemon=True).start()

    def word(self, deadline: float) -> str:
        """What was found, at most FRESH_SECONDS old: nothing if it is well, else a Chinese word."""
        if self._running and not self._done.wait(max(deadline - time.monotonic(), 0)):
            return "没有回应"
        return self._word

    def _look(self) -> None:
        word = ""
        try:
            self.check()
        except ReadOnly:
            word = "只读，不能写入"
        except WasWrong:
            word = "曾经不准，请检查校时"
        except (SQLAlchemyError, StorageError, RedisError, OSError) as error:
            log.warning("part_down", error=type(error).__name__)
            word = "不可用"
        finally:
            with self._lock:
                self._word, self._known_at, self._running = word, time.monotonic(), False
                self._done.set()


def _ask_clock(database: Database) -> None:
    if noticed_jump(database, clock.now()):
        raise WasWrong


def _ask_database(database: Database) -> None:
    with database.reading() as session:
        if database.settings.is_sqlite:
            session.execute(text("SELECT 1"))
        elif session.scalar(text("SELECT current_setting('transaction_read_only')")) == "on":
            raise ReadOnly


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process lives."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> Response:
    """What is needed can be used; otherwise 503 with the parts that cannot as `fields`."""
    readiness = cast(Readiness, current_app.extensions["readiness"])
    if down := readiness.down():
        raise Unavailable(code="not_ready", fields=down)
    return jsonify(status="ok", parts=readiness.parts())


@bp.get("/metrics")
@public
def prometheus_metrics() -> Response:
    """Prometheus' text format, for this machine or whoever knows the token."""
    if not _may_scrape():
        raise Forbidden
    return Response(metrics.exposition(_gauges()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_scrape() -> bool:
    settings = cast(Settings, current_app.extensions["settings"])
    token = settings.metrics_token.get_secret_value()
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    if settings.hosts:
        return False  # people come from elsewhere: whoever is on loopback may be their proxy
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False  # came through a proxy on this machine
    return is_loopback(request.remote_addr or "")


def _gauges() -> metrics.Gauges:
    try:
        with read_only_session() as session:
            counts = {state.value: float(number) for state, number in count_by_state(session).items()}
            waiting = {"ready": oldest_due_seconds(session)}
    except SQLAlchemyError:
        return [("suishoupai_database_up", "Whether the database answers", {"": 0.0})]
    return [
        ("suishoupai_database_up", "Whether the database answers", {"": 1.0}),
        ("suishoupai_jobs_in_table", "Jobs by state", counts),
        ("suishoupai_oldest_due_job_seconds", "How long the oldest due job has been waiting", waiting),
    ]
