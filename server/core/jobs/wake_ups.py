"""Wake-ups: after a commit that wrote jobs, Huey makes workers look at the table. A lost one costs time, never work."""

import json
import sqlite3
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

import structlog
from redis.backoff import NoBackoff
from redis.connection import BlockingConnectionPool
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from server.core.db import Database
from server.core.jobs.actions import WAKE_UPS
from server.core.ops.run_files import wake_up_file
from server.core.settings import Settings
from server.core.unwanted import without

with without("psycopg"):  # Huey has a queue on PostgreSQL too, which is not ours
    from huey import RedisHuey, SqliteHuey
    from huey.api import Huey
    from huey.exceptions import HueyException
    from huey.registry import Message
    from huey.serializer import Serializer

log = structlog.get_logger(__name__)

QUEUE = "suishoupai"
TASK = "run_job"
ENOUGH = 16  # wake-ups at once: whoever is up does all that is due, more would only pile up
PAUSE_SECONDS = 5.0  # after a failed wake-up, how long no other is tried: a dead Redis must not slow down requests

QUEUE_ERRORS = (RedisError, OSError, HueyException, sqlite3.Error)
Work = Callable[[], object]


class JsonSerializer(Serializer):  # type: ignore[misc]  # Huey carries no types
    """Messages as JSON: whoever can write to the queue must not get to run code, as pickle would let them."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(list(data), default=str).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(bytes(data)))


def make_huey(settings: Settings, work: Work, *, consuming: bool) -> Huey:
    """Huey with its one task, which calls `work`. Opens its storage. Raises OSError or RedisError."""
    if settings.redis_url:
        pool = BlockingConnectionPool.from_url(
            settings.redis_url,
            max_connections=100,
            timeout=1,
            socket_connect_timeout=0.5,
            socket_timeout=5 if consuming else 0.5,  # a consumer waits for a second within one command
            retry=Retry(NoBackoff(), 0),
        )
        huey = RedisHuey(QUEUE, results=False, serializer=JsonSerializer(), connection_pool=pool)
    else:
        path = wake_up_file(settings.data_dir)
        path.parent.mkdir(parents=True, exist_ok=True)
        huey = SqliteHuey(
            QUEUE, results=False, serializer=JsonSerializer(), filename=str(path), fsync=False, cache_mb=0
        )

    def look(*_ids: str) -> None:  # versions before 0033 named a job
        work()

    huey.wake = huey.task(name=TASK)(look)
    return huey


class WakeUps:
    """Sends wake-ups; never raises, never waits long. The storage is opened at the first use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._huey: Huey | None = None
        self._closed_until = 0.0

    def send(self, jobs: int) -> bool:
        """Wake up workers for that many jobs. False if that failed; the sweep will see to them."""
        if time.monotonic() < self._closed_until:
            return False
        try:
            huey = self._open()
            for _ in range(min(jobs, ENOUGH)):
                huey.wake()
        except QUEUE_ERRORS as error:
            self._closed_until = time.monotonic() + PAUSE_SECONDS
            log.warning("wake_up_failed", error=type(error).__name__)
            return False
        return True

    def waiting(self) -> int | None:
        """How many wake-ups no worker has taken yet; None if the queue cannot be reached."""
        try:
            return int(self._open().storage.queue_size())
        except QUEUE_ERRORS:
            return None

    def _open(self) -> Huey:
        if self._huey is None:
            self._huey = make_huey(self._settings, _refuse, consuming=False)
        return self._huey


def install(database: Database, wake_ups: WakeUps) -> None:
    """Send the wake-ups of jobs enqueued in any transaction on `database`, after its commit."""
    _senders[database.engine] = wake_ups


_senders: WeakKeyDictionary[Engine, WakeUps] = WeakKeyDictionary()


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint; the transaction around it may still be rolled back
    jobs = session.info.pop(WAKE_UPS, 0)
    if not jobs:
        return
    sender = _senders.get(session.bind) if isinstance(session.bind, Engine) else None
    if sender is not None:
        sender.send(jobs)


@event.listens_for(Session, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop(WAKE_UPS, None)


def _refuse() -> None:
    raise RuntimeError("this process only sends wake-ups")
