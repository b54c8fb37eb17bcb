"""Connections to PostgreSQL that nobody waits for longer than agreed, even if the server hangs or the line is dead."""

import select
import threading
from typing import Any, TypeVar, cast

import orjson
import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from server.core.breaker import Breaker, NotAsked

R = TypeVar("R")

KEPT, MORE = 16, 14  # connections: two web processes and a worker stay below PostgreSQL's usual 100
# Threads that may wait for one of them or for its being made. With those that hold one these are all eighty of a
# process: with fewer a server that is well refused some of 32 requests that came at one moment.
QUEUE = 50
POOL_SECONDS = 5.0
CONNECT_SECONDS = 3
OPEN_SECONDS = 2.0  # after several waits without an answer, until somebody asks again
PLANNING = {
    "jit": "off",  # compiling a statement takes a tenth of a second and more, each time; ours are done sooner
    # A list reads until its page is full: workers read ahead what nobody asked for, on cores that serve others.
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",  # what is usual for disks without a head: else whole tables are sorted for a page
}
GRACE = 2.0  # seconds in which the server may say itself that a statement took too long


class ImpatientConnection(psycopg.Connection[Any]):
    """Gives up a statement, and itself, when nothing comes back in time."""

    breaker: Breaker | None = None
    seconds: float | None = None

    def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        """Drive `gen` to its end. Raises OperationalError after `timeout`, or else after our own `seconds`."""
        try:
            result = super().wait(gen, interval, self.seconds if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()
            if self.breaker:
                self.breaker.note(failed=True)
            raise psycopg.OperationalError("the server does not answer") from None
        if self.breaker and self.breaker.is_failing:
            self.breaker.note(failed=False)
        return result


class GuardedPool(QueuePool):
    """A pool in which few wait for a connection, and nobody while the server does not answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.breaker = Breaker(at_once=QUEUE, open_seconds=OPEN_SECONDS)
        self._queue = threading.BoundedSemaphore(QUEUE)

    def connect(self) -> PoolProxiedConnection:
        """A connection. Raises sqlalchemy's TimeoutError at once if there is none to be expected."""
        try:
            self.breaker.ask()
        except NotAsked:
            raise PoolTimeout("PostgreSQL does not answer") from None
        if not self._queue.acquire(blocking=False):
            raise PoolTimeout("too many wait for a connection")
        try:
            return super().connect()
        finally:
            self._queue.release()


def raw_cursor(connection: Any) -> Any:
    """A cursor whose texts have $1, $2 for their values, as the server wants them: nothing is looked for in them."""
    return psycopg.RawCursor(connection)


def make_postgresql_engine(url: str, statement_seconds: float | None) -> Engine:
    """An engine whose statements may take `statement_seconds`; None: as long as they like."""
    engine = create_engine(
        url,
        poolclass=GuardedPool,
        pool_size=KEPT,
        max_overflow=MORE,
        pool_timeout=POOL_SECONDS,
        json_deserializer=orjson.loads,
        connect_args={"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": 10_000, "prepare_threshold": None},
    )

    def connect(_dialect: Any, _record: Any, cargs: Any, cparams: Any) -> ImpatientConnection:
        breaker = cast(GuardedPool, engine.pool).breaker
        try:
            connection = ImpatientConnection.connect(*cargs, **cparams)
            connection.breaker = breaker
            connection.seconds = CONNECT_SECONDS
            _set_up(connection, statement_seconds)
        except psycopg.OperationalError:
            breaker.note(failed=True)
            raise
        connection.seconds = statement_seconds + GRACE if statement_seconds else None
        return connection

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkout", _refuse_hung_up)
    return engine


def _set_up(connection: ImpatientConnection, statement_seconds: float | None) -> None:
    """Prepare statements, limit their time on the server and say how they are planned, unless a pooler stands between.

    What belongs to a connection to PgBouncer in transaction mode would be left behind in other people's; how statements
    are planned is said of the role there (migrations 0084 and 0085).
    """
    connection.autocommit = True
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    if row and row[0] == connection.info.backend_pid:
        connection.prepare_threshold = 0  # every statement comes again
        limit = {"statement_timeout": f"{int(statement_seconds * 1000)}ms"} if statement_seconds else {}
        wanted = PLANNING | limit
        settings = ", ".join(["set_config(%s, %s, false)"] * len(wanted))
        connection.execute(f"SELECT {settings}", [part for each in wanted.items() for part in each])
    connection.autocommit = False


def _refuse_hung_up(connection: Any, _record: Any, _proxy: Any) -> None:
    """Let the pool replace a connection that the server has closed, without asking the server each time.

    Between transactions the server says nothing, so whatever there is to read is its goodbye. `pool_pre_ping` finds the
    same at the price of a round trip per checkout: a quarter of the time of creating a submission.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError("the server has hung up")
