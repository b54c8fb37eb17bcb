"""gunicorn's threads, guarded against slow senders and slow readers.

gunicorn gives a connection a thread as soon as its first byte is there: some hundred connections that send a byte now
and then hold all of them. Here the main loop waits, at no cost, until a request's head is whole, and its body too if it
is small; the kernel holds the bytes meanwhile and wakes us only when more have come (`SO_RCVLOWAT`). Large bodies are
read by threads while few are under way, which costs least; those above go to the disk as they come and get a thread
once they are whole, few at a time: hundreds that become whole at one moment would find no connection to the database
and be refused. Bodies of unknown size are read by threads, three quarters of them at the most. Whatever is moved
must move at some speed: a deadline for each request, not for each silence. Who was answered and does not hang up costs
no thread and does not stop the loop. One address may hold so many connections, unless a proxy in front counts them.
"""

import errno
import re
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from gunicorn.workers import gthread

from server.core.ops import elastic_pool
from server.core.ops.body_spool import PIECE as SPOOLED
from server.core.ops.body_spool import Budget, Spool
from server.core.ops.elastic_pool import ElasticPool
from server.core.settings import Settings, load_settings

AT_WORK = 8  # threads of a process, and one more for each that is held up
SMALL = 64 * 1024  # bytes of a request that the kernel holds for us
PIECE = 256 * 1024  # bytes sent between two looks at the clock
LINGER_SECONDS = 2.0  # for the other side to hang up after our last word
LOOK_SECONDS = 0.25  # between two looks for who is late
STREAM = -1  # bytes needed: that is not known
LARGEST = 64 * 1024 * 1024  # bytes of a body that is worth keeping: the service takes none so large

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r", re.IGNORECASE)
_STREAMED = re.compile(rb"\r\n(?:transfer-encoding|expect):", re.IGNORECASE)
_PASSING = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def end_of_head(beginning: bytes) -> int:
    """Where the blank line after a request's head begins; -1: not here yet."""
    blank = len(beginning) - len(beginning.lstrip(b"\r\n"))
    return beginning.find(b"\r\n\r\n", blank)


def bytes_needed(beginning: bytes) -> int:
    """How many bytes must be there before a thread can deal with the request at once; STREAM: it must read it itself,
    for nobody knows how many there will be, or the other side waits for a go-ahead."""
    end = end_of_head(beginning)
    if end < 0:
        return len(beginning) + 1
    head = beginning[: end + 2]
    if _STREAMED.search(head):
        return STREAM
    length = _LENGTH.search(head)
    return end + 4 + (int(length[1]) if length else 0)


class PacedSocket(socket.socket):
    """A connection whose two directions must each move at some speed, averaged since the request began."""

    settings: Settings
    pool: ElasticPool
    spool: Spool | None = None  # where the bytes are that have come already
    _direction, _began, _moved = "", 0.0, 0

    @classmethod
    def of(cls, accepted: socket.socket) -> Self:
        """The same connection, guarded."""
        family, kind, protocol = accepted.family, accepted.type, accepted.proto
        return cls(family, kind, protocol, fileno=accepted.detach())

    def begin(self) -> None:
        """The time of a request counts from now."""
        self._direction = ""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        if self.spool and (kept := self.spool.read(size)):
            return kept
        self._check("in")
        try:
            data = super().recv(size, flags | socket.MSG_DONTWAIT)
        except BlockingIOError:
            with self.pool.waiting():
                data = super().recv(size, flags)
        self._moved += len(data)
        return data

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        with memoryview(data) as view, view.cast("B") as rest:
            done = 0
            while done < len(rest):
                self._check("out")
                piece = rest[done : done + PIECE]
                try:
                    sent = self.send(piece, flags | socket.MSG_DONTWAIT)
                except BlockingIOError:
                    with self.pool.waiting():
                        sent = self.send(piece, flags)
                done += sent
                self._moved += sent

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        done = 0
        while count is None or done < count:
            self._check("out")
            with self.pool.waiting():
                sent = super().sendfile(file, offset + done, PIECE if count is None else min(PIECE, count - done))
            if not sent:
                break
            done += sent
            self._moved += sent
        return done

    def _check(self, direction: str) -> None:
        """Raises ConnectionResetError: gunicorn takes it as that the other side has gone."""
        moment = time.monotonic()
        if direction != self._direction:
            self._direction, self._began, self._moved = direction, moment, 0
        allowed = self.settings.web_request_seconds + self._moved / self.settings.web_slowest_bytes
        if moment - self._began > min(allowed, self.settings.web_transfer_seconds):
            raise ConnectionResetError(errno.ECONNRESET, "too slow")


class Lane:
    """Threads that one kind of request may have at a time: those under way; who is next waits at no cost."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.under_way = 0
        self.queued: deque[Connection] = deque()


class Connection(gthread.TConn):  # type: ignore[misc]  # gunicorn carries no types
    """A connection: what it waits for, until when, and in which lane its request has a thread."""

    sock: PacedSocket
    seen = 0
    until = 0.0
    farewell = b""
    lane: Lane | None = None
    spool: Spool | None = None
    forget: "Callable[[Connection], None] | None" = None  # told when it is closed, whoever closes it

    def close(self, graceful: bool = False) -> None:
        forget, self.forget = self.forget, None
        if forget:
            forget(self)
        super().close(graceful)


class Worker(gthread.ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker of many threads; what waits, waits in the main loop."""

    def init_process(self) -> None:
        PacedSocket.settings = load_settings()
        self._waiting: set[Connection] = set()
        self._few = max(1, self.cfg.threads // 4)
        self._streams = Lane(max(1, self.cfg.threads * 3 // 4))  # large bodies that threads read
        self._whole = Lane(self._few)  # large bodies that have come in without a thread
        self._budget = Budget(PacedSocket.settings.web_spool_bytes)
        self._held: Counter[str] = Counter()  # connections of each address
        self._next_look = 0.0
        super().init_process()

    def get_thread_pool(self) -> ElasticPool:
        """Threads for requests. gunicorn asks for them."""
        PacedSocket.pool = ElasticPool(AT_WORK, self.cfg.threads)
        return PacedSocket.pool

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """gunicorn calls it again and again."""
        if self.tpool.is_behind:
            self.tpool.grow()
            timeout = min(timeout, elastic_pool.LOOK_SECONDS)
        super().wait_for_and_dispatch_events(timeout)

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection; no thread yet."""
        try:
            accepted, address = listener.accept()
        except OSError as error:
            if error.errno not in _PASSING:
                raise
            return
        conn = Connection(self.cfg, PacedSocket.of(accepted), address, listener.getsockname())
        self.nr_conns += 1
        if self._holds_too_many(conn):
            self._close(conn)
        else:
            self._await(conn)

    def _holds_too_many(self, conn: Connection) -> bool:
        """Counts it. A proxy that is trusted brings everybody from one address, and counts them itself."""
        most = PacedSocket.settings.web_address_connections
        if not most or PacedSocket.settings.trusted_proxies or not isinstance(conn.client, tuple):
            return False
        self._held[conn.client[0]] += 1
        conn.forget = self._forget_address
        return self._held[conn.client[0]] > most

    def _forget_address(self, conn: Connection) -> None:
        self._held[conn.client[0]] -= 1
        if not self._held[conn.client[0]]:
            del self._held[conn.client[0]]

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """In the main loop, after a thread is done with a request."""
        conn.sock.begin()
        self._forget_spool(conn)
        lane, conn.lane = conn.lane, None
        if lane:
            lane.under_way -= 1
            if lane.queued:
                self._start_in(lane, lane.queued.popleft())
        if not fs.cancelled() and fs.exception() is None and fs.result():
            super().finish_request(conn, fs)
        else:
            self._part(conn)

    def murder_pending(self) -> None:
        """Part with who is late. gunicorn asks for it at least every second."""
        moment = time.monotonic()
        if moment < self._next_look:
            return
        self._next_look = moment + LOOK_SECONDS
        if not self.alive:  # stopping waits for every connection; a request may be on its way on those that wait
            for conn in self._waiting:
                conn.until = min(conn.until, moment + LINGER_SECONDS)
        for conn in [conn for conn in self._waiting if conn.until <= moment]:
            self._stop_waiting(conn)
            self._part(conn) if conn.farewell else self._close(conn)
        for lane in (self._streams, self._whole):
            while lane.queued and lane.queued[0].until <= moment:
                self._part(lane.queued.popleft())

    def _await(self, conn: Connection) -> None:
        conn.seen, conn.until = 0, time.monotonic() + PacedSocket.settings.web_request_seconds
        conn.farewell = TOO_SLOW
        conn.sock.begin()
        conn.sock.setblocking(False)
        self._wait(conn, self._look)

    def _look(self, conn: Connection) -> None:
        """Is enough of the request here? Its bytes stay where they are."""
        try:
            beginning = socket.socket.recv(conn.sock, SMALL, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            beginning = b""
        needed = bytes_needed(beginning)
        if not beginning:
            self._stop_waiting(conn)
            self._close(conn)
        elif needed == STREAM or (needed > SMALL and end_of_head(beginning) >= 0):
            self._stop_waiting(conn)
            if needed == STREAM or self._streams.under_way < self._few or not self._spool(conn, needed):
                self._start_in(self._streams, conn)
        elif needed <= len(beginning) or len(beginning) == conn.seen:  # whole, or cut off: a thread sees to it at once
            self._stop_waiting(conn)
            self._start(conn)
        elif needed > SMALL:
            conn.farewell = TOO_LONG
            self._stop_waiting(conn)
            self._part(conn)
        else:
            conn.seen = len(beginning)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, needed)

    def _spool(self, conn: Connection, size: int) -> bool:
        """Let a large body come in without a thread. False if the disk has no room for it."""
        if size > LARGEST or not self._budget.take(size):
            return False
        try:
            conn.spool = spool = Spool(PacedSocket.settings.data_dir, size)
        except OSError:
            self._budget.give_back(size)
            return False
        conn.seen = size
        self._go_on_spooling(conn, spool)
        self._wait(conn, lambda conn: self._take_piece(conn, spool))
        return True

    def _go_on_spooling(self, conn: Connection, spool: Spool) -> None:
        settings = PacedSocket.settings
        allowed = settings.web_request_seconds + spool.arrived / settings.web_slowest_bytes
        conn.until = spool.began + min(allowed, settings.web_transfer_seconds)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, spool.wake)

    def _take_piece(self, conn: Connection, spool: Spool) -> None:
        try:
            piece = socket.socket.recv(conn.sock, min(SPOOLED, spool.missing))
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:  # hung up in the middle
            self._stop_waiting(conn)
            self._close(conn)
            return
        try:
            spool.write(piece)
        except OSError:  # the disk is full
            conn.farewell = TOO_BUSY
            self._stop_waiting(conn)
            self._part(conn)
            return
        if spool.missing:
            self._go_on_spooling(conn, spool)
            return
        self._stop_waiting(conn)
        conn.sock.spool = spool
        self._start_in(self._whole, conn)

    def _forget_spool(self, conn: Connection) -> None:
        spool, conn.spool, conn.sock.spool = conn.spool, None, None
        if spool is not None:
            spool.close()
            self._budget.give_back(spool.size)

    def _start_in(self, lane: Lane, conn: Connection) -> None:
        if lane.under_way < lane.most:
            lane.under_way += 1
            conn.lane = lane
            self._start(conn)
        else:
            conn.until, conn.farewell = time.monotonic() + PacedSocket.settings.web_silence_seconds, TOO_BUSY
            lane.queued.append(conn)

    def _start(self, conn: Connection) -> None:
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        conn.data_ready = True
        self.enqueue_req(conn)

    def _part(self, conn: Connection) -> None:
        """Say the last word, if there is one, and wait for the other side to hang up, so that it can hear it."""
        self._forget_spool(conn)
        conn.until, farewell, conn.farewell = time.monotonic() + LINGER_SECONDS, conn.farewell, b""
        try:
            conn.sock.setblocking(False)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
            if farewell and conn.seen:
                conn.sock.send(farewell)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
        else:
            self._wait(conn, self._drop)

    def _drop(self, conn: Connection) -> None:
        """Whatever is still sent is read and dropped: closing before would cut off the answer."""
        try:
            if socket.socket.recv(conn.sock, SMALL):
                return
        except BlockingIOError:
            return
        except OSError:
            pass  # gone
        self._stop_waiting(conn)
        self._close(conn)

    def _wait(self, conn: Connection, then: Callable[[Connection], None]) -> None:
        self._waiting.add(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, lambda _socket: then(conn))

    def _stop_waiting(self, conn: Connection) -> None:
        self._waiting.discard(conn)
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)

    def _close(self, conn: Connection) -> None:
        self.nr_conns -= 1
        self._forget_spool(conn)
        conn.close()
